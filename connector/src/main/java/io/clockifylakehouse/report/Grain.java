// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.LocalDate;
import java.util.List;

/**
 * How finely a page tells entries apart: by day from one day on, by month before it, by year before
 * another, with their tags or without. Immutable.
 *
 * @param daysFrom first day that is told apart from its neighbours, the first of a month; {@link
 *     LocalDate#MIN} for all
 * @param monthsFrom first day of the months that are told apart, the first of a year, or {@link
 *     LocalDate#MIN}; not after {@code daysFrom}
 * @param tags whether tags are told apart
 */
record Grain(LocalDate daysFrom, LocalDate monthsFrom, boolean tags) {
  /** Every day, and tags. */
  static final Grain FINEST = new Grain(LocalDate.MIN, LocalDate.MIN, true);

  /** From fine to coarse, seen from a day; what comes after the last is refused. */
  static List<Grain> ladder(LocalDate today) {
    LocalDate month = today.withDayOfMonth(1);
    LocalDate year = month.withDayOfYear(1);
    return List.of(
        FINEST,
        new Grain(month.minusMonths(24), LocalDate.MIN, true),
        new Grain(month.minusMonths(12), LocalDate.MIN, true),
        new Grain(month.minusMonths(12), LocalDate.MIN, false),
        new Grain(month.minusMonths(6), LocalDate.MIN, false),
        new Grain(month.minusMonths(3), year.minusYears(1), false),
        new Grain(month.minusMonths(1), year.minusYears(1), false),
        new Grain(month.plusMonths(1), year, false));
  }

  /** The day that a day is counted under. */
  int bucket(int epochDay) {
    if (epochDay >= daysFrom.toEpochDay()) {
      return epochDay;
    }
    LocalDate day = LocalDate.ofEpochDay(epochDay);
    LocalDate first =
        epochDay >= monthsFrom.toEpochDay() ? day.withDayOfMonth(1) : day.withDayOfYear(1);
    return Math.toIntExact(first.toEpochDay());
  }
}
