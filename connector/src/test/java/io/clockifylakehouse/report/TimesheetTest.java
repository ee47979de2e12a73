// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class TimesheetTest {
  private static final LocalDate START = LocalDate.of(2026, 8, 3);

  private static Timesheet weekdays() {
    Timesheet sheet = new Timesheet(0, 0, START);
    for (int i = 0; i < 5; i++) {
      sheet.expect(START.plusDays(i), 25_200);
    }
    return sheet;
  }

  private static Entry entry(int day, long seconds) {
    return Entries.of(0, Math.toIntExact(START.toEpochDay()) + day, 1, "EUR", seconds);
  }

  @Test
  void missesWhatIsBelowCapacityAndNoMore() {
    Timesheet sheet = weekdays();
    sheet.add(entry(0, 30_000));
    sheet.add(entry(1, 20_000));
    sheet.add(entry(5, 5_000));

    assertThat(sheet.missing(0)).hasValue(0);
    assertThat(sheet.missing(1)).hasValue(5_200);
    assertThat(sheet.missing(2)).hasValue(25_200);
    assertThat(sheet.missing(5)).isEmpty();
  }

  @Test
  void holidaysAndHalfDaysAreExcused() {
    Timesheet sheet = weekdays();
    sheet.add(entry(0, 30_000));
    sheet.excuse(START.plusDays(1), 0);
    sheet.excuse(START.plusDays(2), 0.5);
    sheet.excuse(START.minusDays(1), 0);
    sheet.excuse(START.plusDays(Timesheet.DAYS), 0);

    assertThat(sheet.missing(1)).isEmpty();
    assertThat(sheet.missing(2)).hasValue(12_600);
  }

  @Test
  void nothingIsExpectedBeforeTheFirstEntry() {
    Timesheet sheet = weekdays();
    sheet.add(entry(3, 25_200));

    assertThat(sheet.missing(2)).isEmpty();
    assertThat(sheet.missing(3)).hasValue(0);
    assertThat(sheet.missing(4)).hasValue(25_200);
  }

  @Test
  void breaksAreNoWork() {
    Timesheet sheet = weekdays();
    Entry work = entry(0, 25_200);
    sheet.add(
        new Entry(
            0, 0, 0, work.tags(), Kind.BREAK, false, work.rate(), work.day(), work.seconds()));

    assertThat(sheet.missing(0)).hasValue(25_200);
  }
}
