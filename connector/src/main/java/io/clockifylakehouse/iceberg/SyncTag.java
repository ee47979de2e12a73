// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.SyncStamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * The tag {@code sync-<id>} of one run: a name for each table's snapshot after it.
 *
 * <p>Immutable, thus safe for use by several threads, as long as they work on different tables.
 *
 * @param now decides which tags of past runs have outlived their time
 * @param kept how long after the start of the run its tag stays
 */
record SyncTag(SyncStamp stamp, Instant now, Duration kept) {
  private static final String PREFIX = "sync-";

  /** Each one that fails means that another process has got on. */
  private static final int ATTEMPTS_MAX = 20;

  String name() {
    return PREFIX + stamp.syncId();
  }

  /**
   * Sets the tag on the table's current snapshot, after making an empty one where there is none,
   * and takes those away that have outlived their time: one commit. Does nothing when it is set
   * already. Another run may commit before or after: the tag then is on its snapshot, or on the one
   * before, and this run's rows are in both.
   *
   * <p>Iceberg does not repeat a change of tags that met another commit ("table metadata refresh is
   * required"), so that it is repeated here.
   */
  void set(Supplier<Table> loader) {
    for (int attempt = 1; ; attempt++) {
      try {
        commit(loader.get());
        return;
      } catch (RuntimeException e) {
        boolean again = e instanceof CommitFailedException && attempt < ATTEMPTS_MAX;
        // A lost reply looks like a failure; what counts is what the table says now.
        if (!again && !isSet(loader.get())) {
          throw e;
        }
      }
    }
  }

  private void commit(Table table) {
    if (isSet(table)) {
      return;
    }
    DeferredDeletes operations =
        new DeferredDeletes(((HasTableOperations) table).operations(), base -> {});
    Transaction transaction = Transactions.newTransaction(table.name(), operations);
    if (transaction.table().currentSnapshot() == null) {
      transaction.newFastAppend().set(SnapshotCommit.SYNC_ID, stamp.syncId()).commit();
    }
    Snapshot current = transaction.table().currentSnapshot();
    ManageSnapshots change = transaction.manageSnapshots();
    change.createTag(name(), current.snapshotId()).setMaxRefAgeMs(name(), maxAge(current));
    outlived(transaction.table(), now).forEach(change::removeTag);
    change.commit();
    transaction.commitTransaction();
  }

  /**
   * The metadata of a table with the tag on its current snapshot, and without the tags that have
   * outlived their time; the same when it is there.
   */
  TableMetadata on(TableMetadata metadata) {
    if (metadata.ref(name()) != null) {
      return metadata;
    }
    Snapshot current = metadata.currentSnapshot();
    TableMetadata.Builder change =
        TableMetadata.buildFrom(metadata)
            .setRef(
                name(),
                SnapshotRef.tagBuilder(current.snapshotId()).maxRefAgeMs(maxAge(current)).build());
    outlived(metadata.refs(), metadata::snapshot, now).forEach(change::removeRef);
    return change.build();
  }

  /** The tags of past runs that have outlived their time. */
  static List<String> outlived(Table table, Instant now) {
    return outlived(table.refs(), table::snapshot, now);
  }

  private static List<String> outlived(
      Map<String, SnapshotRef> refs, LongFunction<Snapshot> snapshots, Instant now) {
    List<String> names = new ArrayList<>();
    refs.forEach(
        (name, ref) -> {
          Snapshot snapshot = snapshots.apply(ref.snapshotId());
          if (name.startsWith(PREFIX)
              && ref.isTag()
              && ref.maxRefAgeMs() != null
              && now.toEpochMilli() - snapshot.timestampMillis() > ref.maxRefAgeMs()) {
            names.add(name);
          }
        });
    return names;
  }

  /**
   * In milliseconds. Iceberg takes a snapshot's age for its tags': so that the tag ends on all
   * tables at the same instant, the age of the snapshot at the start of the run counts too; it is
   * below zero where this run made it. A clock that is far off must not end it at once.
   */
  private long maxAge(Snapshot snapshot) {
    long age = stamp.startedAt().toEpochMilli() - snapshot.timestampMillis();
    return Math.max(kept.toMillis() / 2, kept.toMillis() + age);
  }

  boolean isSet(Table table) {
    return table.refs().containsKey(name());
  }
}
