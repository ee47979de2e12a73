// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Plan.Feature;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Approvals, holidays, time off and scheduling (API.md 7.13, 7.14, 7.16, 7.17). Stateless. */
final class WorkflowEndpoints {
  private static final String TIME_OFF = "workspaces/{workspace}/time-off";
  private static final String ASSIGNMENTS = "workspaces/{workspace}/scheduling/assignments";
  private static final int TIME_OFF_MAXIMUM = 200;
  private static final int TIME_OFF_LAST_PAGE = 1000;
  private static final Map<String, String> APPROVAL_COLUMNS =
      Map.of(
          "ID", "/approvalRequest/id",
          "USER_ID", "/approvalRequest/owner/userId",
          "START", "/approvalRequest/dateRange/start",
          "UPDATED_AT", "/approvalRequest/status/updatedAt");

  private WorkflowEndpoints() {}

  static List<Route> routes() {
    return List.of(
        Route.get("workspaces/{workspace}/approval-requests", WorkflowEndpoints::approvals)
            .needs(Feature.APPROVAL),
        timeOff(Route.get("workspaces/{workspace}/holidays", WorkflowEndpoints::holidays)),
        timeOff(
            Route.get(
                "workspaces/{workspace}/holidays/in-period", WorkflowEndpoints::holidaysInPeriod)),
        timeOff(Route.get(TIME_OFF + "/policies", WorkflowEndpoints::policies)),
        timeOff(Route.get(TIME_OFF + "/policies/{id}", WorkflowEndpoints::policy)),
        timeOff(Route.post(TIME_OFF + "/requests", WorkflowEndpoints::requests)),
        timeOff(
            Route.get(
                TIME_OFF + "/balance/policy/{id}", call -> balances(call, "policies", "policyId"))),
        timeOff(
            Route.get(
                TIME_OFF + "/balance/user/{id}",
                call -> balances(call, "workspace_users", "userId"))),
        Route.get(ASSIGNMENTS + "/all", WorkflowEndpoints::assignments).needs(Feature.SCHEDULING),
        Route.get(ASSIGNMENTS + "/projects/totals/{id}", call -> Answer.empty(200))
            .needs(Feature.SCHEDULING),
        Route.get(ASSIGNMENTS + "/users/{id}/totals", call -> Answer.empty(200))
            .needs(Feature.SCHEDULING));
  }

  private static Route timeOff(Route route) {
    return route.needs(Feature.TIME_OFF);
  }

  /** Without {@code status} all of them; two of the five states cannot be asked for. */
  private static Answer approvals(Call call) {
    List<String> states =
        call.options("status", List.of("PENDING", "APPROVED", "WITHDRAWN_APPROVAL"));
    List<String> types =
        call.options("types", List.of("TIMESHEET", "EXPENSE", "TIMESHEET_AND_EXPENSE"));
    List<ObjectNode> found =
        call.sorted(call.workspace().store("approval_requests").all(), APPROVAL_COLUMNS, "ID");
    found.removeIf(
        approval -> {
          JsonNode request = approval.path("approvalRequest");
          return !states.isEmpty()
                  && !states.contains(request.path("status").path("state").asText())
              || !types.isEmpty() && !types.contains(Json.text(request, "type"))
              || !call.mayRead(request.path("owner").path("userId").asText());
        });
    return call.paged(found, Json::visible);
  }

