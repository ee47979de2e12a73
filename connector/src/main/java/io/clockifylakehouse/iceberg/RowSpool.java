// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

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
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.avro.InternalReader;
import org.apache.iceberg.avro.InternalWriter;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.util.StructLikeMap;

/**
 * New and changed rows until their commit, by the partition they belong to. The first rows stay in
 * memory; beyond that, all go to local temporary files, one per partition, so that memory is
 * bounded whatever the number of rows and partitions.
 *
 * <p>Rows are kept as Avro without a header. Not safe for use by several threads.
 */
final class RowSpool implements AutoCloseable {
  /** Takes a row and its sequence number. */
  interface Consumer {
    void accept(int sequence, Record row);
  }

  /** Rows in memory before they are spilled, about 2 MiB: dozens of sinks are open at once. */
  static final int ROWS_IN_MEMORY = 1_000;

  private final Schema schema;
  private final org.apache.avro.Schema avroSchema;
  private final InternalWriter<Record> writer;
  private final PartitionKey partitionOfRow;
  private final int rowsInMemoryMax;
  private final StructLikeMap<Heap> heaps;
  private BinaryEncoder encoder;
  private int rowsInMemory;
  private Path directory;

  /** The rows of one partition: those in memory, and those in a file. */
  private static final class Heap {
    final List<Record> rows = new ArrayList<>();
    final List<Integer> sequences = new ArrayList<>();
    Path file;
  }

  RowSpool(Schema schema, PartitionSpec spec, int rowsInMemoryMax) {
    this.schema = schema;
    this.avroSchema = AvroSchemaUtil.convert(schema, "row");
    this.writer = InternalWriter.create(avroSchema);
    this.partitionOfRow = new PartitionKey(spec, schema);
    this.heaps = StructLikeMap.create(spec.partitionType());
    this.rowsInMemoryMax = rowsInMemoryMax;
  }

  void add(int sequence, Record row) {
    partitionOfRow.partition(row);
    Heap heap = heaps.get(partitionOfRow);
    if (heap == null) {
      heap = new Heap();
      heaps.put(partitionOfRow.copy(), heap);
    }
    heap.rows.add(row);
    heap.sequences.add(sequence);
    if (++rowsInMemory > rowsInMemoryMax) {
      spill();
    }
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
    for (int i = 0; i < heap.rows.size(); i++) {
      consumer.accept(heap.sequences.get(i), heap.rows.get(i));
    }
  }

  private void spill() {
    try {
      if (directory == null) {
        directory = Files.createTempDirectory("clockify-lakehouse-");
      }
      for (Map.Entry<StructLike, Heap> entry : heaps.entrySet()) {
        Heap heap = entry.getValue();
        if (!heap.rows.isEmpty()) {
          if (heap.file == null) {
            heap.file = Files.createTempFile(directory, "rows-", ".avro");
          }
          append(heap);
        }
      }
      rowsInMemory = 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the temporary files of a sync", e);
    }
  }

  private void append(Heap heap) throws IOException {
    try (OutputStream out = Files.newOutputStream(heap.file, StandardOpenOption.APPEND)) {
      encoder = EncoderFactory.get().binaryEncoder(out, encoder);
      for (int i = 0; i < heap.rows.size(); i++) {
        encoder.writeInt(heap.sequences.get(i));
        writer.write(heap.rows.get(i), encoder);
      }
      encoder.flush();
    }
    heap.rows.clear();
    heap.sequences.clear();
  }

  private void read(Path file, Consumer consumer) {
    InternalReader<Record> reader = InternalReader.create(schema);
    reader.setSchema(avroSchema);
    try (InputStream in = Files.newInputStream(file)) {
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(in, null);
      while (!decoder.isEnd()) {
        int sequence = decoder.readInt();
        consumer.accept(sequence, reader.read(null, decoder));
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
