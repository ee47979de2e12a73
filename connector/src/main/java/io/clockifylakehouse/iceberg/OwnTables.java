// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.VerificationRow;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;

/**
 * Appends to the connector's own tables, which are created with their first row.
 *
 * <p>Holds no state of its own, thus safe for use by several threads. Every failure is a {@link
 * io.clockifylakehouse.error.ConnectorException} that names the table.
 */
final class OwnTables {
  private final LakehouseCatalog catalog;
  private final TablePreparation preparation;

  OwnTables(LakehouseCatalog catalog, TablePreparation preparation) {
    this.catalog = catalog;
    this.preparation = preparation;
  }

  void record(SyncStamp stamp, List<SyncRunRow> rows, IcebergSink.TableAccess access) {
    append(
        SyncRunsTable.NAME,
        SyncRunsTable.layout(),
        stamp,
        access,
        schema -> rows.stream().map(row -> SyncRunsTable.record(schema, stamp, row)).toList());
  }

  void record(List<VerificationRow> rows, SyncStamp stamp, IcebergSink.TableAccess access) {
    append(
        VerificationsTable.NAME,
        VerificationsTable.layout(),
        stamp,
        access,
        schema -> rows.stream().map(row -> VerificationsTable.record(schema, row)).toList());
  }

  /** Does nothing without rows. */
  private void append(
      String name,
      TableLayout layout,
      SyncStamp stamp,
      IcebergSink.TableAccess access,
      Function<Schema, List<Record>> rows) {
    if (rows.apply(layout.schema()).isEmpty()) {
      return;
    }
    try {
      preparation.prepare(Map.of(name, layout));
      CommitLocks.holding(
          access.locks().table(),
          () -> {
            Table table = catalog.load(name);
            SortedFiles written = new SortedFiles(table, stamp.syncId(), () -> {});
            SortedFiles.Partition whole = written.begin(null);
            rows.apply(table.schema()).forEach(whole::add);
            whole.finish();
            new DataCommit(stamp, access)
                .run(written, SnapshotCommit.Change.append(written.written()));
          });
    } catch (RuntimeException e) {
      throw Failures.of("table " + catalog.display(name) + ": cannot write it", e);
    }
  }
}
