// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {
  @ParameterizedTest
  @CsvSource({
    "WEEKLY, 2026-11-21, 2026-11-16",
    "WEEKLY, 2026-11-16, 2026-11-16",
    "MONTHLY, 2026-11-21, 2026-11-20",
    "MONTHLY, 2026-11-19, 2026-10-20",
    "MONTHLY, 2026-11-20, 2026-11-20",
    "YEARLY, 2026-11-21, 2026-02-20",
    "YEARLY, 2026-02-19, 2025-02-20",
  })
  void startsAnewOnItsDay(String interval, LocalDate today, LocalDate start) {
    assertThat(new Budget.Reset(interval, DayOfWeek.MONDAY, 20, 2).start(today)).contains(start);
  }

  @Test
  void startsAnewAtTheEndOfAMonthThatIsTooShort() {
    Budget.Reset reset = new Budget.Reset("MONTHLY", DayOfWeek.MONDAY, 31, 1);

    assertThat(reset.start(LocalDate.of(2026, 2, 28))).contains(LocalDate.of(2026, 2, 28));
    assertThat(reset.start(LocalDate.of(2026, 3, 1))).contains(LocalDate.of(2026, 2, 28));
    assertThat(new Budget.Reset("", DayOfWeek.MONDAY, 1, 1).start(LocalDate.EPOCH)).isEmpty();
  }

  @Test
  void countsWhatTheEstimateSays() {
    LocalDate since = LocalDate.of(2026, 11, 1);
    Budget budget =
        new Budget(
            0,
            "EUR",
            Optional.of(new Budget.Limit(36_000, Optional.of(since), true)),
            Optional.of(new Budget.Limit(100_000, Optional.empty(), true)));
    budget.add(Entries.of(0, Entries.day("2026-10-31"), 6000, "EUR", 3600));
    budget.add(Entries.of(0, Entries.day("2026-11-01"), 6000, "EUR", 7200));
    budget.addExpense(Entries.day("2026-01-01"), 250.5);

    assertThat(budget.usedSeconds()).isEqualTo(7200);
    assertThat(budget.usedMinor()).isEqualTo(6000 + 12_000 + 251);
    assertThat(budget.hasOtherCurrency()).isFalse();

    budget.add(Entries.of(0, Entries.day("2026-11-02"), 6000, "USD", 3600));
    assertThat(budget.usedMinor()).isEqualTo(18_251);
    assertThat(budget.hasOtherCurrency()).isTrue();
  }
}
