// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.util.ArrayDeque;

/**
 * A sliding window: no more than so many requests are let through in any period of this length.
 * Refused requests do not count. Thread-safe; the clock is the caller's.
 */
final class RateCap {
  private final int requests;
  private final long windowNanos;
  private final ArrayDeque<Long> admitted = new ArrayDeque<>();

  /**
   * @param requests per window; 0 or less: no cap
   * @param windowNanos length of the window
   */
  RateCap(int requests, long windowNanos) {
    this.requests = requests;
    this.windowNanos = windowNanos;
  }

  /** Whether a request that arrives now may pass; calls must not go back in time. */
  synchronized boolean admits(long nowNanos) {
    if (requests <= 0) {
      return true;
    }
    while (!admitted.isEmpty() && nowNanos - admitted.peekFirst() >= windowNanos) {
      admitted.removeFirst();
    }
    if (admitted.size() >= requests) {
      return false;
    }
    admitted.addLast(nowNanos);
    return true;
  }

  /** Whole seconds until a request may pass again, at least 1. */
  synchronized long retryAfterSeconds(long nowNanos) {
    long wait = admitted.isEmpty() ? 0 : windowNanos - (nowNanos - admitted.peekFirst());
    return Math.max(1, (wait + 999_999_999L) / 1_000_000_000L);
  }
}
