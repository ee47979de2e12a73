// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.clockifylakehouse.error.ConnectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;

  private final VirtualTime time = new VirtualTime();
  private final UnauthorizedLatch latch = new UnauthorizedLatch(time);

  private RateLimiter limiter(double rate) {
    return new RateLimiter(new RateSettings(rate, Math.min(rate, 0.2), rate), time, latch);
  }

  private static List<Long> grants(RateLimiter limiter, int count) throws InterruptedException {
    List<Long> grants = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      grants.add(limiter.acquire().grantedNanos());
    }
    return grants;
  }

  private static int mostInASecond(List<Long> grants) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < grants.size(); to++) {
      while (grants.get(to) - grants.get(from) > SECOND) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  @Test
  void spacesPermitsEvenlyAndLetsTheFirstLeaveAtOnce() throws InterruptedException {
    List<Long> grants = grants(limiter(5), 11);
    assertThat(grants.get(0)).isZero();
    for (int i = 1; i < grants.size(); i++) {
      assertThat(grants.get(i) - grants.get(i - 1)).isBetween(199 * MILLI, 200 * MILLI);
    }
  }

  @Test
  void keepsTheRateExactlyOverTime() throws InterruptedException {
    List<Long> grants = grants(limiter(9.5), 951);
    assertThat(grants.get(950) / (double) SECOND).isCloseTo(100, within(0.01));
  }

  @Test
  void neverBreaksACapOfTenInAnySlidingSecondAtNineAndAHalf() throws InterruptedException {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      RateLimiter limiter = limiter(9.5);
      List<Long> grants = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        if (random.nextInt(10) == 0) {
          time.sleep(Duration.ofNanos(random.nextLong(3 * SECOND)));
        }
        grants.add(limiter.acquire().grantedNanos());
      }
      assertThat(mostInASecond(grants)).as("seed %d", seed).isEqualTo(10);
    }
  }

  @Test
  void doesNotBurstAfterARest() throws InterruptedException {
    RateLimiter limiter = limiter(5);
    limiter.acquire();
    time.sleep(Duration.ofHours(1));
    List<Long> grants = grants(limiter, 3);
    assertThat(grants.get(0)).isEqualTo(3600 * SECOND);
    assertThat(grants.get(1) - grants.get(0)).isGreaterThanOrEqualTo(199 * MILLI);
    assertThat(grants.get(2) - grants.get(1)).isGreaterThanOrEqualTo(199 * MILLI);
  }

  @Test
  void goesAsSlowAsOneRequestInTenSeconds() throws InterruptedException {
    List<Long> grants = grants(limiter(0.1), 4);
    assertThat(grants.get(3) / (double) SECOND).isCloseTo(30, within(0.01));
  }

  @Test
  void goesAsFastAsTenThousandRequestsPerSecond() throws InterruptedException {
    List<Long> grants = grants(limiter(10_000), 20_001);
    assertThat(grants.get(20_000) / (double) SECOND).isCloseTo(2, within(0.01));
    assertThat(mostInASecond(grants)).isLessThanOrEqualTo(10_021);
  }

  @Test
  void saysWhetherItWasWhatLimited() throws InterruptedException {
    RateLimiter limiter = limiter(5);
    assertThat(limiter.acquire().limited()).isFalse();
    assertThat(limiter.acquire().limited()).isTrue();
    time.sleep(Duration.ofMillis(200));
    assertThat(limiter.acquire().limited()).isFalse();
  }

  @Test
  void widensTheGapsFromTheNextPermitOnWhenThrottled() throws InterruptedException {
    RateLimiter limiter = new RateLimiter(new RateSettings(8, 0.2, 9.5), time, latch);
    RateLimiter.Permit refused = limiter.acquire();
    time.sleep(Duration.ofMillis(10));
    limiter.throttled(refused);
    assertThat(limiter.rate()).isEqualTo(4.0);
    List<Long> grants = grants(limiter, 3);
    assertThat(grants.get(2) - grants.get(1)).isBetween(249 * MILLI, 251 * MILLI);
  }

  @Test
  void holdsEveryoneAsLongAsTheServiceAsks() throws InterruptedException {
    RateLimiter limiter = limiter(5);
    limiter.acquire();
    limiter.hold(Duration.ofSeconds(7));
    limiter.hold(Duration.ofSeconds(3));
    List<Long> grants = grants(limiter, 2);
    assertThat(grants.get(0)).isEqualTo(7 * SECOND);
    assertThat(grants.get(1)).isGreaterThanOrEqualTo(7 * SECOND + 199 * MILLI);
  }

  @Test
  void holdsThoseWhoWaitAlready() throws InterruptedException {
    RateLimiter limiter = limiter(5);
    limiter.acquire();
    time.at(100 * MILLI, () -> limiter.hold(Duration.ofSeconds(60)));
    assertThat(limiter.acquire().grantedNanos()).isEqualTo(60 * SECOND + 100 * MILLI);
  }

  @Test
  void aClosedLatchEndsAWaitWithinASecond() throws InterruptedException {
    RateLimiter limiter = limiter(5);
    limiter.hold(Duration.ofMinutes(2));
    time.at(5 * SECOND, () -> latch.close("refused"));
    assertThatThrownBy(limiter::acquire)
        .isInstanceOf(ConnectorException.class)
        .hasMessage("refused");
    assertThat(time.nanos()).isLessThanOrEqualTo(6 * SECOND);
  }
}
