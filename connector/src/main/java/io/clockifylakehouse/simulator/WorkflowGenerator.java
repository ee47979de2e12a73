// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;

/** Holidays, time off and scheduling (API.md 7.14, 7.16, 7.17). */
final class WorkflowGenerator {
  private WorkflowGenerator() {}

  static void fill(Draft draft) {
    holidays(draft);
    policies(draft);
    requests(draft);
    balances(draft);
    assignments(draft);
  }

  private static void holidays(Draft draft) {
    LocalDate newYear = LocalDate.ofInstant(draft.today(), ZoneOffset.UTC).withDayOfYear(1);
    for (int i = 0; i < draft.size("holidays"); i++) {
      LocalDate first = newYear.plusDays(17L * i % 365);
      ObjectNode holiday = draft.record(700 - i % 600);
      holiday.put("name", i % 5 == 4 ? RealisticText.awkward(i) : "Holiday " + (i + 1));
      holiday
          .putObject("datePeriod")
          .put("startDate", first.toString())
          .put("endDate", first.plusDays(i % 3).toString());
      holiday.put("occursAnnually", i % 2 == 0).put("everyoneIncludingNew", i % 3 == 0);
      holiday.set("userIds", i % 3 == 0 ? Json.array() : members(draft, i));
      holiday.putArray("userGroupIds");
      holiday.put("automaticTimeEntryCreation", i % 4 == 1);
      holiday.putNull("projectId").putNull("taskId");
      draft.add("holidays", holiday);
    }
  }

  private static ArrayNode members(Draft draft, int first) {
    ArrayNode ids = Json.array();
    for (int i = first % 2; i < draft.people().size() && ids.size() < 6; i += 2) {
      ids.add(Json.text(draft.person(i), "id"));
    }
    return ids;
  }

  private static void policies(Draft draft) {
    List<ObjectNode> projects = draft.all("projects");
    for (int i = 0; i < draft.size("policies"); i++) {
      ObjectNode policy = draft.record(800 - i % 700);
      policy.put("name", i % 7 == 6 ? RealisticText.awkward(i) : "Leave " + (i + 1));
      policy.put("allowNegativeBalance", i % 2 == 1);
      String unit = i % 3 == 2 ? "HOURS" : "DAYS";
      if (i % 2 == 1) {
        policy
            .putObject("negativeBalance")
            .put("amount", 2.5)
            .put("period", "YEAR")
            .put("shouldReset", true)
            .put("timeUnit", unit);
      } else {
        policy.putNull("negativeBalance");
      }
      policy.put("allowHalfDay", i % 2 == 0).put("archived", i % 3 == 1).put("timeUnit", unit);
      policy.set("userIds", i % 4 == 3 ? policy.nullNode() : members(draft, i));
      policy.set("userGroupIds", i % 4 == 3 ? policy.nullNode() : Json.array());
      policy.put("everyoneIncludingNew", i % 2 == 0);
      ObjectNode approve = policy.putObject("approve");
      approve.put("requiresApproval", i % 2 == 0).put("teamManagers", false);
      approve.put("specificMembers", false).putArray("userIds");
      if (i % 3 == 0) {
        policy
            .putObject("automaticAccrual")
            .put("amount", 20.0)
            .put("period", "YEAR")
            .put("timeUnit", unit);
      } else {
        policy.putNull("automaticAccrual");
      }
      policy.putNull("projectId");
      if (i % 3 == 2 && !projects.isEmpty()) {
        policy
            .putObject("automaticTimeEntryCreation")
            .put("enabled", true)
            .putObject("defaultEntities")
            .put("projectId", Json.text(projects.get(0), "id"))
            .putNull("taskId");
      } else {
        policy.putNull("automaticTimeEntryCreation");
      }
      draft.add("policies", policy.put("color", "#8BC34A").put("icon", "UMBRELLA"));
    }
  }

