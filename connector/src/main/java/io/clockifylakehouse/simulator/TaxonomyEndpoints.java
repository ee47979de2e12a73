// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Plan.Feature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Clients, projects, tasks, tags and custom fields (API.md 7.6-7.8, 7.10, 7.15). Stateless. */
final class TaxonomyEndpoints {
  private static final String PROJECTS = "workspaces/{workspace}/projects";
  private static final Map<String, String> PROJECT_COLUMNS =
      Map.of(
          "ID", "/id",
          "NAME", "/name",
          "CLIENT_NAME", "/clientName",
          "DURATION", "/duration",
          "BUDGET", "/budgetEstimate/estimate",
          "PROGRESS", "/duration");
  private static final Map<String, String> ID_OR_NAME = Map.of("ID", "/id", "NAME", "/name");

  private TaxonomyEndpoints() {}

  static List<Route> routes() {
    return List.of(
        Route.get("workspaces/{workspace}/clients", TaxonomyEndpoints::clients),
        Route.get("workspaces/{workspace}/clients/{id}", call -> one(call, "clients", "Client")),
        Route.get("workspaces/{workspace}/tags", TaxonomyEndpoints::tags),
        Route.get("workspaces/{workspace}/tags/{id}", call -> one(call, "tags", "Tag")),
        Route.get(PROJECTS, TaxonomyEndpoints::projects),
        Route.get(PROJECTS + "/{project}", TaxonomyEndpoints::project),
        IdentityEndpoints.writeOnly(PROJECTS + "/{project}/memberships", "PATCH"),
        Route.get(PROJECTS + "/{project}/tasks", TaxonomyEndpoints::tasks),
        Route.get(PROJECTS + "/{project}/tasks/{id}", TaxonomyEndpoints::task),
        Route.get(PROJECTS + "/{project}/custom-fields", TaxonomyEndpoints::projectFields)
            .needs(Feature.CUSTOM_FIELDS),
        Route.get("workspaces/{workspace}/custom-fields", TaxonomyEndpoints::customFields)
            .needs(Feature.CUSTOM_FIELDS));
  }

  private static Answer one(Call call, String kind, String what) {
    return call.workspace()
        .store(kind)
        .peek(call.variable("id"))
        .map(call::ok)
        .orElse(Answer.gone(what));
  }

  private static Answer clients(Call call) {
    Map<String, String> columns = Map.of("NAME", "/name", "EMAIL", "/email", "NOTE", "/note");
    List<ObjectNode> sorted = call.sorted(call.workspace().store("clients").all(), columns, "NAME");
    filter(call, sorted);
    return call.paged(sorted, Json::visible);
  }

  private static Answer tags(Call call) {
    List<ObjectNode> sorted = call.sorted(call.workspace().store("tags").all(), ID_OR_NAME, "NAME");
    filter(call, sorted);
    List<String> excluded = call.texts("excluded-ids");
    sorted.removeIf(tag -> excluded.contains(Json.text(tag, "id")));
    return call.paged(sorted, Json::visible);
  }

  /** {@code archived} and {@code name}; without {@code archived} both kinds are listed. */
  private static void filter(Call call, List<ObjectNode> records) {
    same(call, "archived", records, record -> record.path("archived").asBoolean());
    boolean strict = call.flag("strict-name-search").orElse(false);
    Optional<String> name = call.text("name");
    if (name.isPresent()) {
      records.removeIf(
          record ->
              strict
                  ? !Json.text(record, "name").equals(name.get())
                  : !Presentation.named(record, "name", name.get()));
    }
  }

  private static void same(
      Call call, String flag, List<ObjectNode> records, Predicate<ObjectNode> actual) {
    call.flag(flag).ifPresent(wanted -> records.removeIf(record -> actual.test(record) != wanted));
  }

  /** Without {@code is-template} no templates, as the specification says and nobody has probed. */
  private static Answer projects(Call call) {
    List<ObjectNode> sorted =
        call.sorted(call.workspace().store("projects").all(), PROJECT_COLUMNS, "NAME");
    filter(call, sorted);
    same(call, "billable", sorted, project -> project.path("billable").asBoolean());
    boolean templates = call.flag("is-template").orElse(false);
    sorted.removeIf(project -> project.path("template").asBoolean() != templates);
    List<String> clients = call.texts("clients");
    if (!clients.isEmpty()) {
      boolean contains = call.flag("contains-client").orElse(true);
      sorted.removeIf(project -> clients.contains(Json.text(project, "clientId")) != contains);
    }
    sorted.removeIf(project -> !mayRead(call, project));
    boolean hydrated = call.flag("hydrated").orElse(false);
    return call.paged(
        sorted,
        project ->
            hydrated
                ? Presentation.hydratedProject(call.workspace(), project)
                : Presentation.project(call.workspace(), project));
  }

  /** A member sees public projects and their own. */
  private static boolean mayRead(Call call, ObjectNode project) {
    if (call.caller().admin() || project.path("public").asBoolean()) {
      return true;
    }
    for (JsonNode membership : project.path("memberships")) {
      if (Json.text(membership, "userId").equals(call.caller().userId())) {
        return true;
      }
    }
    return false;
  }

  private static Answer project(Call call) {
    return call.workspace()
        .store("projects")
        .peek(call.variable("project"))
        .map(project -> Presentation.project(call.workspace(), project))
        .map(call::ok)
        .orElse(Answer.gone("Project"));
  }

  private static Answer tasks(Call call) {
    if (call.workspace().store("projects").peek(call.variable("project")).isEmpty()) {
      return Answer.gone("Project");
    }
    List<ObjectNode> tasks = call.sorted(call.workspace().store("tasks").all(), ID_OR_NAME, "NAME");
    tasks.removeIf(task -> !Json.text(task, "projectId").equals(call.variable("project")));
    same(call, "is-active", tasks, task -> Json.text(task, "status").equals("ACTIVE"));
    call.text("name")
        .ifPresent(name -> tasks.removeIf(task -> !Presentation.named(task, "name", name)));
    return call.paged(tasks, task -> Presentation.task(call.workspace(), task, false));
  }

  private static Answer task(Call call) {
    return call.workspace()
        .store("tasks")
        .peek(call.variable("id"))
        .filter(task -> Json.text(task, "projectId").equals(call.variable("project")))
        .map(task -> Presentation.task(call.workspace(), task, true))
        .map(call::ok)
        .orElse(Answer.gone("Task"));
  }

  /** Without {@code entity-type} only those of time entries: the default is unknown, so ask. */
  private static Answer customFields(Call call) {
    List<String> types = call.options("entity-type", List.of("TIMEENTRY", "USER"));
    List<String> statuses = call.options("status", List.of("INACTIVE", "VISIBLE", "INVISIBLE"));
    List<ObjectNode> fields =
        call.workspace().store("custom_fields").all().stream()
            .filter(
                field ->
                    (types.isEmpty() ? List.of("TIMEENTRY") : types)
                        .contains(Json.text(field, "entityType")))
            .filter(field -> statuses.isEmpty() || statuses.contains(Json.text(field, "status")))
            .filter(
                field ->
                    call.text("name").map(n -> Presentation.named(field, "name", n)).orElse(true))
            .toList();
    return call.whole(fields);
  }

  private static Answer projectFields(Call call) {
    if (call.workspace().store("projects").peek(call.variable("project")).isEmpty()) {
      return Answer.gone("Project");
    }
    return customFields(call);
  }
}
