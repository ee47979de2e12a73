// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Plan.Feature;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The experimental entity changes, and the audit log (API.md 7.21, 7.22). Both answer with bare
 * arrays, as seen live. Creation is told from the id; updates are never listed, as one probe found.
 * Stateless.
 */
final class ChangeEndpoints {
  private static final Map<String, String> KINDS =
      Map.of(
          "TIME_ENTRY", "time_entries",
          "CLIENTS", "clients",
          "PROJECTS", "projects",
          "TAGS", "tags",
          "TASKS", "tasks",
          "SCHEDULED_ASSIGNMENT", "scheduling_assignments");
  private static final Duration DEFAULT_WINDOW = Duration.ofDays(30);

  private ChangeEndpoints() {}

  static List<Route> routes() {
    return List.of(
        Route.get("workspaces/{workspace}/entities/created", ChangeEndpoints::created)
            .closedToMembers(),
        Route.get("workspaces/{workspace}/entities/updated", ChangeEndpoints::updated)
            .closedToMembers(),
        Route.get("workspaces/{workspace}/entities/deleted", ChangeEndpoints::deleted)
            .closedToMembers());
  }

  static List<Route> auditRoutes() {
    return List.of(
        Route.post("workspaces/{workspace}/audit-log", ChangeEndpoints::auditLog)
            .needs(Feature.AUDIT_LOG)
            .closedToMembers());
  }

  private static List<String> types(Call call) {
    if (call.text("type").isEmpty()) {
      call.refuse(Answer.missing("type"));
    }
    return call.options("type", List.copyOf(KINDS.keySet()));
  }

  private static boolean inWindow(Call call, Instant at) {
    Instant to = call.instant("end").orElse(Instant.MAX);
    Instant from =
        call.instant("start")
            .orElse(to.equals(Instant.MAX) ? Instant.EPOCH : to.minus(DEFAULT_WINDOW));
    return !at.isBefore(from) && at.isBefore(to);
  }

  private static Answer created(Call call) {
    List<ObjectNode> found = new ArrayList<>();
    for (String type : types(call)) {
      Records records = call.workspace().records(KINDS.getOrDefault(type, "clients"));
      for (String id : records.ids()) {
        Instant created = IdSequence.created(id);
        if (inWindow(call, created)) {
          ObjectNode entity = records.find(id).map(Json::visible).orElseThrow();
          entity.put("documentCode", type);
          entity
              .putObject("auditMetadata")
              .put("createdAt", created.toString())
              .put("updatedAt", created.toString());
          found.add(entity);
        }
      }
    }
    return limited(call, found);
  }

  private static Answer updated(Call call) {
    types(call);
    return limited(call, List.of());
  }

  private static Answer deleted(Call call) {
    List<ObjectNode> found = new ArrayList<>();
    for (String type : types(call)) {
      for (Workspace.Deletion deletion : call.workspace().deletions()) {
        boolean createdInside = inWindow(call, IdSequence.created(deletion.id()));
        if (deletion.kind().equals(KINDS.get(type))
            && inWindow(call, deletion.at())
            && !(createdInside && call.text("start").isPresent())) {
          ObjectNode entity =
              Json.object()
                  .put("id", deletion.id())
                  .put("deletedAt", deletion.at().toString())
                  .put("documentCode", type);
          // The document of a deleted entity is cut short.
          entity.set("document", Presentation.pick(deletion.document(), List.of("id", "name")));
          found.add(entity);
        }
      }
    }
    return limited(call, found);
  }

  /** Pages from 0, of {@code limit} rows, without a Last-Page header. */
  private static Answer limited(Call call, List<ObjectNode> rows) {
    int page = call.number("page", 0, 0, Integer.MAX_VALUE - 1);
    int limit = call.number("limit", 50, 1, 1000);
    return call.whole(new PageRange(page + 1, limit).of(rows));
  }

  private static Answer auditLog(Call call) {
    JsonNode body = call.body();
    Optional<Instant> from = instant(body, "start");
    Optional<Instant> to = instant(body, "end");
    if (from.isEmpty() || to.isEmpty() || !body.path("authors").isObject()) {
      return Answer.refusal(400, 3002, "start, end and authors are required");
    }
    int size = body.path("page-size").asInt(20);
    int page = body.path("page").asInt(1);
    if (size < 1 || size > 50 || page < 1) {
      return Answer.refusal(400, 3002, "page-size must be between 1 and 50");
    }
    if (Duration.between(from.get(), to.get()).compareTo(Duration.ofDays(30)) > 0) {
      return Answer.refusal(400, 501, "Range is at most 30 days");
    }
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode project : call.workspace().store("projects").all()) {
      Instant at = IdSequence.created(Json.text(project, "id"));
      if (!at.isBefore(from.get()) && at.isBefore(to.get())) {
        found.add(
            Json.object()
                .put("action", "CREATE_PROJECT")
                .put("content", "{\"projectName\":\"" + Json.text(project, "id") + "\"}")
                .putNull("previousContent")
                .put("timestamp", at.toString())
                .put("userId", call.caller().userId())
                .put("userName", "")
                .put("userEmail", "")
                .put("workspaceId", call.workspace().id()));
      }
    }
    ArrayNode rows = Json.list(new PageRange(page, size).of(found));
    return call.ok(rows);
  }

  private static Optional<Instant> instant(JsonNode body, String field) {
    try {
      return Optional.of(Instant.parse(Json.text(body, field)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
