// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MoneyTest {
  @Test
  void hasTheDigitsOfTheCurrency() {
    assertThat(Money.major(1234, "EUR")).hasToString("12.34");
    assertThat(Money.major(1234, "JPY")).hasToString("1234");
    assertThat(Money.major(1234, "BHD")).hasToString("1.234");
    assertThat(Money.major(1234, "Gold")).hasToString("12.34");
    assertThat(Money.major(1234, "XXX")).hasToString("12.34");
  }

  @Test
  void roundsHalvesUpOnce() {
    assertThat(Money.minor(1799)).isZero();
    assertThat(Money.minor(1800)).isEqualTo(1);
    assertThat(Money.minor(3600L * 6000)).isEqualTo(6000);
    assertThat(Money.minor(-1800)).isZero();
    assertThat(Money.minor(-1801)).isEqualTo(-1);
  }

  @Test
  void addsUpBeforeItRounds() {
    Tally tally = new Tally();
    for (int i = 0; i < 3; i++) {
      tally.add(Entries.of(1, 0, 20, "EUR", 60));
    }
    // 60 seconds at 0.20 an hour are a third of a cent; rounded one by one they would be nothing.
    assertThat(tally.earned()).containsEntry("EUR", 1L);
  }
}
