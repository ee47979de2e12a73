// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.stream.Row;
import java.util.List;

/**
 * The destination's open end for one stream and one workspace. Nothing of it is visible in the
 * table before {@link #commit}, and then all of it at once.
 *
 * <p>Safe for use by several threads. When the same key is written twice, the later row wins.
 */
public interface Sink extends AutoCloseable {
  /** Takes rows in the layout of the stream's columns. They must not be changed afterwards. */
  void write(List<Row> rows);

  /**
   * Makes the table hold what was written, in one atomic commit, or in none when nothing changed.
   *
   * @throws io.clockifylakehouse.error.ConnectorException when nothing was committed, or
   *     COMMIT_CONFLICT when that is unknown
   */
  Committed commit(Coverage coverage);

  /** Drops everything that was not committed. Harmless after {@link #commit}. */
  @Override
  void close();
}
