// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Records as the service shows them: what is kept, with what it looks up beside references. Every
 * result is a new object. Stateless; call it under the world's lock.
 */
final class Presentation {
  private static final List<String> INVOICE_ROW =
      List.of(
          "id",
          "number",
          "status",
          "issuedDate",
          "dueDate",
          "clientId",
          "clientName",
          "amount",
          "paid",
          "balance",
          "currency");

  private Presentation() {}

  static ObjectNode workspace(Workspace workspace) {
    ObjectNode shown = Json.visible(workspace.settings());
    ArrayNode memberships = shown.putArray("memberships");
    for (ObjectNode user : workspace.store("workspace_users").all()) {
      user.path("memberships").forEach(memberships::add);
    }
    shown.put("featureSubscriptionType", workspace.plan().subscriptionType());
    shown.set("features", Json.texts(workspace.plan().tokens()));
    return shown;
  }

  /** The key's owner as {@code GET /user} shows them. */
  static ObjectNode owner(World world, boolean memberships) {
    ArrayNode all = Json.array();
    ObjectNode shown = Json.object();
    for (Workspace workspace : world.workspaces()) {
      for (ObjectNode user :
          workspace.store("workspace_users").peek(world.ownerId()).stream().toList()) {
        if (shown.isEmpty()) {
          shown = Json.visible(user);
        }
        user.path("memberships").forEach(all::add);
      }
    }
    shown.remove("roles");
    shown.set("memberships", memberships ? all : Json.array());
    return shown;
  }

  /**
   * @param memberships NONE, WORKSPACE, PROJECT, USERGROUP or ALL
   */
  static ObjectNode user(Workspace workspace, ObjectNode user, String memberships, boolean roles) {
    ObjectNode shown = Json.visible(user);
    ArrayNode listed = Json.array();
    if (memberships.equals("ALL") || memberships.equals("WORKSPACE")) {
      user.path("memberships").forEach(listed::add);
    }
    if (memberships.equals("ALL") || memberships.equals("PROJECT")) {
      for (ObjectNode project : workspace.store("projects").all()) {
        for (JsonNode membership : project.path("memberships")) {
          if (membership.path("userId").equals(user.get("id"))) {
            listed.add(membership);
          }
        }
      }
    }
    shown.set("memberships", listed);
    if (!roles) {
      shown.remove("roles");
    }
    return shown;
  }

  static ObjectNode project(Workspace workspace, ObjectNode project) {
    ObjectNode shown = Json.visible(project);
    ObjectNode client =
        workspace.store("clients").peek(Json.text(project, "clientId")).orElse(Json.object());
    shown.put("clientName", Json.text(client, "name"));
    if (project.path("template").asBoolean()) {
      return shown.putNull("duration");
    }
    return shown.put("duration", tracked(workspace, project));
  }

  static ObjectNode hydratedProject(Workspace workspace, ObjectNode project) {
    ObjectNode shown = project(workspace, project);
    shown.remove("clientName");
    ObjectNode client =
        workspace.store("clients").peek(Json.text(project, "clientId")).orElse(null);
    if (client == null) {
      shown.putNull("client");
    } else {
      shown.set("client", pick(client, List.of("id", "name", "email", "workspaceId", "archived")));
    }
    ArrayNode tasks = shown.putArray("tasks");
    for (ObjectNode task : workspace.store("tasks").all()) {
      if (task.path("projectId").equals(project.get("id"))) {
        tasks.add(task(workspace, task, false).put("favorite", false));
      }
    }
    shown.putArray("customFields");
    shown.set("currency", pick(client == null ? Json.object() : client, List.of("currencyCode")));
    return shown.put("favorite", false);
  }

  static ObjectNode task(Workspace workspace, ObjectNode task, boolean single) {
    ObjectNode shown = Json.visible(task);
    if (single) {
      shown.put("duration", tracked(workspace, task));
    }
    return shown;
  }

  private static String tracked(Workspace workspace, ObjectNode projectOrTask) {
    long seconds = workspace.entries().trackedSeconds(Json.text(projectOrTask, "id"));
    return Duration.ofSeconds(seconds).toString();
  }

  static ObjectNode hydratedEntry(Workspace workspace, TimeEntry entry, boolean single) {
    ObjectNode shown = entry.toJson();
    ObjectNode project =
        workspace.store("projects").peek(String.valueOf(entry.projectId())).orElse(null);
    shown.set("project", project == null ? null : project(workspace, project));
    ObjectNode task = workspace.store("tasks").peek(String.valueOf(entry.taskId())).orElse(null);
    shown.set("task", task == null ? null : task(workspace, task, false));
    ArrayNode tags = shown.putArray("tags");
    for (String tag : entry.tagIds()) {
      workspace.store("tags").peek(tag).map(Json::visible).ifPresent(tags::add);
    }
    shown.putNull("kiosk");
    ObjectNode user = workspace.store("workspace_users").peek(entry.userId()).orElse(null);
    shown.set("user", single || user == null ? null : user(workspace, user, "NONE", false));
    return shown;
  }

  /** An expense of the list: with names where the single GET has ids. */
  static ObjectNode expense(Workspace workspace, ObjectNode expense) {
    ObjectNode shown = Json.object();
    for (Map.Entry<String, JsonNode> field : Json.visible(expense).properties()) {
      switch (field.getKey()) {
        case "projectId" -> shown.set("project", projectOf(workspace, expense));
        case "taskId" ->
            shown.set("task", found(workspace, "tasks", expense, "taskId", List.of("id", "name")));
        case "categoryId" ->
            shown.set(
                "category",
                workspace
                    .store("expense_categories")
                    .peek(Json.text(expense, "categoryId"))
                    .map(Json::visible)
                    .orElse(null));
        case "fileId" -> {
          shown.set("fileId", field.getValue());
          shown.set("fileName", expense.get("#fileName"));
        }
        default -> shown.set(field.getKey(), field.getValue());
      }
    }
    return shown;
  }

  private static ObjectNode projectOf(Workspace workspace, ObjectNode record) {
    return workspace
        .store("projects")
        .peek(Json.text(record, "projectId"))
        .map(project -> project(workspace, project))
        .map(project -> pick(project, List.of("id", "name", "color", "clientId", "clientName")))
        .orElse(null);
  }

  private static ObjectNode found(
      Workspace workspace, String kind, ObjectNode record, String field, List<String> fields) {
    return workspace
        .store(kind)
        .peek(Json.text(record, field))
        .map(referenced -> pick(referenced, fields))
        .orElse(null);
  }

  static ObjectNode invoiceRow(ObjectNode invoice) {
    return pick(invoice, INVOICE_ROW);
  }

  /** The records that a deleted or changed one is shown with in the entity changes. */
  static ObjectNode pick(ObjectNode record, List<String> fields) {
    ObjectNode picked = Json.object();
    for (String field : fields) {
      if (record.has(field)) {
        picked.set(field, record.get(field).deepCopy());
      }
    }
    return picked;
  }

  /** Whether a text filter of the service finds this name. */
  static boolean named(JsonNode record, String field, String wanted) {
    return Json.text(record, field)
        .toLowerCase(Locale.ROOT)
        .contains(wanted.toLowerCase(Locale.ROOT));
  }

  /** The objects in an array. */
  static List<ObjectNode> objects(JsonNode array) {
    List<ObjectNode> objects = new ArrayList<>();
    array.forEach(element -> objects.add((ObjectNode) element.deepCopy()));
    return objects;
  }
}
