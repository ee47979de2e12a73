// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.time.Duration;
import java.time.Instant;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Forgets a table's old snapshots, and tags that have outlived their time, with the files that only
 * they refer to: Iceberg finds those after the commit, so that nothing is deleted that the table
 * still needs. Immutable, thus safe for use by several threads.
 *
 * @param now start of the run
 * @param retention age of a snapshot that may go
 */
record SnapshotExpiry(Instant now, Duration retention) {
  /** A table with no more snapshots is left alone, unless a tag has outlived its time. */
  static final int FEW = 20;

  /** The youngest snapshots stay, whatever their age. */
  static final int KEPT = 10;

  /** Commits nothing when nothing is to go. */
  void run(Table table) {
    int snapshots = 0;
    for (Snapshot snapshot : table.snapshots()) {
      snapshots += snapshot == null ? 0 : 1;
    }
    if (snapshots > FEW || !SyncTag.outlived(table, now).isEmpty()) {
      expire(table);
    }
  }

  /** As {@link #run}, however few there are. */
  void expire(Table table) {
    if (outlived(table) > 0) {
      expiry(table).commit();
    }
  }

  /** How many snapshots and tags would go. */
  long outlived(Table table) {
    return expiry(table).apply().size() + SyncTag.outlived(table, now).size();
  }

  private ExpireSnapshots expiry(Table table) {
    return table
        .expireSnapshots()
        .expireOlderThan(now.minus(retention).toEpochMilli())
        .retainLast(KEPT);
  }
}
