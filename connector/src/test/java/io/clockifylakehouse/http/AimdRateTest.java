// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AimdRateTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;

  private static AimdRate rate(double start, double min, double max) {
    return AimdRate.starting(new RateSettings(start, min, max), 0);
  }

  @Test
  void growsByFourRequestsPerSecondInASecondOfFullUseUntilItIsRefused() {
    AimdRate rate = rate(5, 0.2, 9.5);
    for (int i = 0; i < 7; i++) {
      rate = rate.granted(true, SECOND);
      assertThat(rate.succeeded(true, SECOND).perSecond()).isEqualTo(rate.perSecond());
    }
    assertThat(rate.perSecond()).isCloseTo(9, within(0.2));
  }

  @Test
  void growsByHalfARequestPerSecondInASecondOfFullUseAfterThat() {
    AimdRate rate = rate(9.5, 0.2, 9.5).throttled(0, 1);
    double cut = rate.perSecond();
    for (int i = 0; i < 5; i++) {
      rate = rate.granted(true, SECOND).succeeded(true, SECOND);
    }
    assertThat(rate.perSecond()).isCloseTo(cut + 0.5, within(0.03));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20, 60, 70, 500, 5000})
  void theForecastIsWhatARunWithoutRefusalTakes(int requests) {
    RateSettings settings = new RateSettings(5, 0.2, 9.5);
    AimdRate rate = AimdRate.starting(settings, 0);
    double seconds = 0;
    for (int i = 0; i < requests; i++) {
      seconds += 1 / rate.perSecond();
      rate = rate.granted(true, (long) (seconds * SECOND));
    }
    assertThat(settings.seconds(requests)).isCloseTo(seconds, within(1e-6));
  }

  @Test
  void doesNotGrowWhileItIsNotWhatLimits() {
    AimdRate rate = rate(5, 0.2, 9.5);
    assertThat(rate.granted(false, SECOND).succeeded(false, SECOND)).isEqualTo(rate);
  }

  @Test
  void neverExceedsMax() {
    AimdRate rate = rate(9.4, 0.2, 9.5);
    for (int i = 0; i < 1000; i++) {
      rate = rate.granted(true, i * SECOND);
    }
    assertThat(rate.perSecond()).isEqualTo(9.5);
  }

  @Test
  void halvesOnThrottle() {
    assertThat(rate(8, 0.2, 9.5).throttled(SECOND, 2 * SECOND).perSecond()).isEqualTo(4.0);
  }

  @Test
  void halvesOncePerEpoch() {
    AimdRate cut = rate(8, 0.2, 9.5).throttled(SECOND, 2 * SECOND);
    assertThat(cut.throttled(SECOND + 1, 3 * SECOND)).isEqualTo(cut);
    assertThat(cut.throttled(2 * SECOND, 3 * SECOND)).isEqualTo(cut);
    assertThat(cut.throttled(2 * SECOND + 1, 3 * SECOND).perSecond()).isEqualTo(2.0);
  }

  @Test
  void neverFallsBelowMin() {
    AimdRate rate = rate(5, 0.3, 9.5);
    for (int i = 1; i < 20; i++) {
      rate = rate.throttled(i * SECOND, i * SECOND);
    }
    assertThat(rate.perSecond()).isEqualTo(0.3);
  }

  @Test
  void aWhileInWhichNothingIsServedLeavesNoTrace() {
    AimdRate rate = rate(5, 0.2, 9.5);
    for (int i = 1; i < 20; i++) {
      rate = rate.throttled(i * SECOND, i * SECOND);
    }
    double seconds = 20;
    for (; rate.perSecond() < 4.75; seconds += 1 / rate.perSecond()) {
      rate = rate.succeeded(true, (long) (seconds * SECOND));
    }
    assertThat(seconds).as("it climbs as at the start").isLessThan(20 + 15);
  }

  @Test
  void refusalsAtRandomDoNotPushItToTheGround() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      AimdRate rate = rate(5, 0.2, 9.5);
      double seconds = 1;
      for (int served = 0; served < 1000; seconds += 1 / rate.perSecond()) {
        long now = (long) (seconds * SECOND);
        boolean refused = random.nextInt(5) == 0;
        served += refused ? 0 : 1;
        rate = refused ? rate.throttled(now, now) : rate.succeeded(true, now);
      }
      assertThat(seconds).as("seed %d: seconds for 1000 requests", seed).isLessThan(2000);
    }
  }

  @Test
  void remembersWhereItWasRefusedAndForgetsSlowly() {
    AimdRate rate = rate(8, 0.2, 9.5).throttled(0, 0);
    for (int i = 0; i < 1000; i++) {
      rate = rate.succeeded(true, 0);
    }
    assertThat(rate.perSecond()).isCloseTo(0.95 * 8, within(1e-9));
    assertThat(rate.succeeded(true, 5 * MINUTE).perSecond())
        .as("0.5 over the rate, or 0.1 per minute: whichever is less")
        .isCloseTo(7.6 + 0.5 / 7.6, within(1e-9));
    assertThat(rate.ceilingAt(5 * MINUTE)).isCloseTo(8.1, within(1e-9));
    assertThat(rate.ceilingAt(1000 * MINUTE)).isEqualTo(9.5);
  }

  @Test
  void staysWithinItsBoundsWhateverHappens() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double min = 0.1 + random.nextDouble() * 2;
      double max = min + random.nextDouble() * 50;
      // Any origin: the count of nanoseconds may be negative and may wrap around.
      long now = random.nextLong();
      AimdRate rate =
          AimdRate.starting(
              new RateSettings(min + (max - min) * random.nextDouble(), min, max), now);
      for (int step = 0; step < 200; step++) {
        now += random.nextLong(2 * SECOND);
        AimdRate next =
            random.nextInt(10) == 0
                ? rate.throttled(now - random.nextLong(SECOND), now)
                : rate.granted(random.nextBoolean(), now).succeeded(random.nextBoolean(), now);
        assertThat(next.perSecond()).as("seed %d step %d", seed, step).isBetween(min, max);
        assertThat(next.perSecond())
            .as("seed %d step %d", seed, step)
            .isLessThanOrEqualTo(next.ceilingAt(now) + 1e-9);
        rate = next;
      }
    }
  }
}
