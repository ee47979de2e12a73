// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.time.Time;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The gate that every attempt passes: hands out permits in the order they are asked for, evenly
 * spaced at the current {@link AimdRate}, and never in a burst, not even after a rest.
 *
 * <p>Resilience4j's limiter lets twice its limit through in a sliding second when a request costs
 * one permit. Here a cycle is a millisecond and a request costs {@value #COST} permits, so that at
 * most one cycle's worth, a small share of a request, can be saved up. A permit is paid for after
 * it was granted: the first request leaves at once and the gap follows it. One thread at a time
 * stands at the gate, so one gap at most was measured at an older rate.
 *
 * <p>Safe for use by several threads. Threads that wait do so through {@link Time}.
 */
final class RateLimiter {
  /**
   * A permit that was granted.
   *
   * @param grantedNanos when, on {@link Time#nanos}
   * @param limited whether the gap after the request before it had to be waited for
   */
  record Permit(long grantedNanos, boolean limited) {}

  private static final int COST = 10_000;
  private static final Duration CYCLE = Duration.ofMillis(1);

  /** Permits per cycle for one request per second: {@link #COST} over the cycles in a second. */
  private static final double PERMITS_PER_RATE = COST / 1000.0;

  /** The longest gap: a request at 0.1 per second takes 10 seconds. */
  private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

  private final Time time;
  private final UnauthorizedLatch latch;
  private final AtomicRateLimiter gaps;

  /** Fair, so that no thread starves. */
  private final ReentrantLock gate = new ReentrantLock(true);

  /** Guarded by {@link #gate}: when the gap after the last permit ends. */
  private long gapEndNanos;

  // Guarded by this.
  private AimdRate rate;
  private int permitsPerCycle;
  private long holdEndNanos;

  RateLimiter(RateSettings settings, Time time, UnauthorizedLatch latch) {
    this.time = time;
    this.latch = latch;
    long nowNanos = time.nanos();
    this.rate = AimdRate.starting(settings, nowNanos);
    this.gapEndNanos = nowNanos;
    this.holdEndNanos = nowNanos;
    this.permitsPerCycle = permitsPerCycle(rate);
    this.gaps =
        new AtomicRateLimiter(
            "clockify",
            RateLimiterConfig.custom()
                .limitRefreshPeriod(CYCLE)
                .limitForPeriod(permitsPerCycle)
                .timeoutDuration(LONGEST_GAP)
                .build(),
            time::nanos);
  }

  /**
   * Waits for the right to send one request.
   *
   * @throws io.clockifylakehouse.error.ConnectorException UNAUTHORIZED when the latch is closed,
   *     before or while waiting
   */
  Permit acquire() throws InterruptedException {
    gate.lockInterruptibly();
    try {
      boolean limited = gapEndNanos - time.nanos() > 0;
      latch.sleepWhile(this::leftNanos);
      long grantedNanos = time.nanos();
      granted(limited, grantedNanos);
      long gapNanos = gaps.reservePermission(COST);
      if (gapNanos < 0) {
        throw new IllegalStateException("No permit within " + LONGEST_GAP + " at " + rate());
      }
      gapEndNanos = grantedNanos + gapNanos;
      return new Permit(grantedNanos, limited);
    } finally {
      gate.unlock();
    }
  }

  private synchronized void granted(boolean limited, long nowNanos) {
    adopt(rate.granted(limited, nowNanos));
  }

  /** The permit's request was answered, and not with a complaint of load. */
  synchronized void succeeded(Permit permit) {
    adopt(rate.succeeded(permit.limited(), time.nanos()));
  }

  /** The permit's request was refused for load. */
  synchronized void throttled(Permit permit) {
    adopt(rate.throttled(permit.grantedNanos(), time.nanos()));
  }

  /**
   * Lets nobody through for this long: what the service asked one request to wait, all wait.
   *
   * <p>Kept as an instant and not charged as permits, whose count would overflow at high rates.
   */
  synchronized void hold(Duration duration) {
    long endNanos = time.nanos() + duration.toNanos();
    if (endNanos - holdEndNanos > 0) {
      holdEndNanos = endNanos;
    }
  }

  /** The current rate in requests per second. */
  synchronized double rate() {
    return rate.perSecond();
  }

  private long leftNanos() {
    long nowNanos = time.nanos();
    return Math.max(gapEndNanos - nowNanos, holdEnd() - nowNanos);
  }

  private synchronized long holdEnd() {
    return holdEndNanos;
  }

  private void adopt(AimdRate next) {
    rate = next;
    if (permitsPerCycle(next) != permitsPerCycle) {
      permitsPerCycle = permitsPerCycle(next);
      gaps.changeLimitForPeriod(permitsPerCycle);
    }
  }

  /** Rounded down, but for the error of sums of binary fractions. */
  private static int permitsPerCycle(AimdRate rate) {
    return (int) Math.floor(rate.perSecond() * PERMITS_PER_RATE + 1e-6);
  }
}
