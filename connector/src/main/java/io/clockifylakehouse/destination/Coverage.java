// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.util.Set;

/**
 * What the rows written to a sink say about the rows of its region that were not.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param deletes true when a row of the region that was not written is gone at the service
 * @param except ids of the innermost ancestor of which that is not so: their rows stay
 * @param proven true when each row that goes was asked for by its id and is gone: then {@code
 *     max_shrink} has nothing to guard against
 */
public record Coverage(boolean deletes, Set<String> except, boolean proven) {
  /** Everything was read: what was not written is gone. */
  public static final Coverage WHOLE = new Coverage(true, Set.of());

  /** Only a part was read: what was not written stays as it is. */
  public static final Coverage PART = new Coverage(false, Set.of());

  public Coverage {
    except = Set.copyOf(except);
  }

  public Coverage(boolean deletes, Set<String> except) {
    this(deletes, except, false);
  }

  /** This coverage, after each row that goes was asked for by its id. */
  public Coverage confirmed() {
    return new Coverage(deletes, except, true);
  }
}
