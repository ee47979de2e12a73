// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A look at the tables that changes nothing and needs no lock. Each answer is of one moment, but
 * two answers may be of different ones.
 *
 * <p>Safe for use by several threads. Every failure is a {@link
 * io.clockifylakehouse.error.ConnectorException} of code DESTINATION.
 */
public interface Inspection {

  /** What a stream's table says of itself, from its metadata; empty when there is no table. */
  Optional<TableOverview> table(StreamDefinition stream);

  /**
   * Live rows of a workspace by the texts at the end of a path, in the period: one row counts for
   * every text it has. Reads the columns in question of every file that the period leaves.
   *
   * @param path columns from the row down through structs and lists, joined by dots
   * @param period of the stream's window column; {@link Period#ALWAYS} for every row
   * @return empty when the stream has no table, or the table no such column
   */
  Map<String, Long> counts(StreamDefinition stream, String workspaceId, String path, Period period);

  /**
   * A text column of the live rows of a stream above workspaces, by the first column of its key;
   * empty when there is no table. Rows without that text are left out.
   */
  Map<String, String> texts(StreamDefinition stream, String column);

  /**
   * Of each command, stream and workspace the last run in {@code sync_runs}, and beside it the last
   * one that went well, when that is another.
   */
  List<PastRun> lastRuns();

  /**
   * The rows of these tables as they are now, whatever is committed while they are read; a table
   * that is not there has none.
   */
  LiveRows pin(Collection<String> tables);
}
