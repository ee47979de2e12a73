// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.stream.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Some days of one month, by UTC: never more than the 31 that a report of the free plan may cover
 * (API.md section 7.20).
 *
 * @param from first day
 * @param to first day after it
 */
record TimeWindow(LocalDate from, LocalDate to) {

  /** The days of a range, month by month, oldest first. */
  static List<TimeWindow> months(LocalDate from, LocalDate to) {
    List<TimeWindow> windows = new ArrayList<>();
    LocalDate begin = from;
    while (begin.isBefore(to)) {
      LocalDate next = YearMonth.from(begin).plusMonths(1).atDay(1);
      LocalDate end = next.isBefore(to) ? next : to;
      windows.add(new TimeWindow(begin, end));
      begin = end;
    }
    return windows;
  }

  Instant start() {
    return from.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  Instant end() {
    return to.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  Period period() {
    return new Period(micros(start()), micros(end()));
  }

  /** The first day's first millisecond, as reports take it. */
  String firstMoment() {
    return from + "T00:00:00.000";
  }

  /** The last day's last millisecond: bounds of reports are inclusive. */
  String lastMoment() {
    return to.minusDays(1) + "T23:59:59.999";
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static LocalDate day(long micros) {
    return LocalDate.ofInstant(instant(micros), ZoneOffset.UTC);
  }
}
