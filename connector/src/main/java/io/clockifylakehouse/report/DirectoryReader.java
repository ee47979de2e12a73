// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import io.clockifylakehouse.destination.LiveRows;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.Row;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the names, and the limits of the projects. Used by one thread, once. */
final class DirectoryReader {
  private final LiveRows rows;
  private final Directory directory = new Directory();
  private Set<String> workspaces = Set.of();

  DirectoryReader(LiveRows rows) {
    this.rows = rows;
  }

  /**
   * @param wanted ids or exact names of workspaces; empty for all
   * @throws ConnectorException of code CONFIGURATION when one is unknown
   */
  Directory read(List<String> wanted) {
    Map<String, Row> found = new LinkedHashMap<>();
    rows.read(
        "workspaces",
        List.of("id", "name", "currencies", "hourly_rate.currency"),
        Set.of(),
        row -> found.put(Fields.text(row, 0), row));
    for (String name : wanted) {
      if (found.values().stream().noneMatch(row -> isNamed(row, name))) {
        throw ConnectorException.configuration(
            "no workspace has the id or exact name '"
                + name
                + "' among those in the tables; check --workspace and source.workspaces, or run"
                + " sync");
      }
    }
    if (!wanted.isEmpty()) {
      found.values().removeIf(row -> wanted.stream().noneMatch(name -> isNamed(row, name)));
      workspaces = Set.copyOf(found.keySet());
    }
    found.forEach(
        (id, row) -> directory.addWorkspace(id, Fields.text(row, 1), defaultCurrency(row)));
    clients();
    projects();
    people();
    tags();
    return directory;
  }

  private static boolean isNamed(Row row, String name) {
    return Fields.text(row, 0).equals(name) || Fields.text(row, 1).equals(name);
  }

  /** Ids that were asked for; empty for all. */
  Set<String> workspaces() {
    return workspaces;
  }

  /** Of a list of {@code {id, code, isDefault}}, in the order of the stream's columns. */
  private static String defaultCurrency(Row row) {
    if (row.get(2) != null) {
      for (Object currency : row.list(2)) {
        if (currency instanceof Row known && Fields.flag(known, 2)) {
          return Fields.text(known, 1);
        }
      }
    }
    return Fields.text(row, 3);
  }

  private void clients() {
    rows.read(
        "clients",
        List.of("workspace_id", "id", "name", "currency_code"),
        workspaces,
        row ->
            directory.addClient(
                directory.workspace(Fields.text(row, 0)),
                Fields.text(row, 1),
                Fields.text(row, 2),
                Fields.text(row, 3)));
  }

  private void projects() {
    rows.read(
        "projects",
        List.of("workspace_id", "client_id", "id", "name", "archived"),
        workspaces,
        row ->
            directory.addProject(
                directory.workspace(Fields.text(row, 0)),
                Fields.text(row, 1),
                Fields.text(row, 2),
                Fields.text(row, 3),
                Fields.flag(row, 4)));
  }

  private void people() {
    rows.read(
        "workspace_users",
        List.of("id", "name", "email"),
        workspaces,
        row -> directory.addPerson(Fields.text(row, 0), Fields.text(row, 1), Fields.text(row, 2)));
    // Who left is not listed any more, but may be named where somebody else's name is.
    for (String table : List.of("approval_requests", "time_off_requests")) {
      String owner = table.equals("approval_requests") ? "approval_request.owner." : "";
      rows.read(
          table,
          List.of(owner + "user_id", owner + "user_name"),
          workspaces,
          row -> {
            if (!Fields.text(row, 0).isEmpty() && !Fields.text(row, 1).isEmpty()) {
              directory.addPerson(Fields.text(row, 0), Fields.text(row, 1), "");
            }
          });
    }
  }

  private void tags() {
    rows.read(
        "tags",
        List.of("workspace_id", "id", "name"),
        workspaces,
        row ->
            directory.addTag(
                directory.workspace(Fields.text(row, 0)),
                Fields.text(row, 1),
                Fields.text(row, 2)));
  }

  /** The active estimates of projects that are no templates, by position of the project. */
  Map<Integer, Budget> budgets(LocalDate today, DayOfWeek weekStart) {
    Map<Integer, Budget> budgets = new LinkedHashMap<>();
    List<String> paths = new ArrayList<>(List.of("workspace_id", "id", "template"));
    for (String field : List.of("estimate", "active", "reset_option", "include_non_billable")) {
      paths.add("time_estimate." + field);
    }
    for (String field : List.of("estimate", "active", "reset_option", "include_expenses")) {
      paths.add("budget_estimate." + field);
    }
    for (String field : List.of("day_of_week", "day_of_month", "month")) {
      paths.add("estimate_reset." + field);
    }
    rows.read(
        "projects",
        paths,
        workspaces,
        row -> {
          Optional<Budget.Limit> time =
              Fields.flag(row, 4)
                  ? limit(Fields.seconds(row, 3).orElse(0L), row, 5, today, weekStart)
                  : Optional.empty();
          Optional<Budget.Limit> money =
              Fields.flag(row, 8)
                  ? limit(Fields.number(row, 7), row, 9, today, weekStart)
                  : Optional.empty();
          if (!Fields.flag(row, 2) && (time.isPresent() || money.isPresent())) {
            int project =
                directory.project(directory.workspace(Fields.text(row, 0)), Fields.text(row, 1));
            String currency = directory.projects().get(project).currency();
            budgets.put(project, new Budget(project, currency, time, money));
          }
        });
    return budgets;
  }

  /**
   * @param reset position of the interval; whether everything counts stands behind it
   */
  private static Optional<Budget.Limit> limit(
      long amount, Row row, int reset, LocalDate today, DayOfWeek weekStart) {
    Budget.Reset anew =
        new Budget.Reset(
            Fields.text(row, reset),
            Fields.dayOfWeek(row.get(11)).orElse(weekStart),
            (int) Math.max(1, Fields.number(row, 12)),
            Fields.month(row.get(13)).orElse(Month.JANUARY).getValue());
    return amount <= 0
        ? Optional.empty()
        : Optional.of(new Budget.Limit(amount, anew.start(today), Fields.flag(row, reset + 1)));
  }

  /** The user whose key it is: time zone and first day of the week, as far as they are known. */
  static final class Owner {
    private Optional<ZoneId> zone = Optional.empty();
    private Optional<DayOfWeek> weekStart = Optional.empty();

    Optional<ZoneId> zone() {
      return zone;
    }

    Optional<DayOfWeek> weekStart() {
      return weekStart;
    }
  }

  Owner owner() {
    Owner owner = new Owner();
    rows.read(
        "user",
        List.of("settings.time_zone", "settings.week_start"),
        Set.of(),
        row -> {
          owner.zone = Fields.zone(Fields.text(row, 0));
          owner.weekStart = Fields.dayOfWeek(row.get(1));
        });
    return owner;
  }

  /** Ids of the members of each group, by workspace and group. */
  Map<String, Set<String>> groups() {
    Map<String, Set<String>> groups = new LinkedHashMap<>();
    rows.read(
        "groups",
        List.of("workspace_id", "id", "user_ids"),
        workspaces,
        row ->
            groups.put(
                Fields.text(row, 0) + "/" + Fields.text(row, 1),
                Fields.texts(row, 2).stream().collect(Collectors.toSet())));
    return groups;
  }
}
