// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Workspaces, the key's owner, members, groups and profiles (API.md 7.1-7.5). Stateless. */
final class IdentityEndpoints {
  private static final List<String> ACCOUNT_STATUSES =
      List.of(
          "ACTIVE",
          "PENDING_EMAIL_VERIFICATION",
          "NOT_REGISTERED",
          "LIMITED",
          "DELETED",
          "LIMITED_DELETED");
  private static final List<String> MEMBERSHIPS =
      List.of("ALL", "NONE", "WORKSPACE", "PROJECT", "USERGROUP");
  private static final Map<String, String> USER_COLUMNS =
      Map.of(
          "ID", "/id",
          "EMAIL", "/email",
          "NAME", "/name",
          "NAME_LOWERCASE", "/name",
          "ACCESS", "/status",
          "HOURLYRATE", "/memberships/0/hourlyRate/amount",
          "COSTRATE", "/memberships/0/costRate/amount");

  private IdentityEndpoints() {}

  static List<Route> routes() {
    return List.of(
        Route.get("user", IdentityEndpoints::owner),
        Route.get("workspaces", IdentityEndpoints::workspaces).closedToAddons(),
        Route.get(
            "workspaces/{workspace}", call -> call.ok(Presentation.workspace(call.workspace()))),
        Route.get("workspaces/{workspace}/users", IdentityEndpoints::users),
        Route.get("workspaces/{workspace}/users/{user}/managers", IdentityEndpoints::managers),
        Route.get("workspaces/{workspace}/member-profile/{user}", IdentityEndpoints::profile),
        Route.get("workspaces/{workspace}/user-groups", IdentityEndpoints::groups),
        writeOnly("workspaces/{workspace}/user-groups/{group}", "PUT"),
        writeOnly("workspaces/{workspace}/user-groups/{group}", "DELETE"));
  }

  /** A path that exists for writing alone: reading it is 405, and the simulator never writes. */
  static Route writeOnly(String path, String method) {
    Route.Endpoint refused = call -> Answer.refusal(403, "The simulated Clockify is read-only");
    return new Route(method, List.of(path.split("/")), Optional.empty(), true, true, refused);
  }

  private static Answer owner(Call call) {
    boolean memberships = call.flag("include-memberships").orElse(false);
    return call.ok(Presentation.owner(call.world(), memberships));
  }

  private static Answer workspaces(Call call) {
    List<ObjectNode> all = new ArrayList<>();
    for (Workspace workspace : call.world().workspaces()) {
      all.add(Presentation.workspace(workspace));
    }
    return call.whole(all);
  }

  private static Answer users(Call call) {
    List<String> accounts = call.options("account-statuses", ACCOUNT_STATUSES);
    List<String> wanted = accounts.isEmpty() ? ACCOUNT_STATUSES.subList(0, 3) : accounts;
    List<String> memberships = List.of("PENDING", "ACTIVE", "DECLINED", "INACTIVE", "ALL");
    // The default is not documented; people who were deactivated must be asked for.
    String status = call.option("status", memberships, "");
    String shown = call.option("memberships", MEMBERSHIPS, "NONE");
    boolean roles = call.flag("include-roles").orElse(false);
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode user : call.workspace().store("workspace_users").all()) {
      String membership = user.at("/memberships/0/membershipStatus").asText();
      boolean inStatus =
          switch (status) {
            case "ALL" -> true;
            case "" -> membership.equals("ACTIVE") || membership.equals("PENDING");
            default -> membership.equals(status);
          };
      if (inStatus
          && wanted.contains(Json.text(user, "status"))
          && call.mayRead(Json.text(user, "id"))
          && call.text("email").map(part -> Presentation.named(user, "email", part)).orElse(true)
          && call.text("name").map(part -> Presentation.named(user, "name", part)).orElse(true)) {
        found.add(user);
      }
    }
    return call.paged(
        call.sorted(found, USER_COLUMNS, "EMAIL"),
        user -> {
          ObjectNode listed = Presentation.user(call.workspace(), user, shown, roles);
          Caller caller = call.caller();
          if (roles && !caller.admin() && caller.userId().equals(Json.text(user, "id"))) {
            listed.putArray("roles"); // the owner, made a member; nobody else's roles change
          }
          return listed;
        });
  }

  private static Answer managers(Call call) {
    List<ObjectNode> managers = new ArrayList<>();
    for (ObjectNode user : call.workspace().store("workspace_users").all()) {
      if (!user.path("roles").isEmpty()) {
        managers.add(user);
      }
    }
    return call.paged(managers, user -> Presentation.user(call.workspace(), user, "NONE", false));
  }

  private static Answer profile(Call call) {
    if (!call.mayRead(call.variable("user"))) {
      return Answer.empty(403);
    }
    return call.workspace()
        .store("member_profiles")
        .peek(call.variable("user"))
        .map(call::ok)
        .orElse(Answer.gone("User"));
  }

  private static Answer groups(Call call) {
    boolean managers = call.flag("includeTeamManagers").orElse(false);
    List<ObjectNode> sorted =
        call.sorted(
            call.workspace().store("groups").all(), Map.of("ID", "/id", "NAME", "/name"), "NAME");
    if (call.text("name").isPresent()) {
      sorted.removeIf(group -> !Presentation.named(group, "name", call.text("name").get()));
    }
    return call.paged(
        sorted, group -> managers ? Presentation.group(call.workspace(), group) : group);
  }
}
