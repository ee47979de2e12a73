// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.LiveRows;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.Row;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tables once and adds up. Holds groups and sums, not rows: memory grows with people,
 * projects and days, not with entries.
 *
 * <p>Used by one thread, once.
 */
public final class ReportReader {
  private static final List<String> TABLES =
      List.of(
          "workspaces",
          "user",
          "workspace_users",
          "groups",
          "member_profiles",
          "projects",
          "clients",
          "tags",
          "time_entries",
          "time_entries_in_progress",
          "expenses",
          "invoices",
          "approval_requests",
          "holidays",
          "time_off_requests");

  private static final List<String> ENTRY =
      List.of(
          "workspace_id",
          "user_id",
          "project_id",
          "tag_ids",
          "type",
          "billable",
          "started_at",
          "duration_seconds",
          "hourly_rate.amount",
          "hourly_rate.currency",
          "cost_rate.amount",
          "cost_rate.currency");

  private static final int EXPENSES_MAX = 20_000;

  private final Inspection inspection;
  private final LiveRows rows;
  private final ReportSettings settings;
  private Directory directory;
  private Set<String> workspaces;
  private ZoneId zone;
  private LocalDate today;
  private Map<Expense, Expense.Sum> expenses = new LinkedHashMap<>();
  private boolean expensesByMonth;

  private ReportReader(Inspection inspection, ReportSettings settings) {
    this.inspection = inspection;
    this.rows = inspection.pin(TABLES);
    this.settings = settings;
  }

  /**
   * @throws ConnectorException of code CONFIGURATION for a workspace that the tables do not know,
   *     USAGE when a page cannot hold the period
   */
  public static Report read(Inspection inspection, ReportSettings settings) {
    return new ReportReader(inspection, settings).read();
  }

  private Report read() {
    DirectoryReader names = new DirectoryReader(rows);
    DirectoryReader.Owner owner = names.owner();
    zone = settings.zone().or(owner::zone).orElse(ZoneId.of("UTC"));
    today = LocalDate.ofInstant(settings.now(), zone);
    DayOfWeek weekStart = owner.weekStart().orElse(DayOfWeek.MONDAY);
    directory = names.read(settings.workspaces());
    workspaces = names.workspaces();
    Map<Integer, Budget> budgets = names.budgets(today, weekStart);
    TimesheetReader timesheets = new TimesheetReader(rows, directory, workspaces, zone, today);
    timesheets.read(names.groups());
    Breakdown breakdown = new Breakdown(directory);
    TimeCube cube = new TimeCube(settings.cellsMax(), today);
    entries(breakdown, cube, budgets, timesheets);
    expenses(budgets);
    return new Report(
        settings,
        zone,
        today,
        weekStart,
        directory,
        breakdown,
        cube,
        List.copyOf(budgets.values()),
        timers(),
        List.copyOf(timesheets.timesheets()),
        timesheets.withoutCapacity(),
        expenses,
        invoices(),
        approvals(),
        new FreshnessReader(inspection, directory).read());
  }

  private void entries(
      Breakdown breakdown,
      TimeCube cube,
      Map<Integer, Budget> budgets,
      TimesheetReader timesheets) {
    rows.read(
        "time_entries",
        ENTRY,
        workspaces,
        row -> {
          if (row.get(6) == null || row.get(7) == null) {
            return; // a running timer: it is shown apart
          }
          Entry entry = entry(row);
          Budget budget = budgets.get(entry.project());
          if (budget != null) {
            budget.add(entry);
          }
          timesheets.add(Fields.text(row, 0), Fields.text(row, 1), entry);
          if (settings.contains(LocalDate.ofEpochDay(entry.day()))) {
            breakdown.add(entry);
            if (settings.cellsMax() > 0) {
              cube.add(entry);
            }
          }
        });
  }

  private Entry entry(Row row) {
    int workspace = directory.workspace(Fields.text(row, 0));
    String currency = directory.workspaces().get(workspace).currency();
    List<String> ids = Fields.texts(row, 3);
    List<Integer> tags =
        ids.isEmpty()
            ? List.of(directory.tag(workspace, ""))
            : ids.stream().distinct().map(id -> directory.tag(workspace, id)).sorted().toList();
    Instant start = Fields.instant(row, 6).orElseThrow();
    return new Entry(
        workspace,
        directory.project(workspace, Fields.text(row, 2)),
        directory.person(Fields.text(row, 1)),
        tags,
        Kind.of(row.get(4)),
        Fields.flag(row, 5),
        new Rate(
            Rate.Price.of(row.get(8), row.get(9), currency),
            Rate.Price.of(row.get(10), row.get(11), currency)),
        Math.toIntExact(LocalDate.ofInstant(start, zone).toEpochDay()),
        Fields.number(row, 7));
  }

