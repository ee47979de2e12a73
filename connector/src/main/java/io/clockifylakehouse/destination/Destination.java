// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.stream.StreamDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the rows go: one table per stream.
 *
 * <p>Safe for use by several threads. Every failure is a {@link
 * io.clockifylakehouse.error.ConnectorException}: DESTINATION, COMMIT_CONFLICT, LOCKED or
 * SHRINK_REFUSED.
 */
public interface Destination extends AutoCloseable {

  /** Proves that tables can be written, and leaves no trace. */
  void checkWritable();

  /**
   * Creates the tables that are missing and evolves those whose stream gained columns or widened
   * them. Refuses an impossible change before any table is touched.
   */
  void prepare(Collection<StreamDefinition> streams);

  /**
   * The distinct values of a text column among a workspace's rows; empty when the stream has no
   * table yet.
   */
  Set<String> values(StreamDefinition stream, String workspaceId, String column);

  /**
   * Opens one stream for the rows of one workspace, or for all rows of a stream above workspaces.
   *
   * <p>The table as it is now is what the rows will be compared with.
   */
  Sink open(StreamDefinition stream, Optional<String> workspaceId, SyncStamp stamp);

  /**
   * Tags the current snapshot of each table {@code sync-<id>}: one cut over all of them. A table
   * that never had a snapshot gets an empty one first.
   */
  void tag(Collection<StreamDefinition> streams, SyncStamp stamp);

  /** Appends to the table {@code sync_runs}: one row per stream and workspace, written last. */
  void record(SyncStamp stamp, List<SyncRunRow> rows);

  /** Where a stream's table lies, for people: a path or a location. */
  String location(StreamDefinition stream);

  @Override
  void close();
}
