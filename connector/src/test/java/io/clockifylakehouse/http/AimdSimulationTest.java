// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The limiter against a server that allows so many requests in any sliding second. */
class AimdSimulationTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;
  private static final long TEN_MINUTES = 600 * SECOND;

  private final VirtualTime time = new VirtualTime();
  private final ArrayDeque<Long> accepted = new ArrayDeque<>();
  private int cap = 10;
  private int served;
  private int refused;

  private RateLimiter run(RateSettings settings, long jitterNanos, long untilNanos)
      throws InterruptedException {
    SplittableRandom random = new SplittableRandom(17);
    RateLimiter limiter = new RateLimiter(settings, time, new UnauthorizedLatch(time));
    while (time.nanos() < untilNanos) {
      RateLimiter.Permit permit = limiter.acquire();
      long arrivalNanos = permit.grantedNanos() + 20 * MILLI + random.nextLong(jitterNanos + 1);
      time.at(arrivalNanos, () -> arrive(limiter, permit));
      time.sleep(Duration.ZERO);
    }
    return limiter;
  }

  private void arrive(RateLimiter limiter, RateLimiter.Permit permit) {
    long nowNanos = time.nanos();
    while (!accepted.isEmpty() && nowNanos - accepted.peekFirst() > SECOND) {
      accepted.removeFirst();
    }
    boolean serves = accepted.size() < cap;
    if (serves) {
      accepted.addLast(nowNanos);
      served++;
    } else {
      refused++;
    }
    time.at(
        nowNanos + 60 * MILLI,
        () -> {
          if (serves) {
            limiter.succeeded(permit);
          } else {
            limiter.throttled(permit);
          }
        });
  }

  @Test
  void usesUpACapOfTenWithoutEverBeingRefused() throws InterruptedException {
    run(new RateSettings(5, 0.2, 9.5), 50 * MILLI, TEN_MINUTES);
    assertThat(refused).isZero();
    assertThat(served / 600.0).isGreaterThan(9.4);
  }

  @Test
  void settlesUnderACapThatItDoesNotKnow() throws InterruptedException {
    run(new RateSettings(5, 0.2, 40), 50 * MILLI, TEN_MINUTES);
    assertThat(served / 600.0).isGreaterThan(7);
    assertThat(refused).isPositive().isLessThan(served / 50);
  }

  @Test
  void followsACapThatFalls() throws InterruptedException {
    time.at(60 * SECOND, () -> cap = 3);
    RateLimiter limiter = run(new RateSettings(5, 0.2, 9.5), 50 * MILLI, TEN_MINUTES);
    assertThat(limiter.rate()).isBetween(1.0, 3.5);
    assertThat(refused).isPositive().isLessThan(served / 20);
  }

  @Test
  void staysAtTheFloorWhileNothingIsServed() throws InterruptedException {
    cap = 0;
    RateLimiter limiter = run(new RateSettings(5, 0.5, 9.5), 50 * MILLI, TEN_MINUTES);
    assertThat(limiter.rate()).isEqualTo(0.5);
    assertThat(refused).isBetween(295, 320);
  }
}
