// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.http.Traffic;

/**
 * How many slices may be read at once.
 *
 * @param min at least so many, while nothing is known of the latency
 * @param max never more, whatever the latency: bounds threads and memory
 */
record InFlight(int min, int max) {
  private static final double PACED_SHARE = 0.5;

  InFlight {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException("impossible bounds: " + min + ".." + max);
    }
  }

  /** As {@link #limit(double, double)}, at the rate and latency of late. */
  int limit(Traffic traffic) {
    return limit(traffic.rate(), traffic.latencySeconds());
  }

  /**
   * Enough slices to keep a rate busy at a latency: Little's law, and half as much again so that a
   * slow answer leaves no permit unused.
   *
   * @param rate requests per second
   * @param latencySeconds from send to whole answer
   */
  int limit(double rate, double latencySeconds) {
    double needed = Math.ceil(rate * latencySeconds * 1.5) + 2;
    return (int) Math.max(min, Math.min(max, needed));
  }

  /**
   * True when the rate is what holds reading back; false when it is this machine, which gains
   * nothing by reading more at once.
   *
   * @param before the traffic when the time began
   * @param seconds how long ago that is; a time below one says nothing and counts as true
   */
  static boolean isPaced(Traffic before, Traffic now, double seconds) {
    return seconds < 1 || now.sent() - before.sent() > PACED_SHARE * now.rate() * seconds;
  }
}
