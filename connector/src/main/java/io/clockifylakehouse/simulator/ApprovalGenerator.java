// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Approval requests with copies of the entries and expenses of their week (API.md 7.13). */
final class ApprovalGenerator {
  private static final List<String> STATES =
      List.of("PENDING", "APPROVED", "REJECTED", "WITHDRAWN_APPROVAL", "WITHDRAWN_SUBMISSION");

  private ApprovalGenerator() {}

  /** The first approvals are of people who left, so that their ids can be known. */
  static void fill(Draft draft) {
    List<ObjectNode> owners = new ArrayList<>(draft.former());
    owners.addAll(draft.people());
    Instant monday =
        draft
            .today()
            .truncatedTo(ChronoUnit.DAYS)
            .minus(
                Duration.ofDays(
                    draft.today().atZone(ZoneOffset.UTC).getDayOfWeek().getValue() - 1L));
    for (int i = 0; i < draft.size("approval_requests"); i++) {
      ObjectNode owner = owners.get(i % owners.size());
      Instant start = monday.minus(Duration.ofDays(7L * (i / owners.size() + 1)));
      Instant end = start.plus(Duration.ofDays(7)).minusMillis(1);
      ObjectNode approval = Json.object();
      ObjectNode request = approval.putObject("approvalRequest");
      request.put("id", draft.ids().next(end)).put("workspaceId", draft.workspaceId());
      request
          .putObject("owner")
          .put("userId", Json.text(owner, "id"))
          .put("userName", Json.text(owner, "name"))
          .put("timeZone", owner.path("settings").path("timeZone").asText("UTC"))
          .put("startOfWeek", "MONDAY");
      request.putObject("dateRange").put("start", start.toString()).put("end", end.toString());
      ObjectNode decider = draft.person(0);
      request
          .putObject("status")
          .put("state", STATES.get(i % STATES.size()))
          .put("note", i % 3 == 2 ? RealisticText.awkward(i) : "")
          .put("updatedAt", end.plusSeconds(3600L + i).plusNanos(120_000_000L * (i % 3)).toString())
          .put("updatedBy", Json.text(decider, "id"))
          .put("updatedByUserName", Json.text(decider, "name"));
      request
          .putObject("creator")
          .put("userId", Json.text(owner, "id"))
          .put("userName", Json.text(owner, "name"))
          .put("userEmail", Json.text(owner, "email"));
      request.put("type", i % 3 == 0 ? "TIMESHEET_AND_EXPENSE" : "TIMESHEET");
      sheet(draft, approval, owner, start, end);
      draft.add("approval_requests", approval);
    }
  }

  private static void sheet(
      Draft draft, ObjectNode approval, ObjectNode owner, Instant start, Instant end) {
    ArrayNode entries = approval.putArray("entries");
    long tracked = 0;
    long billable = 0;
    long breaks = 0;
    for (TimeEntry entry : draft.workspace().entries().of(Json.text(owner, "id"))) {
      if (entry.start() < start.getEpochSecond() || entries.size() == 40) {
        break;
      }
      if (entry.start() <= end.getEpochSecond() && !entry.running()) {
        entries.add(info(draft, approval, entry));
        tracked += entry.seconds();
        billable += entry.billable() ? entry.seconds() : 0;
        breaks += entry.type().equals("BREAK") ? entry.seconds() : 0;
      }
    }
    String state = approval.path("approvalRequest").path("status").path("state").asText();
    approval.put("approvedTime", time(state.equals("APPROVED") ? tracked : 0));
    approval.put("billableTime", time(billable)).put("breakTime", time(breaks));
    approval.put("pendingTime", time(state.equals("PENDING") ? tracked : 0));
    approval.put("trackedTime", time(tracked));
    approval.put("billableAmount", billable / 3600.0 * 6000).put("costAmount", tracked / 36.0);
    approval.put("expenseTotal", expenses(draft, approval, owner, start, end));
  }

  private static ObjectNode info(Draft draft, ObjectNode approval, TimeEntry entry) {
    ObjectNode hydrated = Presentation.hydratedEntry(draft.workspace(), entry, true);
    ObjectNode info = Json.object();
    info.set("id", hydrated.get("id"));
    info.set("approvalRequestId", approval.path("approvalRequest").get("id"));
    for (String field :
        List.of("billable", "description", "hourlyRate", "costRate", "isLocked", "type", "tags")) {
      info.set(field, hydrated.get(field));
    }
    ArrayNode values = info.putArray("customFieldValues");
    for (JsonNode value : hydrated.path("customFieldValues")) {
      ObjectNode shown = values.addObject();
      for (String field : List.of("customFieldId", "timeEntryId", "value")) {
        shown.set(field, value.get(field));
      }
      shown.put("sourceType", "WORKSPACE");
    }
    ObjectNode interval = ((ObjectNode) hydrated.get("timeInterval")).put("timeZone", "UTC");
    interval.put("offsetStart", 0).put("offsetEnd", 0);
    interval.set("zonedStart", interval.get("start"));
    interval.set("zonedEnd", interval.get("end"));
    info.set("timeInterval", interval);
    info.set(
        "project", summary(hydrated.get("project"), "name", "color", "clientId", "clientName"));
    info.set("task", summary(hydrated.get("task"), "name"));
    return info;
  }

  /** The id and these fields of an object; null stays null. */
  private static JsonNode summary(JsonNode object, String... fields) {
    if (!(object instanceof ObjectNode record)) {
      return object;
    }
    List<String> shown = new ArrayList<>(List.of("id"));
    shown.addAll(List.of(fields));
    return Presentation.pick(record, shown);
  }

  /** The owner's expenses of the week, with what only approvals tell about them. */
  private static double expenses(
      Draft draft, ObjectNode approval, ObjectNode owner, Instant start, Instant end) {
    double total = 0;
    ArrayNode expenses = approval.putArray("expenses");
    for (ObjectNode expense : draft.all("expenses")) {
      Instant date = Instant.parse(Json.text(expense, "date"));
      if (expense.path("userId").equals(owner.get("id"))
          && !date.isBefore(start)
          && date.isBefore(end)) {
        ObjectNode shown = Presentation.expense(draft.workspace(), expense);
        shown.set("approvalRequestId", approval.path("approvalRequest").get("id"));
        shown.put("approvalStatus", "PENDING").put("detailedApprovalStatus", "PENDING");
        shown.put("currency", draft.currency()).putNull("fileUrl");
        expenses.add(shown);
        total += expense.path("total").asDouble();
      }
    }
    return total;
  }

  private static String time(long seconds) {
    return Duration.ofSeconds(seconds).toString();
  }
}
