// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.SyncStamp;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * One atomic commit to one table: data files in and out, and table properties, in one Iceberg
 * transaction that says afterwards what became of it.
 *
 * <p>Iceberg repeats a commit that met another one. Whatever it throws in the end is no proof: a
 * catalog may have applied the change and lost the reply. So the table is loaded anew and asked for
 * this attempt's id, and only then is anything deleted. Not safe for use by several threads.
 */
final class SnapshotCommit {
  static final String SYNC_ID = "clockify.sync-id";
  static final String ATTEMPT_ID = "clockify.attempt-id";

  private static final int RELOADS = 3;

  private final Supplier<Table> loader;
  private final SyncStamp stamp;
  private final Runnable fence;
  private final OptionalLong snapshotId;
  private final String attemptId = UUID.randomUUID().toString();

  /**
   * What a commit does.
   *
   * @param scope rows that no other writer may have added since {@code base}; empty for a plain
   *     append, which conflicts with nothing
   * @param base the snapshot the change was computed from; empty when the table had none
   * @param properties table properties to set
   * @param rowsUntouched true when the files that come hold just the rows of those that go
   */
  record Change(
      List<DataFile> added,
      List<DataFile> removed,
      Optional<Expression> scope,
      OptionalLong base,
      Map<String, String> properties,
      boolean rowsUntouched) {
    /** Files that come; nothing goes. */
    static Change append(List<DataFile> added) {
      return new Change(added, List.of(), Optional.empty(), OptionalLong.empty(), Map.of(), false);
    }

    boolean touchesFiles() {
      return !added.isEmpty() || !removed.isEmpty();
    }

    /** Puts the change into a transaction, which the caller commits. */
    void stage(Transaction transaction, SyncStamp stamp, String attemptId) {
      if (rowsUntouched) {
        RewriteFiles rewrite =
            transaction.newRewrite().set(SYNC_ID, stamp.syncId()).set(ATTEMPT_ID, attemptId);
        added.forEach(rewrite::addFile);
        removed.forEach(rewrite::deleteFile);
        base.ifPresent(rewrite::validateFromSnapshot);
        rewrite.commit();
      } else if (touchesFiles()) {
        OverwriteFiles overwrite =
            transaction.newOverwrite().set(SYNC_ID, stamp.syncId()).set(ATTEMPT_ID, attemptId);
        added.forEach(overwrite::addFile);
        removed.forEach(overwrite::deleteFile);
        base.ifPresent(overwrite::validateFromSnapshot);
        if (scope.isPresent()) {
          overwrite.conflictDetectionFilter(scope.get()).validateNoConflictingData();
          if (!removed.isEmpty()) {
            overwrite.validateNoConflictingDeletes();
          }
        }
        overwrite.commit();
      }
      if (!properties.isEmpty()) {
        UpdateProperties update = transaction.updateProperties();
        properties.forEach(update::set);
        update.commit();
      }
    }
  }

  /**
   * @param loader loads the table as the catalog has it now
   * @param fence called before each attempt; what it throws ends the commit
   * @param snapshotId of the snapshot that is made; empty for any
   */
  SnapshotCommit(Supplier<Table> loader, SyncStamp stamp, Runnable fence, OptionalLong snapshotId) {
    this.loader = loader;
    this.stamp = stamp;
    this.fence = fence;
    this.snapshotId = snapshotId;
  }

  /** Commits; once. Throws nothing but what loading the table at the start throws. */
  CommitOutcome run(Change change) {
    Table table = loader.get();
    Set<Long> snapshotsBefore = new HashSet<>();
    table.snapshots().forEach(snapshot -> snapshotsBefore.add(snapshot.snapshotId()));
    Queue<Long> ids = new ArrayDeque<>();
    snapshotId.ifPresent(ids::add);
    DeferredDeletes operations =
        new DeferredDeletes(((HasTableOperations) table).operations(), base -> fence.run(), ids);
    Transaction transaction = Transactions.newTransaction(table.name(), operations);
    try {
      change.stage(transaction, stamp, attemptId);
    } catch (RuntimeException e) {
      // Nothing was sent to the catalog yet.
      deleteUnreferenced(loader, snapshotsBefore, operations.deferred());
      return new CommitOutcome.Rejected(e, true);
    }
    try {
      transaction.commitTransaction();
    } catch (RuntimeException e) {
      return resolve(change, e, snapshotsBefore, operations.deferred());
    }
    if (!operations.deferred().isEmpty()) {
      deleteUnreferenced(loader, snapshotsBefore, operations.deferred());
    }
    return new CommitOutcome.Committed(currentSnapshotId(transaction.table()));
  }

  /** Finds out from the table itself what became of a commit that threw. */
  private CommitOutcome resolve(
      Change change, RuntimeException failure, Set<Long> snapshotsBefore, List<String> deferred) {
    Table reloaded = null;
    for (int i = 0; i < RELOADS; i++) {
      try {
        reloaded = loader.get();
        if (landed(reloaded, change)) {
          deleteUnreferenced(loader, snapshotsBefore, deferred);
          return new CommitOutcome.Committed(currentSnapshotId(reloaded));
        }
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
    if (reloaded == null) {
      return new CommitOutcome.Unknown(failure);
    }
    boolean proven = failure instanceof CleanableFailure;
    if (proven) {
      deleteUnreferenced(loader, snapshotsBefore, deferred);
    }
    return new CommitOutcome.Rejected(failure, proven);
  }

  private boolean landed(Table table, Change change) {
    return change.touchesFiles()
        ? holds(table, attemptId)
        : table.properties().entrySet().containsAll(change.properties().entrySet());
  }

  /** True when a snapshot of an attempt is one that the table's current one comes from. */
  static boolean holds(Table table, String attemptId) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (attemptId.equals(snapshot.summary().get(ATTEMPT_ID))) {
        return true;
      }
    }
    return false;
  }

  /** Deletes metadata files of this attempt that no snapshot of the table refers to. */
  static void deleteUnreferenced(
      Supplier<Table> loader, Set<Long> snapshotsBefore, List<String> deferred) {
    if (deferred.isEmpty()) {
      return;
    }
    try {
      Table table = loader.get();
      Set<String> referenced = new HashSet<>();
      for (Snapshot snapshot : table.snapshots()) {
        // Only younger snapshots can refer to a file that this attempt wrote.
        if (!snapshotsBefore.contains(snapshot.snapshotId())) {
          referenced.add(snapshot.manifestListLocation());
          snapshot.allManifests(table.io()).forEach(file -> referenced.add(file.path()));
        }
      }
      for (String location : deferred) {
        if (!referenced.contains(location)) {
          table.io().deleteFile(location);
        }
      }
    } catch (RuntimeException e) {
      // The outcome stands; a file that stays is an orphan, which maintenance removes.
    }
  }

  private static OptionalLong currentSnapshotId(Table table) {
    Snapshot current = table.currentSnapshot();
    return current == null ? OptionalLong.empty() : OptionalLong.of(current.snapshotId());
  }
}
