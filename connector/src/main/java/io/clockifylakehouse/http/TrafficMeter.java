// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

/**
 * Counts what an exchange does.
 *
 * <p>Safe for use by several threads.
 */
final class TrafficMeter {
  /** Weight of a new sample in the smoothed latency: about the last ten answers count. */
  private static final double SMOOTHING = 0.2;

  private static final double SECOND_NANOS = 1e9;

  private long sent;
  private long retried;
  private long throttled;
  private long waitNanos;
  private long answers;
  private double latencySeconds;

  synchronized void sent(boolean again) {
    sent++;
    retried += again ? 1 : 0;
  }

  synchronized void throttled() {
    throttled++;
  }

  synchronized void waited(long nanos) {
    waitNanos += nanos;
  }

  /** A whole answer came this long after its request left. */
  synchronized void answered(long nanos) {
    double seconds = nanos / SECOND_NANOS;
    latencySeconds =
        answers == 0 ? seconds : latencySeconds + SMOOTHING * (seconds - latencySeconds);
    answers++;
  }

  /** The figures so far, with the rate in requests per second that only the limiter knows. */
  synchronized Traffic at(double rate) {
    return new Traffic(sent, retried, throttled, waitNanos / SECOND_NANOS, rate, latencySeconds);
  }
}
