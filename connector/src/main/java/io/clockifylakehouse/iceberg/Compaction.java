// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.SyncStamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.iceberg.util.StructLikeMap;

/**
 * Rewrites a scan's small files, partition by partition, into files of {@link SortedFiles}, in
 * commits that change no row. It conflicts with no writer that only adds files.
 *
 * <p>Memory: two chunks of {@link SortedFiles}. Immutable, thus safe for use by several threads.
 *
 * @param targetBytes size that files are closed at
 */
record Compaction(WorkspaceScan scan, SmallFiles small, long targetBytes) {
  /** Partitions are committed together until they have so many bytes: what a kill can waste. */
  private static final long COMMIT_BYTES = 1L << 30;

  /**
   * Of partitions with many small files.
   *
   * @param fewFiles small files that a partition may keep
   */
  Compaction(WorkspaceScan scan, int fewFiles) {
    this(
        scan,
        new SmallFiles(scan, fewFiles),
        PropertyUtil.propertyAsLong(
            scan.table().properties(),
            TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
            TableProperties.WRITE_TARGET_FILE_SIZE_BYTES_DEFAULT));
  }

  /** Of every partition that would have fewer files of a size. */
  Compaction(WorkspaceScan scan, long targetBytes) {
    this(scan, SmallFiles.below(scan, targetBytes), targetBytes);
  }

  /** The files to rewrite, by partition. */
  StructLikeMap<BitSet> files() {
    StructLikeMap<BitSet> worthwhile = StructLikeMap.create(scan.table().spec().partitionType());
    small
        .byPartition()
        .forEach(
            (partition, files) -> {
              long bytes = SmallFiles.bytes(scan, files);
              if ((bytes + targetBytes - 1) / targetBytes < files.cardinality()) {
                worthwhile.put(partition, files);
              }
            });
    return worthwhile;
  }

  /** Does nothing when no partition has too many small files. */
  void run(SyncStamp stamp, IcebergSink.TableAccess access) {
    StructLikeMap<BitSet> batch = StructLikeMap.create(scan.table().spec().partitionType());
    long bytes = 0;
    for (Map.Entry<StructLike, BitSet> partition : files().entrySet()) {
      batch.put(partition.getKey(), partition.getValue());
      bytes += SmallFiles.bytes(scan, partition.getValue());
      if (bytes >= COMMIT_BYTES) {
        rewrite(batch, stamp, access);
        batch.clear();
        bytes = 0;
      }
    }
    if (!batch.isEmpty()) {
      rewrite(batch, stamp, access);
    }
  }

  private void rewrite(
      StructLikeMap<BitSet> partitions, SyncStamp stamp, IcebergSink.TableAccess access) {
    SortedFiles files =
        new SortedFiles(scan.table(), stamp.syncId(), access.proceed(), targetBytes);
    DataCommit commit = new DataCommit(stamp, access);
    commit.write(
        files, () -> SideBySide.forEachFile(partitions.entrySet(), p -> rewrite(p, files)));
    List<DataFile> removed = new ArrayList<>();
    partitions.values().forEach(s -> s.stream().forEach(f -> removed.add(scan.removable(f))));
    commit.run(
        files,
        new SnapshotCommit.Change(
            files.written(), removed, Optional.empty(), scan.snapshotId(), Map.of(), true));
  }

  private void rewrite(Map.Entry<StructLike, BitSet> some, SortedFiles files) {
    SortedFiles.Partition partition = files.begin(some.getKey());
    some.getValue().stream().forEach(file -> copy(file, partition));
    partition.finish();
  }

  private void copy(int file, SortedFiles.Partition partition) {
    try (CloseableIterable<Record> rows = scan.read(file, scan.table().schema())) {
      rows.forEach(partition::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
