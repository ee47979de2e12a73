// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import java.time.Duration;

/**
 * How long a request is tried.
 *
 * @param attempts in total, the first included; 1 to 100
 * @param maxWait upper bound of any one wait between attempts, a {@code Retry-After} included; 0 to
 *     1 hour
 */
public record RetrySettings(int attempts, Duration maxWait) {
  private static final int MOST_ATTEMPTS = 100;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /**
   * @throws ConnectorException CONFIGURATION for a value out of its range
   */
  public RetrySettings {
    if (attempts < 1 || attempts > MOST_ATTEMPTS) {
      throw ConnectorException.configuration(
          "Impossible source.retry.attempts " + attempts + ": it must be 1 to " + MOST_ATTEMPTS);
    }
    if (maxWait.isNegative() || maxWait.compareTo(LONGEST_WAIT) > 0) {
      throw ConnectorException.configuration(
          "Impossible source.retry.max_wait " + maxWait + ": it must be PT0S to " + LONGEST_WAIT);
    }
  }
}
