// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * One workspace's rows in a table as it was at one moment, or all rows of a table above workspaces.
 *
 * <p>Workspaces are partitions, so the rows are exactly those of some data files. Safe for use by
 * several threads.
 */
final class WorkspaceScan {
  private final Table table;
  private final String display;
  private final Expression filter;
  private final OptionalLong snapshotId;
  private final List<FileScanTask> tasks;
  private final BitSet repeated;

  private WorkspaceScan(
      Table table,
      String display,
      Expression filter,
      OptionalLong snapshotId,
      List<FileScanTask> tasks,
      BitSet repeated) {
    this.table = table;
    this.display = display;
    this.filter = filter;
    this.snapshotId = snapshotId;
    this.tasks = List.copyOf(tasks);
    this.repeated = repeated;
  }

  /**
   * @param display the table as people name it
   */
  static WorkspaceScan of(
      Table table, String display, StreamDefinition stream, Optional<String> workspaceId) {
    if (stream.inWorkspace() != workspaceId.isPresent()) {
      throw new ConnectorException(
          ErrorCode.DEFECT,
          "table "
              + display
              + ": a workspace is to be named exactly when its rows lie in one; got "
              + workspaceId);
    }
    Expression filter =
        workspaceId
            .<Expression>map(id -> Expressions.equal(Scope.WORKSPACE, id))
            .orElse(Expressions.alwaysTrue());
    return of(table, display, filter, pruningColumns(stream, table.schema()));
  }

  /**
   * @param filter which rows
   * @param pruning columns whose metrics will be asked for
   */
  static WorkspaceScan of(Table table, String display, Expression filter, Set<String> pruning) {
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return new WorkspaceScan(
          table, display, filter, OptionalLong.empty(), List.of(), new BitSet());
    }
    List<FileScanTask> tasks = new ArrayList<>();
    // Iceberg lets a writer add one file twice, and removes it by its location, thus wholly.
    Map<String, Integer> ordinals = new HashMap<>();
    BitSet repeated = new BitSet();
    try (CloseableIterable<FileScanTask> planned =
        table
            .newScan()
            .useSnapshot(snapshot.snapshotId())
            .filter(filter)
            .includeColumnStats(pruning)
            .planFiles()) {
      for (FileScanTask task : planned) {
        if (task.file().specId() != table.spec().specId()) {
          throw new ConnectorException(
              ErrorCode.DESTINATION,
              "table "
                  + display
                  + " has data files of an older partitioning; rewrite them with Spark's"
                  + " rewrite_data_files, or rename the table and load a new one");
        }
        Integer before = ordinals.putIfAbsent(task.file().location(), tasks.size());
        if (before == null) {
          tasks.add(task);
        } else {
          repeated.set(before);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new WorkspaceScan(
        table, display, filter, OptionalLong.of(snapshot.snapshotId()), tasks, repeated);
  }

  /** The columns whose metrics tell which files can be left out. */
  private static Set<String> pruningColumns(StreamDefinition stream, Schema schema) {
    Set<String> columns = new LinkedHashSet<>(stream.key());
    stream.window().ifPresent(window -> columns.add(window.column()));
    RegionRows.scopeColumn(stream).ifPresent(columns::add);
    columns.removeIf(column -> schema.findField(column) == null);
    return columns;
  }

  Table table() {
    return table;
  }

  /** The rows this scan is about, as Iceberg names them. */
  Expression filter() {
    return filter;
  }

  /** The snapshot that was read; empty when the table had none. */
  OptionalLong snapshotId() {
    return snapshotId;
  }

  /** The data files that hold the rows; a position in this list is a file's ordinal. */
  List<FileScanTask> tasks() {
    return tasks;
  }

  /** Ordinals of the files that the table holds twice. */
  BitSet repeated() {
    return (BitSet) repeated.clone();
  }

  /** A file, by ordinal, as one to remove. */
  DataFile removable(int file) {
    DataFile planned = tasks.get(file).file();
    // A planned file names its manifest, and would be removed from that one alone.
    return repeated.get(file) ? DataFiles.builder(table.spec()).copy(planned).build() : planned;
  }

  /** Hands each live row of a file, by ordinal, to an action. */
  void forEach(int file, Schema projection, Consumer<Record> action) {
    try (CloseableIterable<Record> rows = read(file, projection)) {
      rows.forEach(action);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The live rows of a file, by ordinal. */
  CloseableIterable<Record> read(int file, Schema projection) {
    return new TableReader(table).read(tasks.get(file), projection);
  }

  /** The distinct values of a text column among the rows without a deletion mark. */
  Set<String> values(String column) {
    Set<String> values = new LinkedHashSet<>();
    if (table.schema().findField(column) == null) {
      return values;
    }
    Schema projection = projection(List.of(column), TableLayout.DELETED_AT);
    int value = position(projection, column);
    int deleted = position(projection, TableLayout.DELETED_AT);
    for (int file = 0; file < tasks.size(); file++) {
      forEach(
          file,
          projection,
          row -> {
            if (row.get(value) != null && row.get(deleted) == null) {
              values.add(row.get(value).toString());
            }
          });
    }
    return values;
  }

  /**
   * The schema of some columns and some of {@link TableLayout}'s own.
   *
   * @throws ConnectorException of code DESTINATION when the table lacks one
   */
  Schema projection(List<String> columns, String... own) {
    List<String> all = new ArrayList<>(columns);
    all.addAll(List.of(own));
    for (String column : all) {
      if (table.schema().findField(column) == null) {
        throw new ConnectorException(
            ErrorCode.DESTINATION,
            "table "
                + display
                + " has no column "
                + column
                + "; run sync, which adds missing columns");
      }
    }
    return table.schema().select(all);
  }

  /** The hash of the key in a record. */
  static long[] keyOf(Record record, int[] positions) {
    Object[] values = new Object[positions.length];
    for (int i = 0; i < positions.length; i++) {
      values[i] = record.get(positions[i]);
    }
    return KeyHash.of(values);
  }

  /** Where the columns are in records of a schema. */
  static int[] positions(Schema schema, List<String> columns) {
    int[] positions = new int[columns.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = position(schema, columns.get(i));
    }
    return positions;
  }

  static int position(Schema schema, String column) {
    return schema.columns().indexOf(schema.findField(column));
  }
}
