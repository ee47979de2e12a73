// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.util.Optional;

/**
 * What an hour of an entry earns and costs. A rate is missing when none is set, and when the key
 * may not see it; the service does not tell the two apart (API.md section 2). Immutable.
 */
record Rate(Optional<Price> hourly, Optional<Price> cost) {

  /**
   * @param minor minor units an hour
   */
  record Price(long minor, String currency) {
    static Optional<Price> of(Object minor, Object currency, String fallback) {
      return minor instanceof Long amount
          ? Optional.of(
              new Price(
                  amount, currency instanceof String code && !code.isEmpty() ? code : fallback))
          : Optional.empty();
    }
  }
}
