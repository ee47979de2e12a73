// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;

/** A clock that only sleeping and the test move. */
final class ManualClock implements Time {
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

  private long nanos;

  synchronized void advance(Duration duration) {
    nanos += duration.toNanos();
  }

  @Override
  public synchronized Instant now() {
    return START.plusNanos(nanos);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    advance(duration);
  }
}
