// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.time.SystemTime;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * The system's clock, ahead by so much: what a run sees that starts later.
 *
 * @param ahead never below zero
 */
record LaterTime(Duration ahead) implements Time {
  private static final Time SYSTEM = new SystemTime();

  @Override
  public Instant now() {
    return SYSTEM.now().plus(ahead);
  }

  @Override
  public long nanos() {
    return SYSTEM.nanos() + ahead.toNanos();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    SYSTEM.sleep(duration);
  }
}
