// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.stream.Row;
import java.util.List;
import java.util.Optional;

/**
 * The destination's open end for one stream and one workspace. Nothing of it is visible in the
 * table before {@link #commit}, and then all of it at once.
 *
 * <p>Safe for use by several threads. When the same key is written twice, the later row wins.
 */
public interface Sink extends AutoCloseable {
  /** Takes rows in the layout of the stream's columns. They must not be changed afterwards. */
  void write(List<Row> rows);

  /** Rows of the region in the table, and others that were written: each takes memory. */
  long heldCount();

  /** Live rows of the region in the table: those without a deletion mark. */
  long presentCount();

  /** Live rows of the region in the table that were not written so far. */
  long missingCount();

  /**
   * Live rows of the region in the table that were not written so far.
   *
   * @param limit how many at most
   */
  List<MissingRow> missing(int limit);

  /**
   * Refuses what {@link #commit} would refuse if nothing more was written: to delete a larger share
   * of the region's rows than {@code max_shrink}, unless each is confirmed to be gone. In a region
   * smaller than a workspace, ten rows may go in any case.
   *
   * @throws io.clockifylakehouse.error.ConnectorException of code SHRINK_REFUSED
   */
  void checkShrink(Coverage coverage);

  /**
   * Makes the table hold what was written and the state, in one atomic commit, or in none when
   * nothing changed.
   *
   * @param state JSON text for {@link Destination#state} to return from now on; empty to leave it
   *     as it is
   * @throws io.clockifylakehouse.error.ConnectorException when nothing was committed, or
   *     COMMIT_CONFLICT when that is unknown
   */
  Committed commit(Coverage coverage, Optional<String> state);

  /** As {@link #commit(Coverage, Optional)}, leaving the state as it is. */
  default Committed commit(Coverage coverage) {
    return commit(coverage, Optional.empty());
  }

  /**
   * Goes on from the table as another sink left it that was committed while this one was open: one
   * of the same stream and workspace, for other rows.
   *
   * @return false when what was written cannot be compared with that table: a row came to both
   *     sinks, or somebody else changed it. This sink is of no use then: it is to be closed, and
   *     what was written is to be read anew
   */
  default boolean follow(Sink before) {
    return false;
  }

  /** Drops everything that was not committed. Harmless after {@link #commit}. */
  @Override
  void close();
}
