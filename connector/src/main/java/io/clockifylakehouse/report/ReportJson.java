// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The figures of a report as JSON: times in whole seconds, amounts by currency in major units with
 * the digits of the currency. Stateless but for the report.
 */
final class ReportJson {
  private final Report report;
  private final Directory directory;

  ReportJson(Report report) {
    this.report = report;
    this.directory = report.directory();
  }

  ObjectNode figures() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("generated_at", report.settings().now().truncatedTo(ChronoUnit.SECONDS).toString());
    json.set("period", period());
    ObjectNode totals = json.putObject("totals");
    tally(totals, report.breakdown().total());
    ObjectNode kinds = totals.putObject("seconds_by_kind");
    report
        .breakdown()
        .kinds()
        .forEach((kind, tally) -> kinds.put(kind.name().toLowerCase(Locale.ROOT), tally.seconds()));
    breakdowns(json);
    budgets(json.putArray("budgets"));
    timers(json.putArray("running_timers"));
    gaps(json.putArray("timesheet_gaps"));
    expenses(json.putArray("expenses"));
    invoices(json.putArray("invoices"));
    approvals(json.putArray("approvals"));
    freshness(json.putArray("freshness"));
    return json;
  }

  /** The head of the figures, for a command's result. */
  ObjectNode period() {
    ObjectNode period = JsonNodeFactory.instance.objectNode();
    period.put("from", report.settings().from().map(LocalDate::toString).orElse(null));
    period.put("to", report.settings().to().map(LocalDate::toString).orElse(null));
    period.put("zone", report.zone().getId());
    Map<Integer, Tally> days = report.breakdown().days();
    period.put(
        "first_day", days.isEmpty() ? null : day(((TreeMap<Integer, Tally>) days).firstKey()));
    period.put("last_day", days.isEmpty() ? null : day(((TreeMap<Integer, Tally>) days).lastKey()));
    return period;
  }

  private static String day(int epochDay) {
    return LocalDate.ofEpochDay(epochDay).toString();
  }

  private void breakdowns(ObjectNode json) {
    Breakdown sums = report.breakdown();
    each(
        json.putArray("workspaces"),
        sums.workspaces(),
        (item, i) -> item.put("id", directory.workspaces().get(i).id()).put("name", workspace(i)));
    each(
        json.putArray("clients"),
        sums.clients(),
        (item, i) -> {
          Directory.Client client = directory.clients().get(i);
          named(item, client.workspace(), client.id(), client.name());
        });
    each(
        json.putArray("projects"),
        sums.projects(),
        (item, i) -> {
          Directory.Project project = directory.projects().get(i);
          named(item, project.workspace(), project.id(), project.name());
          item.put("client", directory.clients().get(project.client()).name());
        });
    each(
        json.putArray("people"),
        sums.people(),
        (item, i) ->
            item.put("id", directory.people().get(i).id())
                .put("name", directory.people().get(i).name()));
    each(
        json.putArray("tags"),
        sums.tags(),
        (item, i) -> {
          Directory.Tag tag = directory.tags().get(i);
          named(item, tag.workspace(), tag.id(), tag.name());
        });
    each(json.putArray("days"), sums.days(), (item, i) -> item.put("name", day(i)));
  }

  private static void each(
      ArrayNode array, Map<Integer, Tally> tallies, BiConsumer<ObjectNode, Integer> describe) {
    tallies.forEach(
        (position, tally) -> {
          ObjectNode item = array.addObject();
          describe.accept(item, position);
          tally(item, tally);
        });
  }

  private void named(ObjectNode item, int workspace, String id, String name) {
    item.put("workspace", workspace(workspace)).put("id", id.isEmpty() ? null : id);
    item.put("name", name);
  }

  private String workspace(int position) {
    return directory.workspaces().get(position).name();
  }

  private static void tally(ObjectNode json, Tally tally) {
    json.put("entries", tally.entries());
    json.put("seconds", tally.seconds());
    json.put("billable_seconds", tally.billableSeconds());
    json.put("billable_seconds_without_rate", tally.unratedSeconds());
    amounts(json.putObject("billable_amount"), tally.earned());
    amounts(json.putObject("cost"), tally.cost());
  }

  private static void amounts(ObjectNode json, Map<String, Long> minorByCurrency) {
    minorByCurrency.forEach((currency, minor) -> json.put(currency, Money.major(minor, currency)));
  }

  private void budgets(ArrayNode array) {
    for (Budget budget : report.budgets()) {
      Directory.Project project = directory.projects().get(budget.project());
      ObjectNode item = array.addObject();
      named(item, project.workspace(), project.id(), project.name());
      item.put("archived", project.archived());
      if (budget.time().isPresent()) {
        item.put("estimate_seconds", budget.time().get().amount());
        item.put("used_seconds", budget.usedSeconds());
        item.put("time_since", since(budget.time().get()));
      }
      if (budget.money().isPresent()) {
        String currency = budget.currency();
        item.putObject("budget")
            .put(currency, Money.major(budget.money().get().amount(), currency));
        item.putObject("used").put(currency, Money.major(budget.usedMinor(), currency));
        item.put("budget_since", since(budget.money().get()));
      }
    }
  }

  private static String since(Budget.Limit limit) {
    return limit.since().map(LocalDate::toString).orElse(null);
  }

  private void timers(ArrayNode array) {
    for (RunningTimer timer : report.timers()) {
      array
          .addObject()
          .put("workspace", workspace(timer.workspace()))
          .put("name", directory.people().get(timer.person()).name())
          .put("project", directory.projects().get(timer.project()).name())
          .put("description", timer.description())
          .put("since", timer.since().toString());
    }
  }

  private void gaps(ArrayNode array) {
    for (Timesheet sheet : report.timesheets()) {
      long expected = 0;
      long recorded = 0;
      long missing = 0;
      int days = 0;
      int empty = 0;
      for (int i = 0; i < Timesheet.DAYS; i++) {
        OptionalInt gap = sheet.missing(i);
        if (gap.isPresent() && report.settings().contains(sheet.start().plusDays(i))) {
          days++;
          expected += sheet.expected(i);
          recorded += sheet.recorded(i);
          missing += gap.getAsInt();
          empty += sheet.recorded(i) == 0 ? 1 : 0;
        }
      }
      if (missing > 0) {
        array
            .addObject()
            .put("workspace", workspace(sheet.workspace()))
            .put("id", directory.people().get(sheet.person()).id())
            .put("name", directory.people().get(sheet.person()).name())
            .put("working_days", days)
            .put("days_without_time", empty)
            .put("expected_seconds", expected)
            .put("recorded_seconds", recorded)
            .put("missing_seconds", missing);
      }
    }
  }

  private void expenses(ArrayNode array) {
    record Group(int workspace, String category) {}
    Map<Group, Expense.Sum> all = new LinkedHashMap<>();
    Map<Group, Expense.Sum> billable = new LinkedHashMap<>();
    report
        .expenses()
        .forEach(
            (expense, sum) -> {
              int workspace = directory.projects().get(expense.project()).workspace();
              Group group = new Group(workspace, expense.category());
              all.computeIfAbsent(group, key -> new Expense.Sum()).add(sum.count(), sum.minor());
              if (expense.billable()) {
                billable
                    .computeIfAbsent(group, key -> new Expense.Sum())
                    .add(sum.count(), sum.minor());
              }
            });
    all.forEach(
        (group, sum) -> {
          String currency = directory.workspaces().get(group.workspace()).currency();
          ObjectNode item = array.addObject();
          item.put("workspace", workspace(group.workspace()));
          item.put("name", group.category().isEmpty() ? "No category" : group.category());
          item.put("expenses", sum.count());
          item.putObject("amount").put(currency, major(Optional.of(sum), currency));
          item.putObject("billable_amount")
              .put(currency, major(Optional.ofNullable(billable.get(group)), currency));
        });
  }

  private static BigDecimal major(Optional<Expense.Sum> sum, String currency) {
    return Money.major(Math.round(sum.map(Expense.Sum::minor).orElse(0.0)), currency);
  }

  private void invoices(ArrayNode array) {
    for (Invoice invoice : report.invoices()) {
      String currency = invoice.currency();
      ObjectNode item = array.addObject();
      item.put("workspace", workspace(invoice.workspace())).put("name", invoice.number());
      item.put("client", invoice.client()).put("status", invoice.status());
      item.put("issued", invoice.issued().map(LocalDate::toString).orElse(null));
      item.put("due", invoice.due().map(LocalDate::toString).orElse(null));
      item.put("overdue", invoice.isOverdue(report.today()));
      item.putObject("amount").put(currency, Money.major(invoice.amount(), currency));
      item.putObject("paid").put(currency, Money.major(invoice.paid(), currency));
      item.putObject("balance").put(currency, Money.major(invoice.balance(), currency));
    }
  }

  private void approvals(ArrayNode array) {
    for (Approval approval : report.approvals()) {
      array
          .addObject()
          .put("workspace", workspace(approval.workspace()))
          .put("name", directory.people().get(approval.person()).name())
          .put("from", approval.from().toString())
          .put("to", approval.to().toString())
          .put("type", approval.type())
          .put("state", approval.state())
          .put("seconds", approval.seconds());
    }
  }

  private void freshness(ArrayNode array) {
    for (Freshness fresh : report.freshness()) {
      ObjectNode item = array.addObject().put("workspace", workspace(fresh.workspace()));
      item.put("entries_as_of", fresh.entriesAsOf().map(Object::toString).orElse(null));
      ArrayNode bad = item.putArray("not_up_to_date");
      fresh.notUpToDate().forEach(bad::add);
      fresh
          .verification()
          .ifPresentOrElse(
              verified ->
                  item.putObject("verification")
                      .put("at", verified.at().toString())
                      .put("checks", verified.checks())
                      .put("differences", verified.differences())
                      .put("not_compared", verified.open()),
              () -> item.putNull("verification"));
    }
  }
}
