// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * What the page's script works with: names as tables, everything else as numbers that point into
 * them, days counted from 1970-01-01. {@code page.js} reads it by the same names. Stateless but for
 * the report.
 */
final class PageData {
  private static final int TIMERS_MAX = 1_000;
  private static final int TIMESHEETS_MAX = 2_000;
  private static final int INVOICES_MAX = 5_000;
  private static final int APPROVALS_MAX = 2_000;

  private final Report report;
  private final Directory directory;
  private final JsonGenerator json;

  PageData(Report report, JsonGenerator json) {
    this.report = report;
    this.directory = report.directory();
    this.json = json;
  }

  void write() throws IOException {
    json.writeStartObject();
    head();
    names();
    cells();
    budgets();
    timers();
    timesheets();
    expenses();
    invoices();
    approvals();
    freshness();
    json.writeEndObject();
  }

  private void head() throws IOException {
    ReportSettings settings = report.settings();
    json.writeStringField("now", settings.now().truncatedTo(ChronoUnit.SECONDS).toString());
    json.writeStringField("zone", report.zone().getId());
    json.writeNumberField("today", report.today().toEpochDay());
    json.writeNumberField("weekStart", report.weekStart().getValue());
    day("from", settings.from());
    day("to", settings.to());
    Grain grain = report.cube().grain();
    day("daysFrom", Optional.of(grain.daysFrom()).filter(day -> !day.equals(LocalDate.MIN)));
    day("monthsFrom", Optional.of(grain.monthsFrom()).filter(day -> !day.equals(LocalDate.MIN)));
    json.writeBooleanField("tagsKnown", grain.tags());
    json.writeObjectFieldStart("digits");
    for (String currency : currencies()) {
      json.writeNumberField(currency, Money.digits(currency));
    }
    json.writeEndObject();
  }

  private void day(String name, Optional<LocalDate> day) throws IOException {
    if (day.isPresent()) {
      json.writeNumberField(name, day.get().toEpochDay());
    } else {
      json.writeNullField(name);
    }
  }

  private Set<String> currencies() {
    Set<String> currencies = new TreeSet<>();
    directory.workspaces().forEach(workspace -> currencies.add(workspace.currency()));
    for (Rate rate : report.cube().rates()) {
      rate.hourly().ifPresent(price -> currencies.add(price.currency()));
      rate.cost().ifPresent(price -> currencies.add(price.currency()));
    }
    report.budgets().forEach(budget -> currencies.add(budget.currency()));
    report.invoices().forEach(invoice -> currencies.add(invoice.currency()));
    return currencies;
  }

