// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Clients, projects with their memberships, tasks, tags and custom fields (API.md 7.6-7.10). */
final class TaxonomyGenerator {
  private static final List<String> COLORS =
      List.of("#1976D2", "#2196F3", "#8BC34A", "#F44336", "#FF9800");
  private static final List<String> FIELD_TYPES =
      List.of("TXT", "NUMBER", "CHECKBOX", "DROPDOWN_MULTIPLE", "DROPDOWN_SINGLE", "LINK");

  private TaxonomyGenerator() {}

  static void fill(Draft draft) {
    clients(draft);
    projects(draft);
    tasks(draft);
    for (int i = 0; i < draft.size("tags"); i++) {
      ObjectNode tag = Json.object().put("id", draft.idFromDaysAgo(700 - i % 600));
      tag.put("name", i % 17 == 16 ? RealisticText.awkward(i) : RealisticText.tag(i));
      draft.add("tags", tag.put("workspaceId", draft.workspaceId()).put("archived", i % 4 == 2));
    }
    customFields(draft);
  }

  private static void clients(Draft draft) {
    for (int i = 0; i < draft.size("clients"); i++) {
      ObjectNode client = Json.object().put("id", draft.idFromDaysAgo(1200 - i % 900));
      client.put("name", i % 19 == 18 ? RealisticText.awkward(i) : RealisticText.company(i));
      if (i % 3 == 1) {
        client.put("email", "billing" + i + "@example.com");
        client.putArray("ccEmails").add("cc" + i + "@example.com");
      } else {
        client.putNull("email");
        if (i % 3 == 0) {
          client.putNull("ccEmails");
        } else {
          client.putArray("ccEmails");
        }
      }
      client.put("workspaceId", draft.workspaceId()).put("archived", i % 5 == 2);
      client.put("address", i % 2 == 0 ? null : "Hauptstraße " + i + "\n10115 Berlin");
      client.put("note", i % 4 == 3 ? RealisticText.awkward(i) : null);
      JsonNode currency = draft.workspace().settings().path("currencies").path(i % 3);
      client.set("currencyId", currency.path("id"));
      client.set("currencyCode", currency.path("code"));
      draft.add("clients", client);
    }
  }

  private static void projects(Draft draft) {
    SplittableRandom random = draft.random("projects");
    List<ObjectNode> clients = draft.all("clients");
    for (int i = 0; i < draft.size("projects"); i++) {
      ObjectNode project = Json.object().put("id", draft.idFromDaysAgo(1100 - i % 900));
      project.put("name", i % 23 == 22 ? RealisticText.awkward(i) : RealisticText.project(i));
      if (i % 4 == 1) {
        project.putNull("hourlyRate");
      } else {
        project.set("hourlyRate", Json.rate(1000L * (i % 12), draft.currency()));
      }
      boolean orphan = clients.isEmpty() || i % 5 == 3;
      project.put("clientId", orphan ? "" : Json.text(clients.get(i % clients.size()), "id"));
      project.put("workspaceId", draft.workspaceId()).put("billable", i % 3 != 2);
      project.set("memberships", memberships(draft, Json.text(project, "id"), i, random));
      project.put("color", COLORS.get(i % COLORS.size()));
      project
          .putObject("estimate")
          .put("estimate", i % 2 == 0 ? "PT0S" : "PT120H30M")
          .put("type", "AUTO");
      project.put("archived", i % 7 == 2);
      project.put("duration", "PT0S").put("clientName", "");
      project.put("note", i % 7 == 4 ? RealisticText.awkward(i) : "");
      if (i % 3 == 0) {
        project.set("costRate", Json.rate(3000, draft.currency()));
      } else {
        project.putNull("costRate");
      }
      estimates(project, i);
      draft.add("projects", project.put("public", i % 2 == 0).put("template", i % 9 == 3));
    }
  }

  private static void estimates(ObjectNode project, int i) {
    project
        .putObject("timeEstimate")
        .put("estimate", i % 2 == 0 ? "PT0S" : "PT120H30M")
        .put("type", i % 2 == 0 ? "AUTO" : "MANUAL")
        .put("resetOption", i % 8 == 1 ? "MONTHLY" : null)
        .put("active", i % 2 == 1)
        .put("includeNonBillable", true);
    if (i % 4 == 2) {
      project
          .putObject("budgetEstimate")
          .put("estimate", 3_000_000_000L + i)
          .put("type", "MANUAL")
          .putNull("resetOption")
          .put("active", true)
          .put("includeExpenses", true);
    } else {
      project.putNull("budgetEstimate");
    }
    if (i % 8 == 1) {
      project
          .putObject("estimateReset")
          .put("dayOfMonth", 1)
          .putNull("dayOfWeek")
          .put("hour", 0)
          .put("interval", "MONTHLY")
          .put("month", "JANUARY");
    } else {
      project.putNull("estimateReset");
    }
  }

