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
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.StructLikeMap;

/**
 * Rewrites a scan's small files, partition by partition, into files of {@link SortedFiles}, in one
 * commit that changes no row. It conflicts with no writer that only adds files.
 *
 * <p>Memory: one chunk of {@link SortedFiles}. Immutable, thus safe for use by several threads.
 *
 * @param fewFiles small files that a partition may keep
 */
record Compaction(WorkspaceScan scan, int fewFiles) {

  /** Does nothing when no partition has too many small files. */
  void run(SyncStamp stamp, IcebergSink.TableAccess access) {
    StructLikeMap<BitSet> partitions = new SmallFiles(scan, fewFiles).byPartition();
    if (partitions.isEmpty()) {
      return;
    }
    SortedFiles files = new SortedFiles(scan.table(), stamp.syncId(), access.proceed());
    DataCommit commit = new DataCommit(stamp, access);
    commit.write(files, () -> partitions.forEach((p, small) -> rewrite(p, small, files)));
    List<DataFile> removed = new ArrayList<>();
    partitions.values().forEach(s -> s.stream().forEach(f -> removed.add(scan.removable(f))));
    commit.run(
        files,
        new SnapshotCommit.Change(
            files.written(), removed, Optional.empty(), scan.snapshotId(), Map.of(), true));
  }

  private void rewrite(StructLike partition, BitSet small, SortedFiles files) {
    files.begin(partition);
    small.stream().forEach(file -> copy(file, files));
    files.finish();
  }

  private void copy(int file, SortedFiles files) {
    try (CloseableIterable<Record> rows = scan.read(file, scan.table().schema())) {
      rows.forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
