// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.PropertyUtil;

/**
 * Writes Parquet data files of a table, one partition after the other and one file at a time, each
 * near the target size. Rows are sorted in chunks of {@link #CHUNK_ROWS}: a partition with fewer is
 * one sorted file. File names hold the run's id, and a random part that no other file has: an
 * object store would overwrite a file of the same name without a word.
 *
 * <p>Not safe for use by several threads.
 */
final class SortedFiles {
  /** Rows held at once, for the order within files: about 16 MiB of wide rows. */
  static final int CHUNK_ROWS = 8_192;

  private static final int ROWS_BETWEEN_SIZE_CHECKS = 1_000;

  private record KeyedRow(Object[] key, StructLike row) {}

  private final Table table;
  private final Runnable proceed;
  private final OutputFileFactory files;
  private final RowOrder order;
  private final long targetBytes;
  private final List<KeyedRow> chunk = new ArrayList<>();
  private final List<DataFile> written = new ArrayList<>();
  private StructLike partition;
  private DataWriter<StructLike> writer;
  private String unfinished;

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
    this.order = new RowOrder(table);
    this.targetBytes = targetBytes;
  }

  /** Begins a partition, or the whole of an unpartitioned table, after the last was finished. */
  void begin(StructLike newPartition) {
    this.partition = newPartition;
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

  /** Writes out what is left of the partition. */
  void finish() {
    writeChunk();
    closeFile();
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
    unfinished = file.encryptingOutputFile().location();
    try {
      return Parquet.writeData(file)
          .forTable(table)
          .withSpec(table.spec())
          .withPartition(partition)
          .withSortOrder(table.sortOrder())
          .createWriterFunc((schema, type) -> InternalWriter.<StructLike>createWriter(schema, type))
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
    unfinished = null;
  }

  /** The files that are complete. */
  List<DataFile> written() {
    return List.copyOf(written);
  }

  /**
   * Deletes everything that was written. Only before a commit was tried, or after it is refused.
   */
  void abort() {
    try {
      closeFile();
    } catch (RuntimeException e) {
      // An unfinished file cannot be closed twice, and a full disk lets none be closed.
      writer = null;
    }
    List<String> locations = new ArrayList<>();
    if (unfinished != null) {
      locations.add(unfinished);
    }
    written.forEach(file -> locations.add(file.location()));
    unfinished = null;
    written.clear();
    locations.forEach(table.io()::deleteFile);
  }
}
