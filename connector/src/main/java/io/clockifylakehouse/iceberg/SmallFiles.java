// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.BitSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.util.StructLikeMap;

/**
 * The small data files of a scan in those partitions that have more than a given number of them.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param max as many may stay
 * @param smallBytes a file of fewer bytes is small
 */
record SmallFiles(WorkspaceScan scan, int max, long smallBytes) {
  /** A merge folds more small files than these into what it rewrites. */
  static final int MANY = 8;

  /** The same where one merge after the other adds a portion of a load. */
  static final int MANY_PORTIONS = 32;

  /** A compaction rewrites more small files than these. */
  static final int FEW = 3;

  private static final long SMALL_BYTES = 8L * 1024 * 1024;

  /** Files of this share of the target size need no rewriting. */
  private static final double LARGE_SHARE = 0.75;

  SmallFiles(WorkspaceScan scan, int max) {
    this(scan, max, SMALL_BYTES);
  }

  /** All that would become fewer if they were brought near to a size. */
  static SmallFiles below(WorkspaceScan scan, long targetBytes) {
    return new SmallFiles(scan, 1, (long) (LARGE_SHARE * targetBytes));
  }

  /** Their ordinals in the scan, by partition. */
  StructLikeMap<BitSet> byPartition() {
    StructLikeMap<BitSet> all = StructLikeMap.create(scan.table().spec().partitionType());
    for (int file = 0; file < scan.tasks().size(); file++) {
      DataFile dataFile = scan.tasks().get(file).file();
      if (dataFile.fileSizeInBytes() < smallBytes) {
        BitSet small = all.get(dataFile.partition());
        if (small == null) {
          small = new BitSet();
          all.put(dataFile.partition(), small);
        }
        small.set(file);
      }
    }
    StructLikeMap<BitSet> many = StructLikeMap.create(scan.table().spec().partitionType());
    all.forEach(
        (partition, small) -> {
          if (small.cardinality() > max) {
            many.put(partition, small);
          }
        });
    return many;
  }

  /** The bytes of some of the scan's files. */
  static long bytes(WorkspaceScan scan, BitSet files) {
    return files.stream().mapToLong(f -> scan.tasks().get(f).file().fileSizeInBytes()).sum();
  }
}