  private void expenses(Map<Integer, Budget> budgets) {
    rows.read(
        "expenses",
        List.of(
            "workspace_id", "user_id", "project.id", "category.name", "date", "billable", "total"),
        workspaces,
        row -> {
          int workspace = directory.workspace(Fields.text(row, 0));
          Optional<LocalDate> date = Fields.day(row, 4, zone);
          double minor = row.get(6) instanceof Double total ? total : 0;
          int project = directory.project(workspace, Fields.text(row, 2));
          if (date.isPresent()) {
            int day = Math.toIntExact(date.get().toEpochDay());
            Budget budget = budgets.get(project);
            if (budget != null) {
              budget.addExpense(day, minor);
            }
            if (settings.contains(date.get())) {
              String category = Fields.text(row, 3);
              int person = directory.person(Fields.text(row, 1));
              add(new Expense(day, project, person, category, Fields.flag(row, 5)), 1, minor);
            }
          }
        });
  }

  private void add(Expense expense, int count, double minor) {
    Expense group = expensesByMonth ? byMonth(expense) : expense;
    expenses.computeIfAbsent(group, key -> new Expense.Sum()).add(count, minor);
    if (expenses.size() > EXPENSES_MAX && !expensesByMonth) {
      expensesByMonth = true;
      Map<Expense, Expense.Sum> finer = expenses;
      expenses = new LinkedHashMap<>();
      finer.forEach((known, sum) -> add(known, sum.count(), sum.minor()));
    }
  }

  private static Expense byMonth(Expense expense) {
    LocalDate month = LocalDate.ofEpochDay(expense.day()).withDayOfMonth(1);
    return new Expense(
        Math.toIntExact(month.toEpochDay()),
        expense.project(),
        expense.person(),
        expense.category(),
        expense.billable());
  }

  private List<RunningTimer> timers() {
    List<RunningTimer> timers = new ArrayList<>();
    rows.read(
        "time_entries_in_progress",
        List.of("workspace_id", "user_id", "project_id", "description", "billable", "started_at"),
        workspaces,
        row -> {
          int workspace = directory.workspace(Fields.text(row, 0));
          Fields.instant(row, 5)
              .ifPresent(
                  since ->
                      timers.add(
                          new RunningTimer(
                              workspace,
                              directory.project(workspace, Fields.text(row, 2)),
                              directory.person(Fields.text(row, 1)),
                              Fields.text(row, 3),
                              Fields.flag(row, 4),
                              since)));
        });
    timers.sort(Comparator.comparing(RunningTimer::since));
    return timers;
  }

  private List<Invoice> invoices() {
    List<Invoice> invoices = new ArrayList<>();
    rows.read(
        "invoices",
        List.of(
            "workspace_id",
            "number",
            "client_name",
            "status",
            "issued_date",
            "due_date",
            "amount",
            "paid",
            "balance",
            "currency"),
        workspaces,
        row -> {
          int workspace = directory.workspace(Fields.text(row, 0));
          String currency = Fields.text(row, 9);
          invoices.add(
              new Invoice(
                  workspace,
                  Fields.text(row, 1),
                  Fields.text(row, 2),
                  Fields.text(row, 3),
                  Fields.day(row, 4, ZoneOffset.UTC),
                  Fields.day(row, 5, ZoneOffset.UTC),
                  Fields.number(row, 6),
                  Fields.number(row, 7),
                  Fields.number(row, 8),
                  currency.isEmpty()
                      ? directory.workspaces().get(workspace).currency()
                      : currency));
        });
    // What is owed matters whenever it was issued; what is settled, within the period alone.
    invoices.removeIf(
        invoice -> !invoice.isOpen() && !invoice.issued().map(settings::contains).orElse(true));
    invoices.sort(
        Comparator.comparing(
            (Invoice invoice) -> invoice.issued().orElse(LocalDate.MIN),
            Comparator.reverseOrder()));
    return invoices;
  }

  private List<Approval> approvals() {
    List<Approval> approvals = new ArrayList<>();
    String request = "approval_request.";
    rows.read(
        "approval_requests",
        List.of(
            "workspace_id",
            request + "owner.user_id",
            request + "owner.time_zone",
            request + "date_range.start",
            request + "date_range.end",
            request + "type",
            request + "status.state",
            "tracked_time"),
        workspaces,
        row -> {
          ZoneId own = Fields.zone(Fields.text(row, 2)).orElse(zone);
          Optional<LocalDate> from = Fields.day(row, 3, own);
          if (from.isPresent() && settings.contains(from.get())) {
            approvals.add(
                new Approval(
                    directory.workspace(Fields.text(row, 0)),
                    directory.person(Fields.text(row, 1)),
                    from.get(),
                    Fields.day(row, 4, own).orElse(from.get()),
                    Fields.text(row, 5),
                    Fields.text(row, 6),
                    Fields.seconds(row, 7).orElse(0L)));
          }
        });
    approvals.sort(Comparator.comparing(Approval::from).reversed());
    return approvals;
  }
}