  private static Answer holidays(Call call) {
    Optional<String> assignedTo = call.text("assigned-to");
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode holiday : call.workspace().store("holidays").all()) {
      if (assignedTo.isEmpty() || assigned(holiday, assignedTo.get())) {
        found.add(holiday);
      }
    }
    return call.whole(found);
  }

  private static boolean assigned(ObjectNode holiday, String userId) {
    boolean named = false;
    for (JsonNode user : holiday.path("userIds")) {
      named |= user.asText().equals(userId);
    }
    return named || holiday.path("everyoneIncludingNew").asBoolean();
  }

  private static Answer holidaysInPeriod(Call call) {
    for (String parameter : List.of("assigned-to", "start", "end")) {
      if (call.text(parameter).isEmpty()) {
        return Answer.missing(parameter);
      }
    }
    String user = call.text("assigned-to").orElse("");
    return call.workspace().store("workspace_users").peek(user).isEmpty()
        ? Answer.refusal(500, "Internal server error")
        : holidays(call);
  }

  private static Answer policies(Call call) {
    String status = call.option("status", List.of("ACTIVE", "ARCHIVED", "ALL"), "ACTIVE");
    List<ObjectNode> found = new ArrayList<>(call.workspace().store("policies").all());
    found.removeIf(
        policy ->
            !status.equals("ALL")
                && policy.path("archived").asBoolean() != status.equals("ARCHIVED"));
    call.text("name").ifPresent(name -> found.removeIf(p -> !Presentation.named(p, "name", name)));
    return call.paged(timeOffPage(call), found, Json::visible);
  }

  private static PageRange timeOffPage(Call call) {
    call.number("page", 1, 1, TIME_OFF_LAST_PAGE);
    return call.page(50, TIME_OFF_MAXIMUM);
  }

  private static Answer policy(Call call) {
    return call.workspace()
        .store("policies")
        .peek(call.variable("id"))
        .map(call::ok)
        .orElse(Answer.gone("Policy"));
  }

  private static Answer balances(Call call, String owners, String field) {
    String owner = call.variable("id");
    if (call.workspace().store(owners).peek(owner).isEmpty()) {
      return Answer.gone(owners.equals("policies") ? "Policy" : "User");
    }
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode balance : call.workspace().store("time_off_balances").all()) {
      if (Json.text(balance, field).equals(owner) && call.mayRead(Json.text(balance, "userId"))) {
        found.add(balance);
      }
    }
    PageRange page = timeOffPage(call);
    ObjectNode envelope = Json.object().put("count", found.size());
    envelope.set("balances", Json.list(page.of(found)));
    return page.marked(call.ok(envelope), found.size());
  }

  /** A list by POST, without the Last-Page header. */
  private static Answer requests(Call call) {
    JsonNode body = call.body();
    if (!body.isObject()) {
      return Answer.refusal(400, 3002, "JSON parse error");
    }
    List<String> statuses = new ArrayList<>();
    for (JsonNode status : body.path("statuses")) {
      if (!List.of("PENDING", "APPROVED", "REJECTED", "ALL").contains(status.asText())) {
        return Answer.refusal(400, 3002, "JSON parse error: status " + status.asText());
      }
      statuses.add(status.asText());
    }
    int size = body.path("pageSize").asInt(50);
    int number = body.path("page").asInt(1);
    if (size < 1 || size > TIME_OFF_MAXIMUM || number < 1 || number > TIME_OFF_LAST_PAGE) {
      return Answer.refusal(400, 3002, "page or pageSize out of bounds");
    }
    List<String> users = new ArrayList<>();
    body.path("users").forEach(user -> users.add(user.asText()));
    Predicate<ObjectNode> inRange = createdWithin(call, body);
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode request : call.workspace().store("time_off_requests").all()) {
      String user = Json.text(request, "userId");
      String state = request.path("status").path("statusType").asText();
      if (call.mayRead(user)
          && (users.isEmpty() || users.contains(user))
          && (statuses.isEmpty() || statuses.contains("ALL") || statuses.contains(state))
          && inRange.test(request)) {
        found.add(request);
      }
    }
    ObjectNode envelope = Json.object().put("count", found.size());
    envelope.set("requests", Json.list(new PageRange(number, size).of(found)));
    return call.ok(envelope);
  }

  /** {@code start} and {@code end} bound createdAt, as a wall clock in the requester's zone. */
  private static Predicate<ObjectNode> createdWithin(Call call, JsonNode body) {
    Optional<LocalDateTime> from = bound(call, body, "start");
    Optional<LocalDateTime> to = bound(call, body, "end");
    return request -> {
      LocalDateTime created =
          Instant.parse(Json.text(request, "createdAt"))
              .atZone(EntryEndpoints.zone(call.workspace(), Json.text(request, "userId")))
              .toLocalDateTime();
      return from.map(bound -> !created.isBefore(bound)).orElse(true)
          && to.map(created::isBefore).orElse(true);
    };
  }

  private static Optional<LocalDateTime> bound(Call call, JsonNode body, String field) {
    String text = Json.text(body, field);
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(text).toLocalDateTime());
    } catch (DateTimeException e) {
      call.refuse(Answer.refusal(400, 3002, "JSON parse error: " + field));
      return Optional.empty();
    }
  }

  /** Those whose period overlaps the window; both bounds are required. */
  private static Answer assignments(Call call) {
    Instant from = call.required("start");
    Instant to = call.required("end");
    Map<String, String> columns =
        Map.of("PROJECT", "/projectName", "USER", "/userName", "ID", "/id");
    List<ObjectNode> found =
        call.sorted(call.workspace().store("scheduling_assignments").all(), columns, "USER");
    found.removeIf(
        assignment ->
            !call.mayRead(Json.text(assignment, "userId"))
                || Instant.parse(assignment.at("/period/end").asText()).isBefore(from)
                || Instant.parse(assignment.at("/period/start").asText()).isAfter(to));
    return call.paged(found, Json::visible);
  }
}
