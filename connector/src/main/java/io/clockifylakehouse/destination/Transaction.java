// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.StreamDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The commits of one run as one: what its sinks commit is written at once, and takes effect with
 * {@link #commit} alone, in all tables together.
 *
 * <p>Holds metadata only, no rows but those of tables above workspaces. Sinks may be opened and
 * committed by several threads, everything else is for one thread when they are done.
 */
public interface Transaction extends AutoCloseable {

  /** As {@link Destination#open(StreamDefinition, Optional, Region, SyncStamp)}. */
  Sink open(StreamDefinition stream, Optional<String> workspaceId, Region region);

  /**
   * The run's tag.
   *
   * @param streams whose tables get it
   * @param now decides which tags of past runs have outlived their time
   * @param keep how long after the start of the run it stays
   */
  record Cut(List<StreamDefinition> streams, Instant now, Duration keep) {
    public Cut {
      streams = List.copyOf(streams);
    }
  }

  /**
   * A commit of a sink that ended otherwise than it said.
   *
   * @param workspaceId empty for a stream above workspaces
   * @param committed what it comes to instead; nothing new when it failed
   * @param failure why it will not take effect; empty when it still will
   */
  record Revision(
      String stream,
      Optional<String> workspaceId,
      Committed committed,
      Optional<ConnectorException> failure) {}

  /**
   * Makes what the sinks committed, the tag and the rows of {@code sync_runs} visible together.
   * What is committed already when a run is told to stop is committed here all the same.
   *
   * @param cut empty for no tag
   * @return empty when it is done. Else what became different by other writers' commits, or could
   *     not be committed: rows and tag may have to be others now, and this is to be called again
   * @throws ConnectorException when not even the rows could be written
   */
  List<Revision> commit(Optional<Cut> cut, List<SyncRunRow> rows);

  /** Drops what was not committed. */
  @Override
  void close();
}
