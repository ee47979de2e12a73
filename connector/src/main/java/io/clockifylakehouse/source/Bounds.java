// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Period;
import java.time.Instant;

/**
 * The bounds that make sure of a period, though the service reads a bound as a wall clock in
 * somebody's time zone (API.md section 7.9).
 *
 * <p>The instant a bound stands for lies up to 12 hours after and up to 14 hours before the one it
 * names, and whether it counts in is not known: a day and a second outwards cover both. Stateless,
 * thus safe for use by several threads.
 */
final class Bounds {
  static final long MICROS_PER_SECOND = 1_000_000;

  /** Microseconds from a bound that is needed to the one that is asked for. */
  static final long PAD_MICROS = (24 * 60 * 60 + 1) * MICROS_PER_SECOND;

  /**
   * Microseconds after an instant within which rows can come although the padded instant is the
   * bound at the end.
   */
  static final long OVERLAP_MICROS = 2 * PAD_MICROS;

  /** Outside of these, a bound has no text of four digits for the year: it is left out. */
  private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();

  private static final long LATEST = Instant.parse("9999-12-31T00:00:00Z").getEpochSecond();

  private Bounds() {}

  /** The bounds to ask for all of a period; they hold more than the period. */
  static Period around(Period period) {
    return new Period(begin(period.fromMicros()), end(period.toMicros()));
  }

  /** The bound to ask for all until an instant, that instant included. */
  static long end(long micros) {
    if (micros >= (LATEST * MICROS_PER_SECOND) - PAD_MICROS) {
      return Long.MAX_VALUE;
    }
    return -Math.floorDiv(-micros, MICROS_PER_SECOND) * MICROS_PER_SECOND + PAD_MICROS;
  }

  private static long begin(long micros) {
    if (micros <= (EARLIEST * MICROS_PER_SECOND) + PAD_MICROS) {
      return Long.MIN_VALUE;
    }
    long latest = Math.min(micros, LATEST * MICROS_PER_SECOND);
    return Math.floorDiv(latest, MICROS_PER_SECOND) * MICROS_PER_SECOND - PAD_MICROS;
  }

  /** A bound as the service wants it: {@code 2026-01-31T00:00:00Z}. */
  static String text(long micros) {
    return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND)).toString();
  }

  /** For messages; empty without bounds. */
  static String text(Period bounds) {
    StringBuilder text = new StringBuilder();
    if (bounds.fromMicros() != Long.MIN_VALUE) {
      text.append(" from ").append(text(bounds.fromMicros()));
    }
    if (bounds.toMicros() != Long.MAX_VALUE) {
      text.append(" until ").append(text(bounds.toMicros()));
    }
    return text.toString();
  }
}
