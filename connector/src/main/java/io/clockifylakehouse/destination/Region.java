// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.stream.Period;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of one stream and workspace that a read is about; the others stay as they are, unless a
 * row that is written turns out to be one of them that has moved.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param period of the stream's window column: rows within it belong to the region
 * @param scopes ids of the innermost ancestor (a user, a project) that the region is limited to;
 *     empty for no such limit
 * @param whole ids of the innermost ancestor whose rows all belong to the region, whatever their
 *     time
 */
public record Region(Period period, Optional<Set<String>> scopes, Set<String> whole) {
  /** Every row. */
  public static final Region ALL = new Region(Period.ALWAYS, Optional.empty(), Set.of());

  public Region {
    scopes = scopes.map(Set::copyOf);
    whole = Set.copyOf(whole);
  }

  /** True when a row belongs to the region. */
  public boolean contains(String scopeId, long micros) {
    return whole.contains(scopeId)
        || period.contains(micros) && scopes.map(ids -> ids.contains(scopeId)).orElse(true);
  }
}
