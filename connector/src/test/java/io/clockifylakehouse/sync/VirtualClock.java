// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clock of a simulation, of the service and of the syncs alike: it moves by what the test tells
 * it, and by every sleep, which takes no real time. Safe for use by several threads.
 */
final class VirtualClock implements Time {
  private final Instant start;
  private final AtomicLong nanos = new AtomicLong();

  VirtualClock(Instant start) {
    this.start = start;
  }

  void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  @Override
  public Instant now() {
    return start.plusNanos(nanos.get());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (!duration.isNegative()) {
      advance(duration);
    }
  }
}
