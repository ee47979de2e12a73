// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.state;

import io.clockifylakehouse.stream.Period;
import java.time.Instant;

/**
 * How far a backfill has come: scopes are loaded in the order of their ids.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param period that is loaded
 * @param since start of the first run that loaded a part of it
 * @param through the last id whose rows are committed; empty text when none is
 */
public record BackfillProgress(Period period, Instant since, String through) {
  /** This progress, one step further. */
  public BackfillProgress to(String id) {
    return new BackfillProgress(period, since, id);
  }

  /** True when the rows of a scope are committed. */
  public boolean covers(String id) {
    return id.compareTo(through) <= 0;
  }
}
