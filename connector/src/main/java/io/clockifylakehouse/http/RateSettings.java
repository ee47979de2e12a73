// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;

/**
 * How fast requests may leave, all in requests per second.
 *
 * @param start rate before anything is known of the service
 * @param min rate that no throttle goes below; at least 0.1
 * @param max rate that no success goes above; at most 100,000
 */
public record RateSettings(double start, double min, double max) {
  /** The limiter counts in tenths of a request per second. */
  private static final double LOWEST = 0.1;

  private static final double HIGHEST = 100_000;

  /**
   * @throws ConnectorException CONFIGURATION unless 0.1 <= min <= start <= max <= 100,000
   */
  public RateSettings {
    if (!(LOWEST <= min && min <= start && start <= max && max <= HIGHEST)) {
      throw ConnectorException.configuration(
          String.format(
              "Impossible source.rate_limit {start: %s, min: %s, max: %s}: "
                  + "it must hold that 0.1 <= min <= start <= max <= 100000",
              start, min, max));
    }
  }

  /**
   * How long so many requests take when nothing is refused and each waits for its turn: the climb
   * from the start to the highest rate, and that rate from there on.
   */
  public double seconds(long requests) {
    AimdRate rate = AimdRate.starting(this, 0);
    double seconds = 0;
    long left = requests;
    for (; left > 0 && rate.perSecond() < max; left--) {
      seconds += 1 / rate.perSecond();
      rate = rate.granted(true, 0);
    }
    return seconds + left / max;
  }
}
