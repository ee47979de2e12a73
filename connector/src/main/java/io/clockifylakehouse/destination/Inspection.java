// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

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
   * one that went well and the last one that did not, when those are others.
   */
  List<PastRun> lastRuns();

  /**
   * Hands over some columns of the live rows of a workspace, in the period, in no order: texts,
   * numbers, truth values and instants in microseconds. A column that the table lacks is null.
   *
   * @param columns of the row itself, none inside a struct or list
   */
  void rows(
      StreamDefinition stream,
      String workspaceId,
      Period period,
      List<String> columns,
      Consumer<List<Object>> action);

  /**
   * The keys of those live rows of a workspace, in the period, whose content is not what a sync
   * wrote.
   */
  Set<String> altered(StreamDefinition stream, String workspaceId, Period period);

  /**
   * Opens a comparison of rows with a stream's table; empty when there is no table.
   *
   * @param workspaceId empty for a stream above workspaces
   */
  Optional<Comparison> comparison(StreamDefinition stream, Optional<String> workspaceId);

  /** Of each stream and workspace the comparisons of the last verification that had any. */
  List<VerificationRow> lastVerifications();

  /**
   * The rows of these tables as they are now, whatever is committed while they are read; a table
   * that is not there has none.
   */
  LiveRows pin(Collection<String> tables);
}
