// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Closes for good with the first 401, so that a key that was refused is not sent again.
 *
 * <p>Safe for use by several threads.
 */
final class UnauthorizedLatch {
  /** Sleepers look up this often, so that a 401 ends the waits of all threads soon. */
  private static final long SLICE_NANOS = 1_000_000_000L;

  private final Time time;
  private final AtomicReference<String> refusal = new AtomicReference<>();

  UnauthorizedLatch(Time time) {
    this.time = time;
  }

  /** Closes the latch; the first message stays. */
  void close(String message) {
    refusal.compareAndSet(null, message);
  }

  /**
   * @throws ConnectorException UNAUTHORIZED once closed
   */
  void check() {
    String message = refusal.get();
    if (message != null) {
      throw new ConnectorException(ErrorCode.UNAUTHORIZED, message);
    }
  }

  /**
   * Sleeps until nothing is left to wait, asked again after each slice.
   *
   * @param leftNanos what is left to wait, in nanoseconds
   * @throws ConnectorException UNAUTHORIZED once closed, also while waiting
   */
  void sleepWhile(LongSupplier leftNanos) throws InterruptedException {
    check();
    for (long left = leftNanos.getAsLong(); left > 0; left = leftNanos.getAsLong()) {
      time.sleep(Duration.ofNanos(Math.min(left, SLICE_NANOS)));
      check();
    }
  }
}
