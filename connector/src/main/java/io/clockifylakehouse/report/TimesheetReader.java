// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import io.clockifylakehouse.destination.LiveRows;
import io.clockifylakehouse.stream.Row;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads what is expected of whom: capacity and working days of active members, less holidays and
 * approved time off. Used by one thread, once.
 */
final class TimesheetReader {
  private final LiveRows rows;
  private final Directory directory;
  private final Set<String> workspaces;
  private final ZoneId zone;
  private final LocalDate start;
  private final Map<String, Timesheet> timesheets = new LinkedHashMap<>();
  private int withoutCapacity;

  /**
   * @param today the first day that is not looked at: it is not over
   */
  TimesheetReader(
      LiveRows rows, Directory directory, Set<String> workspaces, ZoneId zone, LocalDate today) {
    this.rows = rows;
    this.directory = directory;
    this.workspaces = workspaces;
    this.zone = zone;
    this.start = today.minusDays(Timesheet.DAYS);
  }

  void read(Map<String, Set<String>> groups) {
    Map<String, Row> profiles = new HashMap<>();
    rows.read(
        "member_profiles",
        List.of("workspace_id", "user_id", "work_capacity", "working_days"),
        workspaces,
        row -> profiles.put(key(row, 0, 1), row));
    rows.read(
        "workspace_users",
        List.of("workspace_id", "id", "status", "memberships"),
        workspaces,
        row -> {
          if (isActive(row)) {
            member(row, Optional.ofNullable(profiles.get(key(row, 0, 1))));
          }
        });
    holidays(groups);
    timeOff();
  }

  private static String key(Row row, int workspace, int user) {
    return Fields.text(row, workspace) + "/" + Fields.text(row, user);
  }

  /** A deactivated member still has an ACTIVE account: the membership decides (API.md 7.3). */
  private static boolean isActive(Row row) {
    boolean deactivated =
        row.get(3) != null
            && row.list(3).stream()
                .anyMatch(
                    membership ->
                        membership instanceof Row known
                            && known.size() > 5
                            && "WORKSPACE".equals(known.get(4))
                            && "INACTIVE".equals(known.get(5)));
    return Fields.text(row, 2).equals("ACTIVE") && !deactivated;
  }

  private void member(Row user, Optional<Row> profile) {
    long capacity = profile.flatMap(row -> Fields.seconds(row, 2)).orElse(0L);
    Set<DayOfWeek> workingDays =
        profile.map(row -> Fields.texts(row, 3)).orElse(List.of()).stream()
            .flatMap(name -> Fields.dayOfWeek(name).stream())
            .collect(Collectors.toSet());
    if (capacity <= 0 || workingDays.isEmpty()) {
      withoutCapacity++;
      return;
    }
    Timesheet timesheet =
        new Timesheet(
            directory.workspace(Fields.text(user, 0)),
            directory.person(Fields.text(user, 1)),
            start);
    for (int i = 0; i < Timesheet.DAYS; i++) {
      LocalDate day = start.plusDays(i);
      if (workingDays.contains(day.getDayOfWeek())) {
        timesheet.expect(day, Math.toIntExact(Math.min(capacity, 86_400)));
      }
    }
    timesheets.put(key(user, 0, 1), timesheet);
  }

  private void holidays(Map<String, Set<String>> groups) {
    rows.read(
        "holidays",
        List.of(
            "workspace_id",
            "date_period.start_date",
            "date_period.end_date",
            "occurs_annually",
            "everyone_including_new",
            "user_ids",
            "user_group_ids"),
        workspaces,
        row -> {
          Set<String> ids = new HashSet<>(Fields.texts(row, 5));
          Fields.texts(row, 6)
              .forEach(
                  group ->
                      ids.addAll(groups.getOrDefault(Fields.text(row, 0) + "/" + group, Set.of())));
          timesheets.forEach(
              (key, timesheet) -> {
                boolean in = key.startsWith(Fields.text(row, 0) + "/");
                if (in
                    && (Fields.flag(row, 4) || ids.contains(key.substring(key.indexOf('/') + 1)))) {
                  holiday(row, timesheet);
                }
              });
        });
  }

  private void holiday(Row row, Timesheet timesheet) {
    if (!(row.get(1) instanceof Integer first) || !(row.get(2) instanceof Integer last)) {
      return;
    }
    LocalDate from = LocalDate.ofEpochDay(first);
    LocalDate to = LocalDate.ofEpochDay(Math.min(last, first + 366));
    int years = Fields.flag(row, 3) ? 1 : 0;
    for (int year = -years; year <= years; year++) {
      int shift = years == 0 ? 0 : start.getYear() - from.getYear() + year;
      from.plusYears(shift)
          .datesUntil(to.plusYears(shift).plusDays(1))
          .forEach(day -> timesheet.excuse(day, 0));
    }
  }

  private void timeOff() {
    rows.read(
        "time_off_requests",
        List.of(
            "workspace_id",
            "user_id",
            "status.status_type",
            "time_off_period.period.start",
            "time_off_period.period.end",
            "time_off_period.half_day",
            "user_time_zone"),
        workspaces,
        row -> {
          Timesheet timesheet = timesheets.get(key(row, 0, 1));
          ZoneId own = Fields.zone(Fields.text(row, 6)).orElse(zone);
          Optional<LocalDate> first = Fields.day(row, 3, own);
          Optional<LocalDate> last = Fields.day(row, 4, own);
          boolean approved = Fields.text(row, 2).equals("APPROVED");
          if (timesheet != null
              && approved
              && first.isPresent()
              && last.isPresent()
              && !last.get().isBefore(first.get())) {
            double share = Fields.flag(row, 5) ? 0.5 : 0;
            LocalDate from = first.get().isBefore(start) ? start : first.get();
            LocalDate end = start.plusDays(Timesheet.DAYS);
            LocalDate to = last.get().isBefore(end) ? last.get().plusDays(1) : end;
            if (from.isBefore(to)) {
              from.datesUntil(to).forEach(day -> timesheet.excuse(day, share));
            }
          }
        });
  }

  /** Counts an entry, when its person is expected to record any. */
  void add(String workspaceId, String userId, Entry entry) {
    Timesheet timesheet = timesheets.get(workspaceId + "/" + userId);
    if (timesheet != null) {
      timesheet.add(entry);
    }
  }

  Collection<Timesheet> timesheets() {
    return timesheets.values();
  }

  /** Active members of whom nothing is known to be expected. */
  int withoutCapacity() {
    return withoutCapacity;
  }
}
