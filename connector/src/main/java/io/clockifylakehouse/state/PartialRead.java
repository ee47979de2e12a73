// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.state;

import java.time.Instant;
import java.util.Set;

/**
 * How far the read of a stream came, scope by scope, that a quota of requests cut off: the next run
 * goes on with the scopes that are left, and together the runs are one read.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param since start of the first of these runs
 * @param full whether they read everything of each scope, whatever the state said
 * @param done ids of the scopes that were read to their end, and are committed
 * @param begun ids of the scopes of which a part may be committed: rows of theirs say nothing about
 *     the others
 */
public record PartialRead(Instant since, boolean full, Set<String> done, Set<String> begun) {
  public PartialRead {
    done = Set.copyOf(done);
    begun = Set.copyOf(begun);
  }
}
