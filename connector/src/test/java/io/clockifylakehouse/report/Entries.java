// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Entries for tests. */
final class Entries {
  private Entries() {}

  /** Billable work without tags. */
  static Entry of(int person, int day, long minorAnHour, String currency, long seconds) {
    return of(person, day, List.of(0), minorAnHour, currency, seconds);
  }

  static Entry of(
      int person, int day, List<Integer> tags, long minorAnHour, String currency, long seconds) {
    Rate rate = new Rate(Optional.of(new Rate.Price(minorAnHour, currency)), Optional.empty());
    return new Entry(0, 0, person, tags, Kind.WORK, true, rate, day, seconds);
  }

  static int day(String date) {
    return Math.toIntExact(LocalDate.parse(date).toEpochDay());
  }
}
