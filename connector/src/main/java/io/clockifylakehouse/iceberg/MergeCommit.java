// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.StructLikeMap;

/**
 * The merge of a sink as data files and one commit: for each partition touched, the new rows and
 * the rows that stay of the files that are rewritten.
 *
 * <p>Used once, by one thread.
 */
final class MergeCommit {
  private final WorkspaceScan scan;
  private final MergeIndex index;
  private final MergePlan plan;
  private final RowSpool spool;
  private final SyncStamp stamp;
  private final IcebergSink.TableAccess access;
  private final Schema schema;
  private final int[] keyPositions;
  private final int syncedAt;
  private final int syncId;
  private final int deletedAt;

  /**
   * How rows go, and when that is refused.
   *
   * @param maxShrink share of the rows, 0 to 1
   */
  record Rules(DeleteMode deletes, double maxShrink) {
    /**
     * @throws ConnectorException of code SHRINK_REFUSED when the plan deletes too many rows
     */
    void refuseShrink(MergePlan plan, String display, Optional<String> workspaceId) {
      long deleted = plan.counts().deleted();
      if (deleted > maxShrink * plan.present()) {
        throw new ConnectorException(
            ErrorCode.SHRINK_REFUSED,
            String.format(
                Locale.ROOT,
                "table %s%s: this read would delete %d of %d rows, more than sync.max_shrink (%s)"
                    + " allows; nothing was written. If they are really gone, run once with"
                    + " --set sync.max_shrink=1",
                display,
                workspaceId.map(id -> ", workspace " + id).orElse(""),
                deleted,
                plan.present(),
                maxShrink));
      }
    }
  }

  MergeCommit(
      WorkspaceScan scan,
      MergeIndex index,
      MergePlan plan,
      RowSpool spool,
      List<String> key,
      SyncStamp stamp,
      IcebergSink.TableAccess access) {
    this.scan = scan;
    this.index = index;
    this.plan = plan;
    this.spool = spool;
    this.stamp = stamp;
    this.access = access;
    this.schema = scan.table().schema();
    this.keyPositions = WorkspaceScan.positions(schema, key);
    this.syncedAt = WorkspaceScan.position(schema, TableLayout.SYNCED_AT);
    this.syncId = WorkspaceScan.position(schema, TableLayout.SYNC_ID);
    this.deletedAt = WorkspaceScan.position(schema, TableLayout.DELETED_AT);
  }

  /**
   * Writes and commits.
   *
   * @return the table's current snapshot afterwards
   * @throws ConnectorException of code COMMIT_CONFLICT when the commit was refused or its outcome
   *     is unknown
   */
  OptionalLong run(Map<String, String> properties) {
    Table table = scan.table();
    SortedFiles files = new SortedFiles(table, stamp.syncId());
    try {
      CommitLocks.holding(access.locks().files(), () -> writeFiles(files));
    } catch (RuntimeException e) {
      abort(files, e);
      throw e;
    }
    SnapshotCommit.Change change =
        new SnapshotCommit.Change(
            files.written(),
            removedFiles(),
            Optional.of(scan.filter()),
            scan.snapshotId(),
            properties);
    SnapshotCommit commit = new SnapshotCommit(access.loader(), stamp);
    CommitOutcome outcome;
    access.locks().table().lock();
    try {
      outcome = commit.run(change);
    } finally {
      access.locks().table().unlock();
    }
    if (outcome instanceof CommitOutcome.Committed committed) {
      return committed.snapshotId();
    }
    if (outcome instanceof CommitOutcome.Rejected rejected) {
      if (rejected.proven()) {
        abort(files, rejected.cause());
        throw Failures.of("table " + access.display() + ": commit refused", rejected.cause());
      }
      throw conflict("the commit failed, and the table shows no trace of it", rejected.cause());
    }
    throw conflict(
        "it is unknown whether the commit took place", ((CommitOutcome.Unknown) outcome).cause());
  }

  private ConnectorException conflict(String what, RuntimeException cause) {
    return new ConnectorException(
        ErrorCode.COMMIT_CONFLICT,
        "table "
            + access.display()
            + ": "
            + what
            + ": "
            + Failures.reason(cause)
            + "; the next run reads and settles it",
        cause);
  }

  private static void abort(SortedFiles files, RuntimeException failure) {
    try {
      files.abort();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private List<DataFile> removedFiles() {
    List<DataFile> removed = new ArrayList<>();
    plan.rewrites().stream().forEach(file -> removed.add(scan.removable(file)));
    return removed;
  }

  private void writeFiles(SortedFiles files) {
    StructLikeMap<BitSet> partitions = StructLikeMap.create(scan.table().spec().partitionType());
    for (StructLike partition : spool.partitions()) {
      partitions.put(partition, new BitSet());
    }
    BitSet rewrites = plan.rewrites();
    for (int file = rewrites.nextSetBit(0); file >= 0; file = rewrites.nextSetBit(file + 1)) {
      StructLike partition = scan.tasks().get(file).file().partition();
      BitSet rewritten = partitions.get(partition);
      if (rewritten == null) {
        rewritten = new BitSet();
        partitions.put(partition, rewritten);
      }
      rewritten.set(file);
    }
    partitions.forEach(
        (partition, rewritten) -> {
          files.begin(partition);
          spool.forEach(
              partition,
              (sequence, row) -> {
                if (index.isPending(entry(row), sequence)) {
                  files.add(row);
                }
              });
          rewritten.stream().forEach(file -> copySurvivors(file, files));
          files.finish();
        });
  }

  private int entry(Record row) {
    int entry = index.find(WorkspaceScan.keyOf(row, keyPositions));
    if (entry < 0) {
      throw new ConnectorException(
          ErrorCode.DEFECT, "table " + access.display() + ": a row is not in the merge index");
    }
    return entry;
  }

  private void copySurvivors(int file, SortedFiles files) {
    try (CloseableIterable<Record> rows = scan.read(file, schema)) {
      for (Record row : rows) {
        switch (plan.verdict(entry(row), file)) {
          case KEEP -> files.add(row);
          case MARK_DELETED -> files.add(markDeleted(row));
          case DROP -> {}
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Record markDeleted(Record row) {
    long startMicros = Micros.of(stamp.startedAt());
    row.set(deletedAt, startMicros);
    row.set(syncedAt, startMicros);
    row.set(syncId, stamp.syncId());
    return row;
  }
}
