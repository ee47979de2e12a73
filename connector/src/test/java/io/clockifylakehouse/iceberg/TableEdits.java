// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.DeleteMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** Another writer: somebody who changes rows of a table behind the connector's back. */
public final class TableEdits {
  private TableEdits() {}

  /**
   * Rewrites each row of a table under the warehouse of a Hadoop catalog.
   *
   * @param edit gives the row to store in place of a row; empty to remove it
   */
  public static void edit(Path warehouse, String name, Function<Record, Optional<Record>> edit) {
    IcebergSettings settings =
        Lakehouse.settings(
            Map.of("type", "hadoop", "warehouse", warehouse.toString()), DeleteMode.HARD, 1);
    try (LakehouseCatalog catalog = LakehouseCatalog.open(settings)) {
      Table table = catalog.load(name);
      WorkspaceScan scan = WorkspaceScan.of(table, name, Expressions.alwaysTrue(), Set.of());
      OverwriteFiles overwrite = table.newOverwrite();
      SortedFiles files = new SortedFiles(table, "somebody", () -> {});
      for (int file = 0; file < scan.tasks().size(); file++) {
        SortedFiles.Partition partition = files.begin(scan.tasks().get(file).file().partition());
        try (CloseableIterable<Record> rows = scan.read(file, table.schema())) {
          for (Record row : rows) {
            edit.apply(row).ifPresent(partition::add);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        partition.finish();
        overwrite.deleteFile(scan.removable(file));
      }
      files.written().forEach(overwrite::addFile);
      overwrite.commit();
    }
  }

  /** Changes the row with an id. */
  public static void change(Path warehouse, String name, String id, UnaryOperator<Record> change) {
    edit(
        warehouse,
        name,
        row -> Optional.of(row.getField("id").toString().equals(id) ? change.apply(row) : row));
  }

  /** Removes the row with an id. */
  public static void remove(Path warehouse, String name, String id) {
    edit(
        warehouse,
        name,
        row -> Optional.of(row).filter(kept -> !kept.getField("id").toString().equals(id)));
  }
}
