// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The detailed reports: a workspace's stopped entries, or its expenses, over a range (API.md 7.20).
 * Stateless.
 */
final class ReportEndpoints {
  private static final int DEFAULT_SIZE = 20;
  private static final int MAXIMUM_SIZE = 1000;
  private static final Duration MONTH = Duration.ofDays(31);
  private static final Duration YEAR = Duration.ofDays(366);

  private ReportEndpoints() {}

  static List<Route> routes() {
    return List.of(
        Route.post("workspaces/{workspace}/reports/detailed", ReportEndpoints::detailed),
        Route.post("workspaces/{workspace}/reports/expenses/detailed", ReportEndpoints::expenses)
            .needs(Plan.Feature.EXPENSES));
  }

  /** The range of a report's body, its bounds inclusive. */
  private record Range(Instant from, Instant to, ZoneId zone) {
    boolean contains(Instant instant) {
      return !instant.isBefore(from) && !instant.isAfter(to);
    }
  }

  /** The range asked for; refuses the call when it cannot be. */
  private static Optional<Range> range(Call call, JsonNode body) {
    Range range;
    try {
      ZoneId zone =
          body.hasNonNull("timeZone")
              ? ZoneId.of(Json.text(body, "timeZone"))
              : EntryEndpoints.zone(call.workspace(), call.caller().userId());
      range =
          new Range(
              bound(Json.text(body, "dateRangeStart"), zone),
              bound(Json.text(body, "dateRangeEnd"), zone),
              zone);
    } catch (DateTimeException e) {
      call.refuse(Answer.refusal(400, 3002, "JSON parse error: date or time zone"));
      return Optional.empty();
    }
    Duration limit = call.workspace().plan().compareTo(Plan.STANDARD) < 0 ? MONTH : YEAR;
    if (Duration.between(range.from(), range.to()).compareTo(limit) > 0) {
      call.refuse(
          Answer.refusal(400, 501, "Date range is over the limit of " + limit.toDays() + " days"));
    }
    return Optional.of(range);
  }

  /** Expenses by their date; the totals are an object, and there even when nothing is found. */
  private static Answer expenses(Call call) {
    JsonNode body = call.body();
    Optional<Range> range = range(call, body);
    int size = body.path("pageSize").asInt(DEFAULT_SIZE);
    int number = body.path("page").asInt(1);
    if (range.isEmpty() || size < 1 || size > MAXIMUM_SIZE || number < 1) {
      return Answer.refusal(400, 501, "Page size must be between 1 and " + MAXIMUM_SIZE);
    }
    List<ObjectNode> found = new ArrayList<>();
    double total = 0;
    double billable = 0;
    for (ObjectNode expense : call.workspace().store("expenses").all()) {
      if (call.mayRead(Json.text(expense, "userId"))
          && range.get().contains(Instant.parse(Json.text(expense, "date")))) {
        found.add(expense);
        total += expense.path("total").asDouble();
        billable += expense.path("billable").asBoolean() ? expense.path("total").asDouble() : 0;
      }
    }
    found.sort(Comparator.comparing(expense -> Json.text(expense, "id")));
    ObjectNode report = Json.object();
    report
        .putObject("totals")
        .put("totalAmount", total)
        .put("totalAmountBillable", billable)
        .put("expensesCount", found.size());
    ArrayNode rows = report.putArray("expenses");
    for (ObjectNode expense : new PageRange(number, size).of(found)) {
      rows.add(
          Json.object()
              .put("id", Json.text(expense, "id"))
              .put("userId", Json.text(expense, "userId"))
              .put("projectId", Json.text(expense, "projectId"))
              .put("categoryId", Json.text(expense, "categoryId"))
              .put("notes", Json.text(expense, "notes"))
              .put("quantity", expense.path("quantity").asDouble())
              .put("billable", expense.path("billable").asBoolean())
              .put("date", Json.text(expense, "date"))
              .put("amount", expense.path("total").asDouble())
              .put("locked", expense.path("locked").asBoolean())
              .put("workspaceId", call.workspace().id()));
    }
    return call.ok(report);
  }

  private static Answer detailed(Call call) {
    JsonNode body = call.body();
    JsonNode filter = body.path("detailedFilter");
    if (!filter.isObject() || body.path("dateRangeStart").isMissingNode()) {
      return Answer.refusal(400, 3002, "JSON parse error");
    }
    int size = filter.path("pageSize").asInt(DEFAULT_SIZE);
    int number = filter.path("page").asInt(1);
    if (size < 1 || size > MAXIMUM_SIZE || number < 1) {
      return Answer.refusal(400, 501, "Page size must be between 1 and " + MAXIMUM_SIZE);
    }
    Optional<Range> range = range(call, body);
    if (range.isEmpty()) {
      return Answer.empty(400);
    }
    ZoneId zone = range.get().zone();
    List<TimeEntry> found = found(call, body, range.get());
    boolean priced = !Json.text(body, "amountShown").equals("HIDE_AMOUNT");
    if (priced && !call.caller().admin()) {
      return Answer.refusal(403, "Access Denied");
    }
    ObjectNode report = Json.object();
    ArrayNode totals = report.putArray("totals");
    if (found.isEmpty()) {
      totals.addNull();
    } else if (!filter.path("options").path("totals").asText().equals("EXCLUDE")) {
      totals.add(totals(found, priced));
    }
    ArrayNode rows = report.putArray("timeentries");
    for (TimeEntry entry : new PageRange(number, size).of(found)) {
      rows.add(row(call.workspace(), entry, zone, priced));
    }
    return call.ok(report);
  }

