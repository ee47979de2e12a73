// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as Iceberg stores them. Stateless and safe for use by several threads. */
final class Micros {
  private Micros() {}

  /** Microseconds since 1970-01-01T00:00:00Z; what is finer is cut off downwards. */
  static long of(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
  }
}
