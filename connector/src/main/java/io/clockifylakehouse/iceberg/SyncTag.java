// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.SyncStamp;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;

/**
 * The tag {@code sync-<id>} of one run: a name for each table's snapshot after it, kept for 30
 * days.
 *
 * <p>Immutable, thus safe for use by several threads, as long as they work on different tables.
 */
record SyncTag(SyncStamp stamp) {
  static final Duration KEPT = Duration.ofDays(30);

  private static final String PREFIX = "sync-";

  String name() {
    return PREFIX + stamp.syncId();
  }

  /**
   * Sets the tag on the table's current snapshot, after making an empty one where there is none.
   * Does nothing when it is set already.
   */
  void set(Supplier<Table> loader) {
    Table table = loader.get();
    if (isSet(table)) {
      return;
    }
    DeferredDeletes operations =
        new DeferredDeletes(((HasTableOperations) table).operations(), base -> {});
    Transaction transaction = Transactions.newTransaction(table.name(), operations);
    if (table.currentSnapshot() == null) {
      transaction.newFastAppend().set(SnapshotCommit.SYNC_ID, stamp.syncId()).commit();
    }
    long snapshotId = transaction.table().currentSnapshot().snapshotId();
    if (table.refs().containsKey(name())) {
      transaction.manageSnapshots().replaceTag(name(), snapshotId).commit();
    } else {
      transaction
          .manageSnapshots()
          .createTag(name(), snapshotId)
          .setMaxRefAgeMs(name(), maxAgeMillis(transaction.table().currentSnapshot()))
          .commit();
    }
    try {
      transaction.commitTransaction();
    } catch (RuntimeException e) {
      // A lost reply looks like a failure; what counts is what the table says now.
      if (!isSet(loader.get())) {
        throw e;
      }
    }
  }

  /**
   * Iceberg takes a snapshot's age for its tags': the tag of a table that has long not changed
   * would go at once. So the age of the snapshot comes on top.
   */
  private long maxAgeMillis(Snapshot snapshot) {
    long age = stamp.startedAt().toEpochMilli() - snapshot.timestampMillis();
    return KEPT.toMillis() + Math.max(0, age);
  }

  private boolean isSet(Table table) {
    Snapshot current = table.currentSnapshot();
    SnapshotRef tag = table.refs().get(name());
    return current != null && tag != null && tag.snapshotId() == current.snapshotId();
  }
}