  /** A wall clock in the report's zone; a trailing Z is read like nothing. */
  private static Instant bound(String text, ZoneId zone) {
    String wall = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
    return LocalDateTime.parse(wall).atZone(zone).toInstant();
  }

  private static List<TimeEntry> found(Call call, JsonNode body, Range range) {
    List<String> users = new ArrayList<>();
    body.path("users").path("ids").forEach(id -> users.add(id.asText()));
    boolean contains = !body.path("users").path("contains").asText().equals("DOES_NOT_CONTAIN");
    String status = body.path("users").path("status").asText("ALL");
    boolean everybody = status.equals("ALL");
    List<String> former = call.workspace().store("former_users").ids();
    List<TimeEntry> found = new ArrayList<>();
    for (TimeEntry entry : call.workspace().entries().all()) {
      boolean wanted = users.isEmpty() || users.contains(entry.userId()) == contains;
      if (wanted
          && (everybody || !former.contains(entry.userId()))
          && !entry.running()
          && range.contains(Instant.ofEpochSecond(entry.start()))
          && call.mayRead(entry.userId())) {
        found.add(entry);
      }
    }
    Comparator<TimeEntry> order =
        body.path("detailedFilter").path("sortColumn").asText().equals("ID")
            ? Comparator.comparing(TimeEntry::id)
            : Comparator.comparingLong(TimeEntry::start).thenComparing(TimeEntry::id);
    found.sort(Json.text(body, "sortOrder").equals("ASCENDING") ? order : order.reversed());
    return found;
  }

  private static ObjectNode totals(List<TimeEntry> entries, boolean priced) {
    long seconds = 0;
    long billable = 0;
    double earned = 0;
    for (TimeEntry entry : entries) {
      seconds += entry.seconds();
      billable += entry.billable() ? entry.seconds() : 0;
      earned += earned(entry);
    }
    ObjectNode totals = Json.object().put("_id", "");
    totals.put("totalTime", seconds).put("totalBillableTime", billable);
    totals.put("entriesCount", entries.size());
    ArrayNode amounts = Json.array();
    if (priced) {
      totals.put("totalAmount", earned);
      amounts.addObject().put("type", "EARNED").put("value", earned);
    } else {
      totals.putNull("totalAmount");
    }
    totals.set("amounts", amounts);
    return totals;
  }

  private static double earned(TimeEntry entry) {
    return entry.billable() && entry.hourlyCents() > 0
        ? entry.hourlyCents() * entry.seconds() / 3600.0
        : 0;
  }

  private static ObjectNode row(Workspace workspace, TimeEntry entry, ZoneId zone, boolean priced) {
    ObjectNode row = Json.object().put("_id", entry.id()).put("description", entry.description());
    ObjectNode user =
        workspace
            .store("workspace_users")
            .peek(entry.userId())
            .or(() -> workspace.store("former_users").peek(entry.userId()))
            .orElse(Json.object());
    row.put("userId", entry.userId());
    row.put("userName", Json.text(user, "name")).put("userEmail", Json.text(user, "email"));
    row.putObject("timeInterval")
        .put("start", shown(entry.start(), zone))
        .put("end", shown(entry.end(), zone))
        .put("duration", entry.seconds());
    row.put("billable", entry.billable());
    Optional<ObjectNode> project =
        workspace
            .store("projects")
            .peek(String.valueOf(entry.projectId()))
            .map(found -> Presentation.project(workspace, found));
    row.put("projectId", entry.projectId());
    row.put("projectName", project.map(found -> Json.text(found, "name")).orElse(null));
    row.put("projectColor", project.map(found -> Json.text(found, "color")).orElse(null));
    row.put("clientId", project.map(found -> Json.text(found, "clientId")).orElse(null));
    row.put("clientName", project.map(found -> Json.text(found, "clientName")).orElse(null));
    row.put("taskId", entry.taskId());
    row.put(
        "taskName",
        workspace
            .store("tasks")
            .peek(String.valueOf(entry.taskId()))
            .map(task -> Json.text(task, "name"))
            .orElse(null));
    row.set("tagIds", Json.texts(entry.tagIds()));
    row.putNull("approvalRequestId").put("type", entry.type()).put("isLocked", entry.locked());
    row.set("customFields", Json.list(entry.customFieldValues()));
    if (priced) {
      row.put("amount", earned(entry)).put("rate", (double) Math.max(0, entry.hourlyCents()));
    }
    return row;
  }

  private static String shown(long epochSecond, ZoneId zone) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        Instant.ofEpochSecond(epochSecond).atZone(zone));
  }
}
