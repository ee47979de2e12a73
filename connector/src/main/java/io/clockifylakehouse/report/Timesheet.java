// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.LocalDate;
import java.util.OptionalInt;

/**
 * What one person of one workspace was expected to record, and did, day by day over the last weeks
 * before today. Nothing is expected before somebody's first entry. Filled by one thread.
 */
final class Timesheet {
  /** Thirteen weeks: a quarter. */
  static final int DAYS = 91;

  private final int workspace;
  private final int person;
  private final LocalDate start;
  private final int[] expected = new int[DAYS];
  private final long[] recorded = new long[DAYS];
  private int firstDay = Integer.MAX_VALUE;

  /**
   * @param start first of the {@link #DAYS} days
   */
  Timesheet(int workspace, int person, LocalDate start) {
    this.workspace = workspace;
    this.person = person;
    this.start = start;
  }

  /** Expects this many seconds on a day. */
  void expect(LocalDate day, int seconds) {
    expected[offset(day)] = seconds;
  }

  /** Expects only this share of what was expected: 0 on a holiday, 0.5 on half a day off. */
  void excuse(LocalDate day, double share) {
    if (covers(day)) {
      expected[offset(day)] = (int) Math.round(expected[offset(day)] * share);
    }
  }

  /** Breaks are no work. */
  void add(Entry entry) {
    firstDay = Math.min(firstDay, entry.day());
    long offset = entry.day() - start.toEpochDay();
    if (offset >= 0 && offset < DAYS && entry.kind() != Kind.BREAK) {
      recorded[(int) offset] += entry.seconds();
    }
  }

  private boolean covers(LocalDate day) {
    return !day.isBefore(start) && day.isBefore(start.plusDays(DAYS));
  }

  private int offset(LocalDate day) {
    return Math.toIntExact(day.toEpochDay() - start.toEpochDay());
  }

  int workspace() {
    return workspace;
  }

  int person() {
    return person;
  }

  LocalDate start() {
    return start;
  }

  /** Seconds expected on a day, by its distance from the start. */
  int expected(int day) {
    return start.toEpochDay() + day < firstDay ? 0 : expected[day];
  }

  long recorded(int day) {
    return recorded[day];
  }

  /** Seconds that are missing on a day; empty when nothing was expected. */
  OptionalInt missing(int day) {
    int wanted = expected(day);
    return wanted == 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.max(0, wanted - recorded[day]));
  }
}
