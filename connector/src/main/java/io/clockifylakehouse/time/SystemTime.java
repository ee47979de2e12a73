// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.time;

import java.time.Duration;
import java.time.Instant;

/** The machine's clock. Stateless and safe for use by several threads. */
public final class SystemTime implements Time {
  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (!duration.isNegative() && !duration.isZero()) {
      Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
    }
  }
}
