// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.InternalData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.DeleteFilter;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;

/**
 * Reads whole data files as records with Iceberg's internal values. Deletes that another writer may
 * have left beside a file are applied: copying a deleted row would bring it back.
 *
 * <p>Safe for use by several threads.
 */
final class TableReader {
  private final Table table;

  TableReader(Table table) {
    this.table = table;
  }

  /** The live rows of a file, with the columns of the projection first. */
  CloseableIterable<Record> read(FileScanTask task, Schema projection) {
    if (task.deletes().isEmpty()) {
      return read(task, projection, table);
    }
    Deletes deletes = new Deletes(table, task, projection);
    return deletes.filter(read(task, deletes.requiredSchema(), table));
  }

  private static CloseableIterable<Record> read(FileScanTask task, Schema projection, Table table) {
    return InternalData.read(task.file().format(), table.io().newInputFile(task.file()))
        .project(projection)
        .build();
  }

  /** The delete files of one data file. */
  private static final class Deletes extends DeleteFilter<Record> {
    private final Table table;

    Deletes(Table table, FileScanTask task, Schema projection) {
      super(task.file().location(), List.copyOf(task.deletes()), table.schema(), projection);
      this.table = table;
    }

    @Override
    protected StructLike asStructLike(Record row) {
      return row;
    }

    @Override
    protected InputFile getInputFile(String location) {
      return table.io().newInputFile(location);
    }
  }
}
