// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.PropertyUtil;

/**
 * Writes Parquet data files of a table, partition by partition, each file near the target size.
 * Rows are sorted in chunks of {@link #CHUNK_ROWS}: a partition with fewer is one sorted file. File
 * names hold the run's id, and a random part that no other file has: an object store would
 * overwrite a file of the same name without a word.
 *
 * <p>Safe for use by several threads, each of which writes partitions of its own.
 */
final class SortedFiles {
  /** Rows held at once for each partition at hand, for the order within files: about 16 MiB. */
  static final int CHUNK_ROWS = 8_192;

  private static final int ROWS_BETWEEN_SIZE_CHECKS = 1_000;

  private record KeyedRow(Object[] key, StructLike row) {}

  private final Table table;
  private final Runnable proceed;
  private final OutputFileFactory files;
  private final long targetBytes;
  private final Set<Partition> unfinished = ConcurrentHashMap.newKeySet();
  private final List<DataFile> written = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param syncId the run that writes
   * @param proceed called now and then; what it throws ends the writing
   */
  SortedFiles(Table table, String syncId, Runnable proceed) {
    this(
        table,
        syncId,
        proceed,
        PropertyUtil.propertyAsLong(
            table.properties(),
            TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
            TableProperties.WRITE_TARGET_FILE_SIZE_BYTES_DEFAULT));
  }

  /**
   * @param targetBytes size that files are closed at
   */
  SortedFiles(Table table, String syncId, Runnable proceed, long targetBytes) {
    this.table = table;
    this.proceed = proceed;
    this.files =
        OutputFileFactory.builderFor(table, 0, 0)
            .operationId(syncId + "-" + UUID.randomUUID())
            .format(FileFormat.PARQUET)
            .build();
    this.targetBytes = targetBytes;
  }

  /** Begins a partition, or the whole of an unpartitioned table. */
  Partition begin(StructLike partition) {
    Partition begun = new Partition(partition);
    unfinished.add(begun);
    return begun;
  }

  /** The files that are complete. */
  List<DataFile> written() {
    synchronized (written) {
      return List.copyOf(written);
    }
  }

  /**
   * Deletes everything that was written. Only before a commit was tried, or after it is refused,
   * and when no thread writes any more.
   */
  void abort() {
    List<String> locations = new ArrayList<>();
    for (Partition partition : unfinished) {
      locations.addAll(partition.abandon());
    }
    written().forEach(file -> locations.add(file.location()));
    unfinished.clear();
    written.clear();
    locations.forEach(table.io()::deleteFile);
  }

  /** The files of one partition, one after the other. For use by one thread. */
  final class Partition {
    private final StructLike partition;
    private final RowOrder order = new RowOrder(table);
    private final List<KeyedRow> chunk = new ArrayList<>();
    private DataWriter<StructLike> writer;
    private String location;

    private Partition(StructLike partition) {
      this.partition = partition;
    }

    /**
     * @param row with Iceberg's internal values
     */
    void add(StructLike row) {
      chunk.add(new KeyedRow(order.keyOf(row), row));
      if (chunk.size() == CHUNK_ROWS) {
        writeChunk();
      }
    }

    /** Writes out what is left. */
    void finish() {
      writeChunk();
      closeFile();
      unfinished.remove(this);
    }

    private void writeChunk() {
      if (chunk.isEmpty()) {
        return;
      }
      proceed.run();
      chunk.sort(Comparator.comparing(KeyedRow::key, order));
      for (int i = 0; i < chunk.size(); i++) {
        if (writer == null) {
          writer = openFile();
        }
        writer.write(chunk.get(i).row());
        if (i % ROWS_BETWEEN_SIZE_CHECKS == 0 && writer.length() >= targetBytes) {
          closeFile();
        }
      }
      chunk.clear();
    }

    private DataWriter<StructLike> openFile() {
      // With an unpartitioned spec the other call makes "data//name", another file on an object
      // store.
      EncryptedOutputFile file =
          table.spec().isUnpartitioned()
              ? files.newOutputFile()
              : files.newOutputFile(table.spec(), partition);
      location = file.encryptingOutputFile().location();
      try {
        return Parquet.writeData(file)
            .forTable(table)
            .withSpec(table.spec())
            .withPartition(partition)
            .withSortOrder(table.sortOrder())
            .createWriterFunc(StoredRowWriter::of)
            .build();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void closeFile() {
      if (writer == null) {
        return;
      }
      try {
        writer.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      written.add(writer.toDataFile());
      writer = null;
      location = null;
    }

    /** Closes the file at hand if it can be; answers where it lies if it cannot. */
    private List<String> abandon() {
      try {
        closeFile();
      } catch (RuntimeException e) {
        // An unfinished file cannot be closed twice, and a full disk lets none be closed.
      }
      return location == null ? List.of() : List.of(location);
    }
  }
}
