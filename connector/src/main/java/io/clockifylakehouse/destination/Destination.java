// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;
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
   * The state that was committed last for a stream and workspace, or for a stream above workspaces:
   * JSON text as {@link Sink#commit(Coverage, Optional)} took it. Empty when there is none, or no
   * table: then the stream is to be loaded anew.
   */
  Optional<String> state(StreamDefinition stream, Optional<String> workspaceId);

  /**
   * Opens one stream for the rows of one workspace, or for all rows of a stream above workspaces.
   *
   * <p>The table as it is now is what the rows will be compared with.
   *
   * @param region the rows that the read is about
   */
  Sink open(StreamDefinition stream, Optional<String> workspaceId, Region region, SyncStamp stamp);

  /** As {@link #open(StreamDefinition, Optional, Region, SyncStamp)}, for a read of everything. */
  default Sink open(StreamDefinition stream, Optional<String> workspaceId, SyncStamp stamp) {
    return open(stream, workspaceId, Region.ALL, stamp);
  }

  /**
   * Opens a transaction over all tables for one run; empty where the tables can only be committed
   * one after another.
   */
  Optional<Transaction> begin(SyncStamp stamp);

  /**
   * Keeps other runs away: one writer per workspace, or one for all tables where the destination
   * cannot tell writers apart. Ask twice: at the start of a run without a workspace, and then for
   * each workspace before its first table is read; either may turn out to need nothing.
   *
   * @param wait how long to wait for another run to end; zero for not at all
   * @throws io.clockifylakehouse.error.ConnectorException of code LOCKED, naming the owner and its
   *     age, when another run still holds it then; INTERRUPTED when the thread was interrupted
   */
  Lock lock(SyncStamp stamp, Optional<String> workspaceId, Duration wait, Time time);

  /**
   * Rewrites the partitions of a workspace that have more than a few small files into sorted files
   * near the target size, in one commit that changes no row; does nothing where there are none.
   * Worth its while after a backfill of many commits.
   */
  void compact(StreamDefinition stream, Optional<String> workspaceId, SyncStamp stamp);

  /**
   * Forgets old snapshots of the streams' tables and of {@code sync_runs}, with the files that only
   * they refer to. The last few stay, and so does what a tag still names; tags that have outlived
   * their time go. Commits nothing in a table with few snapshots and no such tag. The data is safe
   * whatever this throws.
   *
   * @param retention how long before the start of the run a snapshot was made that may go; more
   *     than any run takes, for a commit is refused whose begin is forgotten
   */
  void expire(Collection<StreamDefinition> streams, SyncStamp stamp, Duration retention);

  /**
   * Tags the current snapshot of each table {@code sync-<id>}: one cut over all of them. A table
   * that never had a snapshot gets an empty one first. Tags of runs that have outlived their time
   * go in the same commit, and so from all tables together.
   *
   * @param now decides which tags have outlived their time
   * @param keep how long after the start of the run its tag stays
   */
  void tag(Collection<StreamDefinition> streams, SyncStamp stamp, Instant now, Duration keep);

  /**
   * Ends early what takes long: files that are being written are dropped, tables that are not
   * tagged or expired yet stay so. A commit that has begun is finished, and {@link #record} still
   * works. What is cut off throws INTERRUPTED. Returns at once.
   */
  void stop();

  /** Appends to the table {@code sync_runs}: one row per stream and workspace, written last. */
  void record(SyncStamp stamp, List<SyncRunRow> rows);

  /** Appends to the table {@code verifications}: one row per comparison. */
  void record(List<VerificationRow> rows, SyncStamp stamp);

  /**
   * Tends the tables of the streams and the connector's own, or says what that would do. The caller
   * holds the locks of the run and of every workspace.
   *
   * @return one for each table that there is
   */
  List<TableCare> maintain(
      Collection<StreamDefinition> streams, MaintenancePlan plan, SyncStamp stamp);

  /** A look at the tables as they are. */
  Inspection inspection();

  /** Where a stream's table lies, for people: a path or a location. */
  String location(StreamDefinition stream);

  @Override
  void close();
}