  private static void requests(Draft draft) {
    List<ObjectNode> policies = draft.all("policies");
    int count = policies.isEmpty() ? 0 : draft.size("time_off_requests");
    for (int i = 0; i < count; i++) {
      ObjectNode policy = policies.get(i % policies.size());
      ObjectNode user = draft.person(i + 1);
      long age = i % 400;
      Instant created = draft.daysAgo(age).minusSeconds(i % 7200);
      ObjectNode request = Json.object().put("id", draft.ids().next(created));
      request.put("workspaceId", draft.workspaceId()).put("policyId", Json.text(policy, "id"));
      request.put("policyName", Json.text(policy, "name")).put("userId", Json.text(user, "id"));
      request.set("userName", user.get("name"));
      request.set("userEmail", user.get("email"));
      request.put("userTimeZone", user.path("settings").path("timeZone").asText("UTC"));
      request.set("requesterUserId", user.get("id"));
      request.set("requesterUserName", user.get("name"));
      request.set("timeUnit", policy.get("timeUnit"));
      request.put("balance", 12.5 + i % 4).put("balanceDiff", i % 2 == 0 ? 1.0 : 0.5);
      request.put("note", i % 2 == 0 ? null : RealisticText.awkward(i));
      // Nine digits of a second, as seen live; whole seconds now and then.
      request.put("createdAt", created.plusNanos(i % 4 == 3 ? 0 : 123_456_789L).toString());
      boolean decided = i % 3 > 0;
      ObjectNode status = request.putObject("status");
      status.put("statusType", List.of("PENDING", "APPROVED", "REJECTED").get(i % 3));
      status.put(
          "changedAt", decided ? created.plusSeconds(90_061).plusNanos(5_000).toString() : null);
      status.put("changedByUserId", decided ? Json.text(draft.person(0), "id") : null);
      status.put("changedByUserName", decided ? Json.text(draft.person(0), "name") : null);
      status.put("changedForUserName", Json.text(user, "name")).put("note", "");
      ObjectNode off = request.putObject("timeOffPeriod");
      Instant from = created.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(20));
      off.putObject("period")
          .put("start", from.toString())
          .put("end", from.plus(Duration.ofDays(1 + i % 5)).minusMillis(1).toString());
      off.put("halfDay", i % 2 == 1);
      off.put("halfDayPeriod", i % 2 == 1 ? "FIRST_HALF" : "NOT_DEFINED");
      if (i % 4 == 1) {
        off.putObject("halfDayHours")
            .put("start", from.plus(Duration.ofHours(9)).toString())
            .put("end", from.plus(Duration.ofHours(13)).toString());
      } else {
        off.putNull("halfDayHours");
      }
      draft.add("time_off_requests", request);
    }
  }

  private static void balances(Draft draft) {
    SplittableRandom random = draft.random("time_off_balances");
    for (ObjectNode policy : draft.all("policies")) {
      for (ObjectNode user : draft.people()) {
        double total = random.nextInt(60) / 2.0;
        double used = random.nextInt(20) / 4.0;
        ObjectNode balance = Json.object().put("id", draft.idFromDaysAgo(300));
        balance.set("userId", user.get("id"));
        balance.set("userName", user.get("name"));
        balance.put("workspaceId", draft.workspaceId());
        balance.set("policyId", policy.get("id"));
        balance.set("policyName", policy.get("name"));
        balance.set("policyArchived", policy.get("archived"));
        balance.set("policyTimeUnit", policy.get("timeUnit"));
        balance.put("balance", total - used).put("used", used).put("total", total);
        balance.putNull("negativeBalanceAmount").put("negativeBalanceLimit", false);
        draft.add("time_off_balances", balance.put("negativeBalanceUsed", 0.0));
      }
    }
  }

  private static void assignments(Draft draft) {
    List<ObjectNode> projects = draft.all("projects");
    int count = projects.isEmpty() ? 0 : draft.size("scheduling_assignments");
    for (int i = 0; i < count; i++) {
      ObjectNode project = projects.get(i % projects.size());
      ObjectNode user = draft.person(i);
      Instant start = draft.daysAgo(180 - i % 300).truncatedTo(ChronoUnit.DAYS);
      ObjectNode assignment = draft.record(200 - i % 190);
      assignment.set("userId", user.get("id"));
      assignment.set("userName", user.get("name"));
      assignment.set("projectId", project.get("id"));
      assignment.set("projectName", project.get("name"));
      assignment.set("projectColor", project.get("color"));
      assignment.set("projectArchived", project.get("archived"));
      assignment.set("projectBillable", project.get("billable"));
      assignment.put("clientId", i % 3 == 0 ? null : Json.text(project, "clientId"));
      assignment.putNull("clientName").putNull("taskId").putNull("taskName");
      assignment
          .putObject("period")
          .put("start", start.toString())
          .put("end", start.plus(Duration.ofDays(1 + i % 14)).minusMillis(1).toString());
      assignment.put("hoursPerDay", i % 2 == 0 ? 7.5 : 8.0);
      assignment.put("startTime", i % 4 == 3 ? "10:00:00" : null);
      assignment
          .put("billable", i % 2 == 0)
          .put("note", i % 5 == 2 ? RealisticText.awkward(i) : "");
      draft.add("scheduling_assignments", assignment);
    }
  }
}