  private void names() throws IOException {
    json.writeArrayFieldStart("workspaces");
    for (Directory.Workspace workspace : directory.workspaces()) {
      row(workspace.name(), workspace.currency());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("clients");
    for (Directory.Client client : directory.clients()) {
      row(client.workspace(), client.name(), client.id().isEmpty());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("projects");
    for (Directory.Project project : directory.projects()) {
      boolean none = project.id().isEmpty();
      row(project.workspace(), project.client(), project.name(), none, project.archived());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("people");
    for (Directory.Person person : directory.people()) {
      json.writeString(person.name());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("tags");
    for (Directory.Tag tag : directory.tags()) {
      row(tag.workspace(), tag.name(), tag.id().isEmpty());
    }
    json.writeEndArray();
  }

  /** The columns of the cube; a day is its distance from the one before. */
  private void cells() throws IOException {
    json.writeArrayFieldStart("tagSets");
    for (List<Integer> tags : report.cube().tagSets()) {
      row(tags.toArray());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rates");
    for (Rate rate : report.cube().rates()) {
      row(
          rate.hourly().map(Rate.Price::minor).orElse(null),
          rate.hourly().map(Rate.Price::currency).orElse(null),
          rate.cost().map(Rate.Price::minor).orElse(null),
          rate.cost().map(Rate.Price::currency).orElse(null));
    }
    json.writeEndArray();
    List<Map.Entry<TimeCube.Group, TimeCube.Sum>> cells =
        new ArrayList<>(report.cube().groups().entrySet());
    cells.sort(
        Comparator.comparing(
            Map.Entry::getKey,
            Comparator.comparingInt(TimeCube.Group::day)
                .thenComparingInt(TimeCube.Group::person)
                .thenComparingInt(TimeCube.Group::project)
                .thenComparingInt(TimeCube.Group::hashCode)));
    json.writeObjectFieldStart("cells");
    json.writeArrayFieldStart("day");
    int before = 0;
    for (Map.Entry<TimeCube.Group, TimeCube.Sum> cell : cells) {
      json.writeNumber(cell.getKey().day() - before);
      before = cell.getKey().day();
    }
    json.writeEndArray();
    column("project", cells, cell -> cell.getKey().project());
    column("person", cells, cell -> cell.getKey().person());
    column("tags", cells, cell -> cell.getKey().tags());
    column("rate", cells, cell -> cell.getKey().rate());
    column("kind", cells, cell -> cell.getKey().kind().ordinal());
    column("billable", cells, cell -> cell.getKey().billable() ? 1 : 0);
    column("seconds", cells, cell -> cell.getValue().seconds());
    column("entries", cells, cell -> cell.getValue().entries());
    json.writeEndObject();
  }

  private void column(
      String name,
      List<Map.Entry<TimeCube.Group, TimeCube.Sum>> cells,
      ToLongFunction<Map.Entry<TimeCube.Group, TimeCube.Sum>> value)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Map.Entry<TimeCube.Group, TimeCube.Sum> cell : cells) {
      json.writeNumber(value.applyAsLong(cell));
    }
    json.writeEndArray();
  }

  private void budgets() throws IOException {
    json.writeArrayFieldStart("budgets");
    for (Budget budget : report.budgets()) {
      row(
          budget.project(),
          budget.currency(),
          budget.time().map(Budget.Limit::amount).orElse(null),
          budget.usedSeconds(),
          budget.time().flatMap(Budget.Limit::since).map(LocalDate::toEpochDay).orElse(null),
          budget.money().map(Budget.Limit::amount).orElse(null),
          budget.usedMinor(),
          budget.money().flatMap(Budget.Limit::since).map(LocalDate::toEpochDay).orElse(null),
          budget.hasOtherCurrency());
    }
    json.writeEndArray();
  }

  private void timers() throws IOException {
    begin("timers", report.timers().size());
    for (RunningTimer timer : head(report.timers(), TIMERS_MAX)) {
      row(
          timer.workspace(),
          timer.project(),
          timer.person(),
          timer.description(),
          timer.billable(),
          timer.since().getEpochSecond());
    }
    json.writeEndArray();
  }

  private void timesheets() throws IOException {
    json.writeNumberField("withoutCapacity", report.withoutCapacity());
    json.writeNumberField("timesheetDays", Timesheet.DAYS);
    json.writeNumberField("timesheetStart", report.today().minusDays(Timesheet.DAYS).toEpochDay());
    begin("timesheets", report.timesheets().size());
    for (Timesheet sheet : head(report.timesheets(), TIMESHEETS_MAX)) {
      json.writeStartArray();
      json.writeNumber(sheet.workspace());
      json.writeNumber(sheet.person());
      for (int i = 0; i < Timesheet.DAYS; i++) {
        json.writeNumber(sheet.expected(i));
      }
      for (int i = 0; i < Timesheet.DAYS; i++) {
        json.writeNumber(sheet.recorded(i));
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void expenses() throws IOException {
    Positions<String> categories = new Positions<>();
    json.writeArrayFieldStart("expenses");
    for (Map.Entry<Expense, Expense.Sum> group : report.expenses().entrySet()) {
      Expense expense = group.getKey();
      row(
          expense.day(),
          expense.project(),
          expense.person(),
          categories.of(expense.category()),
          expense.billable(),
          group.getValue().count(),
          group.getValue().minor());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("categories");
    for (String category : categories.items()) {
      json.writeString(category);
    }
    json.writeEndArray();
  }

  private void invoices() throws IOException {
    begin("invoices", report.invoices().size());
    for (Invoice invoice : head(report.invoices(), INVOICES_MAX)) {
      row(
          invoice.workspace(),
          invoice.number(),
          invoice.client(),
          invoice.status(),
          invoice.issued().map(LocalDate::toEpochDay).orElse(null),
          invoice.due().map(LocalDate::toEpochDay).orElse(null),
          invoice.amount(),
          invoice.paid(),
          invoice.balance(),
          invoice.currency(),
          invoice.isOpen(),
          invoice.isOverdue(report.today()));
    }
    json.writeEndArray();
  }

  private void approvals() throws IOException {
    begin("approvals", report.approvals().size());
    for (Approval approval : head(report.approvals(), APPROVALS_MAX)) {
      row(
          approval.workspace(),
          approval.person(),
          approval.from().toEpochDay(),
          approval.to().toEpochDay(),
          approval.type(),
          approval.state(),
          approval.seconds());
    }
    json.writeEndArray();
  }

  private void freshness() throws IOException {
    json.writeArrayFieldStart("freshness");
    for (Freshness fresh : report.freshness()) {
      json.writeStartArray();
      json.writeNumber(fresh.workspace());
      value(fresh.entriesAsOf().map(Object::toString).orElse(null));
      row(fresh.notUpToDate().toArray());
      if (fresh.verification().isPresent()) {
        Freshness.Verification verified = fresh.verification().get();
        row(verified.at().toString(), verified.checks(), verified.differences(), verified.open());
      } else {
        json.writeNull();
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** Says how many there are, of which the page may hold only the first. */
  private void begin(String name, int all) throws IOException {
    json.writeNumberField(name + "All", all);
    json.writeArrayFieldStart(name);
  }

  private static <T> List<T> head(List<T> list, int max) {
    return list.subList(0, Math.min(max, list.size()));
  }

  private void row(Object... values) throws IOException {
    json.writeStartArray();
    for (Object value : values) {
      value(value);
    }
    json.writeEndArray();
  }

  private void value(Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean flag) {
      json.writeNumber(flag ? 1 : 0);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else {
      json.writeString(value.toString());
    }
  }
}
