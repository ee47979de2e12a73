// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The only way to the clock and to sleep, so that tests can run on virtual time.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface Time {
  /** The wall clock. May jump; use it for what is shown and stored, never to measure. */
  Instant now();

  /** A monotonic count of nanoseconds with an arbitrary origin. */
  long nanos();

  /**
   * Waits, at least as long as told; returns at once for zero or less.
   *
   * @throws InterruptedException when the thread is interrupted, before or while waiting
   */
  void sleep(Duration duration) throws InterruptedException;
}
