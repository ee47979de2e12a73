// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Agreement;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * When a row's place in the table was last brought up to date, and what that says of a row that is
 * not there: one that was made later cannot have been seen, one that was made before was lost.
 *
 * <p>An id of the service begins with the second of its creation (API.md section 4). Nothing tells
 * when a record was last changed, nor when one was deleted. Immutable.
 *
 * @param surely the row was seen if it was there then
 * @param last no sync saw it after that
 */
record Sight(Instant surely, Instant last) {
  /** Nothing is known of when the row was to be seen. */
  static final Sight UNKNOWN = new Sight(Instant.MIN, Instant.MAX);

  /** The clocks of the service and of the machine that synced may differ by so much. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(2);

  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{24}");

  static Sight at(Instant instant) {
    return new Sight(instant, instant);
  }

  /** What it means that a row which the service has is not in the table. */
  Agreement missing(String id) {
    if (!OBJECT_ID.matcher(id).matches()) {
      return Agreement.UNDECIDED;
    }
    Instant created = Instant.ofEpochSecond(Long.parseLong(id.substring(0, 8), 16));
    if (!created.isBefore(last)) {
      return Agreement.CHANGED;
    }
    boolean before = surely.isAfter(Instant.MIN) && created.isBefore(surely.minus(CLOCK_SKEW));
    return before ? Agreement.DIFFERENT : Agreement.UNDECIDED;
  }

  /** True when what happened then, by the service's clock, cannot have been seen. */
  boolean isAfter(Instant happened) {
    return last.isBefore(Instant.MAX) && !happened.isBefore(last);
  }
}
