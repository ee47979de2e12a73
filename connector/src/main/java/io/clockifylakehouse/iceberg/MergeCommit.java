// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Coverage;
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
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.StructLikeMap;

/**
 * The merge of a sink as data files and one commit: for each partition touched, the new rows and
 * the rows that stay of the files that are rewritten.
 *
 * <p>Used once. Partitions are written side by side: what they share (the index, the spool) is only
 * read by then, but for the claim of an entry, which is the business of one file.
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
  private final StructLikeMap<BitSet> rewrites;

  /**
   * How rows go, and when that is refused.
   *
   * @param maxShrink share of the rows, 0 to 1
   */
  record Rules(DeleteMode deletes, double maxShrink) {
    private static final int FEW_ROWS = 10;

    /** These rules for rows that come and go by nature. */
    Rules withoutShrinkLimit() {
      return new Rules(deletes, 1);
    }

    /**
     * @param everything true when the region is the whole workspace; in a smaller one a few rows
     *     are a large share, and may go
     * @param name the table and workspace as people name them
     * @throws ConnectorException of code SHRINK_REFUSED when too many rows would go
     */
    void refuseShrink(
        MergeIndex index, Coverage coverage, boolean everything, Supplier<String> name) {
      if (coverage.proven()) {
        return;
      }
      long deleted = new MergePlan(index, coverage, deletes).counts().deleted();
      if (deleted > maxShrink * index.live() && (everything || deleted > FEW_ROWS)) {
        throw new ConnectorException(
            ErrorCode.SHRINK_REFUSED,
            String.format(
                Locale.ROOT,
                "table %s: this read would delete %d of %d rows, more than sync.max_shrink (%s)"
                    + " allows; nothing was written. If they are really gone, run once with"
                    + " --set sync.max_shrink=1",
                name.get(),
                deleted,
                index.live(),
                maxShrink));
      }
    }
  }

  /**
   * @param portion whether other commits of the same load come before or after it
   */
  MergeCommit(
      WorkspaceScan scan,
      MergeIndex index,
      MergePlan plan,
      RowSpool spool,
      List<String> key,
      SyncStamp stamp,
      IcebergSink.TableAccess access,
      boolean portion) {
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
    this.rewrites = rewrites(scan, plan, spool, portion);
  }

  /**
   * Writes and commits.
   *
   * @return the table's current snapshot afterwards
   * @throws ConnectorException as {@link DataCommit#run}
   */
  OptionalLong run(Map<String, String> properties) {
    SortedFiles files = new SortedFiles(scan.table(), stamp.syncId(), access.proceed());
    DataCommit commit = new DataCommit(stamp, access);
    commit.write(files, () -> writeFiles(files));
    List<DataFile> removed = removedFiles();
    OptionalLong snapshotId =
        commit.run(
            files,
            new SnapshotCommit.Change(
                files.written(),
                removed,
                Optional.of(scan.filter()),
                scan.snapshotId(),
                properties,
                false));
    if (access.staging().isEmpty()) {
      access.written().add(index, files.written(), removed);
    }
    return snapshotId;
  }

  private List<DataFile> removedFiles() {
    List<DataFile> removed = new ArrayList<>();
    rewrites.forEach(
        (partition, files) -> files.stream().forEach(file -> removed.add(scan.removable(file))));
    return removed;
  }

  /** The files to rewrite, by partition, in each partition that the merge touches. */
  private static StructLikeMap<BitSet> rewrites(
      WorkspaceScan scan, MergePlan plan, RowSpool spool, boolean portion) {
    StructLikeMap<BitSet> partitions = StructLikeMap.create(scan.table().spec().partitionType());
    for (StructLike partition : spool.partitions()) {
      partitions.put(partition, new BitSet());
    }
    BitSet files = plan.rewrites();
    for (int file = files.nextSetBit(0); file >= 0; file = files.nextSetBit(file + 1)) {
      StructLike partition = scan.tasks().get(file).file().partition();
      BitSet rewritten = partitions.get(partition);
      if (rewritten == null) {
        rewritten = new BitSet();
        partitions.put(partition, rewritten);
      }
      rewritten.set(file);
    }
    // An hourly sync would else leave a file an hour in its month for ever.
    new SmallFiles(scan, portion ? SmallFiles.MANY_PORTIONS : SmallFiles.MANY)
        .byPartition()
        .forEach(
            (partition, small) -> {
              BitSet rewritten = partitions.get(partition);
              if (rewritten != null) {
                rewritten.or(small);
              }
            });
    return partitions;
  }

  private void writeFiles(SortedFiles files) {
    SideBySide.forEachFile(
        rewrites.entrySet(),
        rewrite -> {
          SortedFiles.Partition partition = files.begin(rewrite.getKey());
          spool.forEach(
              rewrite.getKey(),
              (entry, sequence, row) -> {
                if (index.isPending(entry, sequence)) {
                  partition.add(row);
                }
              });
          rewrite.getValue().stream().forEach(file -> copySurvivors(file, partition));
          partition.finish();
        });
  }

  /** The entry of a row; negative for a row of the table outside the region. */
  private int entry(Record row) {
    return index.find(WorkspaceScan.keyOf(row, keyPositions));
  }

  private void copySurvivors(int file, SortedFiles.Partition partition) {
    try (CloseableIterable<Record> rows = scan.read(file, schema)) {
      for (Record row : rows) {
        switch (plan.verdict(entry(row), file)) {
          case KEEP -> partition.add(row);
          case MARK_DELETED -> partition.add(markDeleted(row));
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
