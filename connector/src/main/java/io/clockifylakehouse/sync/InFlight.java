// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

/**
 * How many slices may be read at once.
 *
 * @param min at least so many, while nothing is known of the latency
 * @param max never more, whatever the latency: bounds threads and memory
 */
record InFlight(int min, int max) {
  InFlight {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException("impossible bounds: " + min + ".." + max);
    }
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
}