  private static ArrayNode memberships(
      Draft draft, String projectId, int i, SplittableRandom random) {
    ArrayNode memberships = Json.array();
    int count = Math.min(draft.people().size(), 1 + i % 7);
    for (int m = 0; m < count; m++) {
      ObjectNode person = draft.person(i + m);
      boolean rated = random.nextInt(4) == 0;
      membership(draft, memberships, Json.text(person, "id"), projectId, "PROJECT", rated)
          .put("membershipStatus", m % 5 == 4 ? "INACTIVE" : "ACTIVE");
    }
    for (int m = i; m < draft.former().size(); m += 2) {
      String left = Json.text(draft.former().get(m), "id");
      membership(draft, memberships, left, projectId, "PROJECT", false)
          .put("membershipStatus", "INACTIVE");
    }
    if (i % 3 == 1) {
      for (ObjectNode group : draft.all("groups")) {
        String id = Json.text(group, "id");
        membership(draft, memberships, id, projectId, "USERGROUP", false)
            .put("membershipStatus", "ACTIVE");
      }
    }
    return memberships;
  }

  private static ObjectNode membership(
      Draft draft, ArrayNode to, String userId, String projectId, String type, boolean rated) {
    ObjectNode membership = to.addObject().put("userId", userId);
    if (rated) {
      membership.set("hourlyRate", Json.rate(7500, draft.currency()));
      membership.set("costRate", Json.rate(4100, draft.currency()));
    } else {
      membership.putNull("hourlyRate").putNull("costRate");
    }
    return membership.put("targetId", projectId).put("membershipType", type);
  }

  private static void tasks(Draft draft) {
    List<ObjectNode> projects = draft.all("projects");
    int count = projects.isEmpty() ? 0 : draft.size("tasks");
    for (int i = 0; i < count; i++) {
      ObjectNode task = Json.object().put("id", draft.idFromDaysAgo(600 - i % 500));
      task.put("name", i % 29 == 28 ? RealisticText.awkward(i) : RealisticText.task(i));
      task.put("projectId", Json.text(projects.get(i % projects.size()), "id"));
      ArrayNode assignees = task.putArray("assigneeIds");
      for (int a = 0; a < i % 4; a++) {
        assignees.add(Json.text(draft.person(i + a), "id"));
      }
      task.putNull("assigneeId").putArray("userGroupIds");
      task.put("estimate", i % 3 == 0 ? "PT0S" : "PT7H30M");
      task.put("status", (i + i / projects.size()) % 4 == 3 ? "DONE" : "ACTIVE");
      task.put("budgetEstimate", i % 5 == 1 ? 250_000 : 0).putNull("duration");
      task.put("billable", i % 2 == 0);
      if (i % 3 == 1) {
        task.putNull("hourlyRate").putNull("costRate");
      } else {
        task.set("hourlyRate", Json.rate(5000, draft.currency()));
        task.set("costRate", Json.rate(2500, draft.currency()));
      }
      draft.add("tasks", task);
    }
  }

  private static void customFields(Draft draft) {
    List<ObjectNode> projects = draft.all("projects");
    for (int i = 0; i < draft.size("custom_fields"); i++) {
      String type = FIELD_TYPES.get(i % FIELD_TYPES.size());
      ObjectNode field = draft.record(900 - i % 800);
      field.put("name", type.charAt(0) + type.substring(1).toLowerCase(Locale.ROOT) + " " + i);
      field.put("description", i % 2 == 0 ? null : RealisticText.awkward(i)).put("type", type);
      field.put("placeholder", i % 3 == 0 ? null : "Pick one");
      ArrayNode allowed = field.putArray("allowedValues");
      if (type.startsWith("DROPDOWN")) {
        allowed.add("Masonry").add("Électricité").add("Roof");
      }
      field.set("workspaceDefaultValue", i % 2 == 0 ? Json.object().nullNode() : value(type, i));
      field.put("onlyAdminCanEdit", i % 2 == 0).put("required", i % 5 == 4);
      field.put("status", List.of("VISIBLE", "INACTIVE", "INVISIBLE").get(i % 3));
      field.put("entityType", i % 6 == 5 ? "USER" : "TIMEENTRY");
      ArrayNode defaults = field.putArray("projectDefaultValues");
      if (!projects.isEmpty() && i % 2 == 1) {
        ObjectNode ofProject = defaults.addObject();
        ofProject.put("projectId", Json.text(projects.get(i % projects.size()), "id"));
        ofProject.put("status", "VISIBLE").set("value", value(type, i));
      }
      draft.add("custom_fields", field);
    }
  }

  /** A value as a custom field of this type holds it: text, number, boolean or list. */
  static JsonNode value(String type, int i) {
    return switch (type) {
      case "NUMBER" -> Json.MAPPER.valueToTree(i % 2 == 0 ? 2000 : 17.25);
      case "CHECKBOX" -> Json.MAPPER.valueToTree(i % 2 == 0);
      case "DROPDOWN_MULTIPLE" -> Json.texts(List.of("Roof", "Masonry"));
      case "LINK" -> Json.MAPPER.valueToTree("https://example.com/t/" + i);
      default -> Json.MAPPER.valueToTree(RealisticText.awkward(i + 3));
    };
  }
}
