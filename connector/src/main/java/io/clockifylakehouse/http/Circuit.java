// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.time.Time;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether a host answers at all: what ends a run against a dead service after about the retries of
 * one request, not of all.
 *
 * <p>Closed, every request has its retries. When one has used them up and the host has answered
 * nobody meanwhile, the circuit is half open: requests under way keep their retries, and the first
 * attempts of {@value #PROBES} new ones show whether the host is dead or only what the first asked
 * for. Any answer closes the circuit, a 4xx too; without one it opens, and new requests are refused
 * unsent for {@link #REST}.
 *
 * <p>Safe for use by several threads.
 */
final class Circuit {
  static final int PROBES = 3;
  static final Duration REST = Duration.ofMinutes(1);

  /** Only ever counted. */
  private static final IOException SILENCE = new IOException("no answer");

  private final Time time;
  private final CircuitBreaker breaker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private long answeredNanos;
  private String lastFailure = "";

  Circuit(String host, Time time) {
    this.time = time;
    this.answeredNanos = time.nanos();
    this.breaker =
        CircuitBreaker.of(
            host,
            CircuitBreakerConfig.custom()
                .slidingWindow(PROBES, PROBES, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(100)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .waitDurationInOpenState(REST)
                .clock(new ClockOf(time))
                .build());
  }

  /**
   * Begins a request, waiting while the first attempts of others are about to show whether it is
   * worth while. To be closed when it ends.
   */
  Call begin() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!breaker.tryAcquirePermission()) {
        if (breaker.getState() != State.HALF_OPEN) {
          return new Call(false, true, lastFailure);
        }
        changed.await();
      }
      return new Call(breaker.getState() == State.HALF_OPEN, false, "");
    } finally {
      lock.unlock();
    }
  }

  /** One request. For one thread. */
  final class Call implements AutoCloseable {
    private final boolean probe;
    private final boolean refused;
    private final String cause;
    private final long begunNanos = time.nanos();
    private boolean judged;

    private Call(boolean probe, boolean refused, String cause) {
      this.probe = probe;
      this.refused = refused;
      this.cause = cause;
    }

    /** True when it is not to be sent: the host is dead. */
    boolean refused() {
      return refused;
    }

    /** What the host did last instead of answering. */
    String cause() {
      return cause;
    }

    /** The host has answered something. */
    void answered() {
      change(
          () -> {
            answeredNanos = time.nanos();
            judged = true;
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            if (breaker.getState() != State.CLOSED) {
              breaker.transitionToClosedState();
            }
          });
    }

    /** The host has not answered an attempt. */
    void failed(String reason) {
      change(
          () -> {
            lastFailure = reason;
            if (probe && !judged && breaker.getState() == State.HALF_OPEN) {
              breaker.onError(0, TimeUnit.NANOSECONDS, SILENCE);
            }
            judged = true;
          });
    }

    /** True when another attempt is of no use: it was found out that the host is dead. */
    boolean hopeless() {
      return probe && breaker.getState() == State.OPEN;
    }

    /** The host has answered no attempt, and there will be no other one. */
    void gaveUp() {
      change(
          () -> {
            if (breaker.getState() == State.CLOSED && answeredNanos - begunNanos <= 0) {
              breaker.transitionToOpenState();
              breaker.transitionToHalfOpenState(); // which cannot be entered otherwise
            }
          });
    }

    @Override
    public void close() {
      change(
          () -> {
            if (probe && !judged) {
              breaker.releasePermission();
            }
          });
    }

    private void change(Runnable step) {
      lock.lock();
      try {
        step.run();
      } finally {
        changed.signalAll();
        lock.unlock();
      }
    }
  }

  /** A {@link Time} as the breaker wants it. */
  private static final class ClockOf extends Clock {
    private final Time time;

    ClockOf(Time time) {
      this.time = time;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(time.nanos());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
