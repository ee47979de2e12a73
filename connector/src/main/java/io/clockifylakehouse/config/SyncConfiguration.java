// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import java.time.Duration;
import java.util.List;

/**
 * The section {@code sync}: what is read, and what happens when something is gone or forbidden.
 *
 * @param streams names or globs, {@code -name} leaves one out; empty for all
 * @param lookback of time entries: how far back every sync re-reads
 * @param fullPassEvery how often everything is re-read
 * @param backfillCommitRows about so many time entries of a backfill go into one commit
 * @param maxShrink largest share of a table's rows, 0 to 1, that one full read may delete
 */
public record SyncConfiguration(
    List<String> streams,
    Duration lookback,
    Duration fullPassEvery,
    int backfillCommitRows,
    Deletes deletes,
    double maxShrink,
    OnForbidden onForbidden) {
  public SyncConfiguration {
    streams = List.copyOf(streams);
  }

  /** What becomes of a row that is gone at the service. */
  public enum Deletes {
    HARD,
    /** It stays, with {@code _deleted_at}. */
    SOFT
  }

  /** What a 403 on a stream does to the exit code. */
  public enum OnForbidden {
    /** Exit 3. */
    FAIL,
    /** Nothing. */
    SKIP
  }
}
