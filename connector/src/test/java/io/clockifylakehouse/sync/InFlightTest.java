// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.http.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InFlightTest {
  private static final double RATE = 10;

  private static Traffic sent(long requests) {
    return new Traffic(requests, 0, 0, 0, RATE, 0.5);
  }

  @ParameterizedTest
  @CsvSource({"0.05, 4", "0.5, 10", "2, 32", "3, 32"})
  void isEnoughForTheRateAtALatencyWithinItsBounds(double latencySeconds, int limit) {
    assertThat(new InFlight(4, 32).limit(RATE, latencySeconds)).isEqualTo(limit);
  }

  @Test
  void theRateHoldsReadingBackWhereMostOfItIsUsed() {
    assertThat(InFlight.isPaced(sent(100), sent(190), 10)).isTrue();
    assertThat(InFlight.isPaced(sent(100), sent(140), 10)).isFalse();
    assertThat(InFlight.isPaced(sent(100), sent(100), 0.9)).as("too short to tell").isTrue();
  }
}
