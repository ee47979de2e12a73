// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.util.StructLikeMap;

/**
 * New and changed rows until their commit, by the partition they belong to. The first rows stay in
 * memory; beyond that, all go to local temporary files, one per partition, so that memory is
 * bounded whatever the number of rows and partitions.
 *
 * <p>Not safe for use by several threads.
 */
final class RowSpool implements AutoCloseable {
  /** Takes a row with the entry and the sequence number it was added with. */
  interface Consumer {
    void accept(int entry, int sequence, StoredRow row);
  }

  /** Bytes in memory before they are spilled: dozens of sinks are open at once. */
  static final int BYTES_IN_MEMORY = 2 << 20;

  private static final int HEADER_BYTES = 3 * Integer.BYTES;
  private static final int READ_BYTES = 1 << 16;

  private final int columns;
  private final PartitionKey partitionOfRow;
  private final int bytesInMemoryMax;
  private final StructLikeMap<Heap> heaps;
  private PartitionKey lastPartition;
  private Heap lastHeap;
  private int bytesInMemory;
  private Path directory;

  /** The rows of one partition: those in memory, and those in a file. */
  private static final class Heap {
    final RowBuffer rows = new RowBuffer();
    Path file;
  }

  RowSpool(Schema schema, PartitionSpec spec, int bytesInMemoryMax) {
    this.columns = schema.columns().size();
    this.partitionOfRow = new PartitionKey(spec, schema);
    this.heaps = StructLikeMap.create(spec.partitionType());
    this.bytesInMemoryMax = bytesInMemoryMax;
  }

  /**
   * @param row its columns' values, which are copied
   */
  void add(int entry, int sequence, RowBuffer row) {
    Heap heap = heapOf(row);
    heap.rows.putRaw(row.size());
    heap.rows.putRaw(entry);
    heap.rows.putRaw(sequence);
    heap.rows.putRaw(row.array(), row.size());
    bytesInMemory += HEADER_BYTES + row.size();
    if (bytesInMemory > bytesInMemoryMax) {
      spill();
    }
  }

  private Heap heapOf(RowBuffer row) {
    partitionOfRow.partition(new StoredRow(row.array(), 0, columns));
    if (partitionOfRow.equals(lastPartition)) { // rows come by their time
      return lastHeap;
    }
    lastPartition = partitionOfRow.copy();
    lastHeap = heaps.computeIfAbsent(lastPartition, partition -> new Heap());
    return lastHeap;
  }

  /** The partitions that rows were added to. */
  List<StructLike> partitions() {
    return new ArrayList<>(heaps.keySet());
  }

  /** Hands on the rows of a partition in the order they were added. */
  void forEach(StructLike partition, Consumer consumer) {
    Heap heap = heaps.get(partition);
    if (heap == null) {
      return;
    }
    if (heap.file != null) {
      read(heap.file, consumer);
    }
    byte[] rows = heap.rows.array();
    for (int at = 0; at < heap.rows.size(); at += HEADER_BYTES + StoredRow.readInt(rows, at)) {
      accept(consumer, rows, at + Integer.BYTES);
    }
  }

  /**
   * @param at of the entry number, which the rest follows
   */
  private void accept(Consumer consumer, byte[] bytes, int at) {
    consumer.accept(
        StoredRow.readInt(bytes, at),
        StoredRow.readInt(bytes, at + Integer.BYTES),
        new StoredRow(bytes, at + 2 * Integer.BYTES, columns));
  }

  private void spill() {
    try {
      if (directory == null) {
        directory = Files.createTempDirectory("clockify-lakehouse-");
      }
      for (Map.Entry<StructLike, Heap> entry : heaps.entrySet()) {
        Heap heap = entry.getValue();
        if (heap.rows.size() > 0) {
          if (heap.file == null) {
            heap.file = Files.createTempFile(directory, "rows-", ".bin");
          }
          try (OutputStream out = Files.newOutputStream(heap.file, StandardOpenOption.APPEND)) {
            heap.rows.writeTo(out);
          }
          heap.rows.clear();
        }
      }
      bytesInMemory = 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the temporary files of a sync", e);
    }
  }

  private void read(Path file, Consumer consumer) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), READ_BYTES)) {
      byte[] length = new byte[Integer.BYTES];
      for (int read = in.readNBytes(length, 0, Integer.BYTES);
          read > 0;
          read = in.readNBytes(length, 0, Integer.BYTES)) {
        byte[] row = new byte[StoredRow.readInt(length, 0) + HEADER_BYTES - Integer.BYTES];
        if (read < Integer.BYTES || in.readNBytes(row, 0, row.length) < row.length) {
          throw new EOFException(file + " is cut off");
        }
        accept(consumer, row, 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the temporary files of a sync", e);
    }
  }

  /** Removes the temporary files. */
  @Override
  public void close() {
    try {
      for (Heap heap : heaps.values()) {
        if (heap.file != null) {
          Files.deleteIfExists(heap.file);
        }
      }
      heaps.clear();
      if (directory != null) {
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the temporary files of a sync", e);
    }
  }
}
