// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Comparison;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.LiveRows;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.TableOverview;
import io.clockifylakehouse.destination.VerificationRow;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** The tables of a catalog as people and forecasts ask for them. Safe for several threads. */
final class TableInspection implements Inspection {
  private final LakehouseCatalog catalog;

  TableInspection(LakehouseCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public Optional<TableOverview> table(StreamDefinition stream) {
    return reading(stream.name(), () -> catalog.find(stream.name()).map(t -> overview(stream, t)));
  }

  private TableOverview overview(StreamDefinition stream, Table table) {
    Snapshot snapshot = table.currentSnapshot();
    Map<String, Long> byWorkspace = new HashMap<>();
    long rows = 0;
    try (CloseableIterable<FileScanTask> files =
        table.newScan().includeColumnStats(Set.of(TableLayout.DELETED_AT)).planFiles()) {
      for (FileScanTask task : files) {
        long live = liveRows(table.schema(), task.file());
        rows += live;
        if (stream.inWorkspace()) {
          byWorkspace.merge(workspaceOf(table, task), live, Long::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TableOverview(
        snapshot == null ? OptionalLong.empty() : OptionalLong.of(snapshot.snapshotId()),
        Optional.ofNullable(snapshot).map(s -> Instant.ofEpochMilli(s.timestampMillis())),
        rows,
        byWorkspace);
  }

  /** A row without a deletion mark has a null there, and nulls are counted for each file. */
  private static long liveRows(Schema schema, DataFile file) {
    int deletedAt = schema.findField(TableLayout.DELETED_AT).fieldId();
    Map<Integer, Long> nulls = file.nullValueCounts();
    Long live = nulls == null ? null : nulls.get(deletedAt);
    return live == null ? file.recordCount() : live;
  }

  private String workspaceOf(Table table, FileScanTask task) {
    int workspace = table.schema().findField(Scope.WORKSPACE).fieldId();
    List<PartitionField> fields = task.spec().fields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).sourceId() == workspace && fields.get(i).transform().isIdentity()) {
        return task.file().partition().get(i, CharSequence.class).toString();
      }
    }
    throw new ConnectorException(
        ErrorCode.DESTINATION,
        "table "
            + table.name()
            + " has data files that are not partitioned by workspace; rewrite them with Spark's"
            + " rewrite_data_files, or rename the table and load a new one");
  }

  @Override
  public Map<String, Long> counts(
      StreamDefinition stream, String workspaceId, String path, Period period) {
    Map<String, Long> counts = new HashMap<>();
    reading(
        stream.name(),
        () -> {
          Optional<Table> found = catalog.find(stream.name());
          if (found.isPresent() && found.get().schema().findField(path) != null) {
            count(found.get(), stream, workspaceId, path, period, counts);
          }
          return counts;
        });
    return counts;
  }

  private void count(
      Table table,
      StreamDefinition stream,
      String workspaceId,
      String path,
      Period period,
      Map<String, Long> counts) {
    WorkspaceScan scan =
        WorkspaceScan.of(table, catalog.display(stream.name()), stream, Optional.of(workspaceId));
    RegionRows region =
        new RegionRows(stream, new Region(period, Optional.empty(), Set.of()), table.schema());
    List<String> columns = new ArrayList<>(region.columns());
    columns.add(path);
    columns.add(TableLayout.DELETED_AT);
    Schema projection = table.schema().select(columns);
    RegionRows.Positions at = region.positions(projection);
    int top = WorkspaceScan.position(projection, path.split("\\.")[0]);
    forEachLive(
        scan,
        projection,
        row -> {
          if (region.contains(row, at)) {
            collect(row.get(top), counts);
          }
        },
        region);
  }

  /** What is projected of a struct is the path's next column alone. */
  private static void collect(Object value, Map<String, Long> counts) {
    if (value instanceof Record struct) {
      for (int i = 0; i < struct.size(); i++) {
        collect(struct.get(i), counts);
      }
    } else if (value instanceof List<?> list) {
      list.forEach(element -> collect(element, counts));
    } else if (value != null && !value.toString().isEmpty()) {
      counts.merge(value.toString(), 1L, Long::sum);
    }
  }

  private static void forEachLive(
      WorkspaceScan scan, Schema projection, Consumer<Record> action, RegionRows region) {
    int deletedAt = WorkspaceScan.position(projection, TableLayout.DELETED_AT);
    for (int file = 0; file < scan.tasks().size(); file++) {
      if (!region.mayHold(scan.tasks().get(file).file())) {
        continue;
      }
      try (CloseableIterable<Record> rows = scan.read(file, projection)) {
        for (Record row : rows) {
          if (row.get(deletedAt) == null) {
            action.accept(row);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public Map<String, String> texts(StreamDefinition stream, String column) {
    Map<String, String> texts = new LinkedHashMap<>();
    reading(
        stream.name(),
        () -> {
          Optional<Table> table = catalog.find(stream.name());
          table.ifPresent(found -> texts(found, stream, column, texts));
          return texts;
        });
    return texts;
  }

  private void texts(
      Table table, StreamDefinition stream, String column, Map<String, String> texts) {
    WorkspaceScan scan =
        WorkspaceScan.of(table, catalog.display(stream.name()), stream, Optional.empty());
    String key = stream.key().get(0);
    Schema projection = table.schema().select(List.of(key, column, TableLayout.DELETED_AT));
    int keyPosition = WorkspaceScan.position(projection, key);
    int position = WorkspaceScan.position(projection, column);
    forEachLive(
        scan,
        projection,
        row -> {
          if (row.get(position) != null) {
            texts.put(row.get(keyPosition).toString(), row.get(position).toString());
          }
        },
        new RegionRows(stream, Region.ALL, table.schema()));
  }

  @Override
  public List<PastRun> lastRuns() {
    Map<List<Object>, PastRun> last = new LinkedHashMap<>();
    reading(
        SyncRunsTable.NAME,
        () -> {
          catalog.find(SyncRunsTable.NAME).ifPresent(table -> readRuns(table, last));
          return last;
        });
    return last.values().stream().distinct().toList();
  }

  @Override
  public LiveRows pin(Collection<String> tables) {
    return PinnedRows.of(catalog, tables);
  }

  private void readRuns(Table table, Map<List<Object>, PastRun> last) {
    WorkspaceScan scan =
        WorkspaceScan.of(
            table, catalog.display(SyncRunsTable.NAME), Expressions.alwaysTrue(), Set.of());
    Schema projection = table.schema().select(SyncRunsTable.RUN_COLUMNS);
    for (int file = 0; file < scan.tasks().size(); file++) {
      try (CloseableIterable<Record> rows = scan.read(file, projection)) {
        for (Record row : rows) {
          PastRun run = SyncRunsTable.run(row);
          keepLater(last, List.of("any", run.command(), run.stream(), run.workspaceId()), run);
          String ending = run.wentWell() ? "well" : run.isCarried() ? "carried" : "not well";
          keepLater(last, List.of(ending, run.command(), run.stream(), run.workspaceId()), run);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void keepLater(Map<List<Object>, PastRun> last, List<Object> key, PastRun run) {
    last.merge(key, run, (a, b) -> b.startedAt().isBefore(a.startedAt()) ? a : b);
  }

  @Override
  public void rows(
      StreamDefinition stream,
      String workspaceId,
      Period period,
      List<String> columns,
      Consumer<List<Object>> action) {
    reading(
        stream.name(),
        () -> {
          catalog
              .find(stream.name())
              .ifPresent(table -> rows(table, stream, workspaceId, period, columns, action));
          return stream;
        });
  }

  private void rows(
      Table table,
      StreamDefinition stream,
      String workspaceId,
      Period period,
      List<String> columns,
      Consumer<List<Object>> action) {
    RegionRows region = regionOf(stream, period, table);
    List<String> read = new ArrayList<>(region.columns());
    read.addAll(columns);
    read.add(TableLayout.DELETED_AT);
    Schema projection = table.schema().select(read);
    RegionRows.Positions at = region.positions(projection);
    int[] positions = WorkspaceScan.positions(projection, columns);
    forEachLive(
        scan(table, stream, Optional.of(workspaceId)),
        projection,
        row -> {
          if (region.contains(row, at)) {
            List<Object> values = new ArrayList<>(positions.length);
            for (int position : positions) {
              Object value = position < 0 ? null : row.get(position);
              values.add(value instanceof CharSequence ? value.toString() : value);
            }
            action.accept(values);
          }
        },
        region);
  }

  private static RegionRows regionOf(StreamDefinition stream, Period period, Table table) {
    return new RegionRows(stream, new Region(period, Optional.empty(), Set.of()), table.schema());
  }

  private WorkspaceScan scan(Table table, StreamDefinition stream, Optional<String> workspaceId) {
    return WorkspaceScan.of(table, catalog.display(stream.name()), stream, workspaceId);
  }

  @Override
  public Set<String> altered(StreamDefinition stream, String workspaceId, Period period) {
    Set<String> keys = new LinkedHashSet<>();
    return reading(
        stream.name(),
        () -> {
          catalog
              .find(stream.name())
              .ifPresent(table -> altered(table, stream, workspaceId, period, keys));
          return keys;
        });
  }

  private void altered(
      Table table, StreamDefinition stream, String workspaceId, Period period, Set<String> keys) {
    RegionRows region = regionOf(stream, period, table);
    RegionRows.Positions at = region.positions(table.schema());
    StoredContent content = new StoredContent(stream, table.schema());
    int key = WorkspaceScan.position(table.schema(), stream.key().get(0));
    forEachLive(
        scan(table, stream, Optional.of(workspaceId)),
        table.schema(),
        row -> {
          if (region.contains(row, at) && !content.isAsWritten(row)) {
            keys.add(String.valueOf(row.get(key)));
          }
        },
        region);
  }

  @Override
  public Optional<Comparison> comparison(StreamDefinition stream, Optional<String> workspaceId) {
    return reading(
        stream.name(),
        () ->
            catalog
                .find(stream.name())
                .map(table -> new TableComparison(scan(table, stream, workspaceId), stream)));
  }

  @Override
  public List<VerificationRow> lastVerifications() {
    Map<List<Object>, List<VerificationRow>> last = new LinkedHashMap<>();
    reading(
        VerificationsTable.NAME,
        () -> {
          catalog.find(VerificationsTable.NAME).ifPresent(table -> readVerifications(table, last));
          return last;
        });
    return last.values().stream().flatMap(List::stream).toList();
  }

  private void readVerifications(Table table, Map<List<Object>, List<VerificationRow>> last) {
    WorkspaceScan scan =
        WorkspaceScan.of(
            table, catalog.display(VerificationsTable.NAME), Expressions.alwaysTrue(), Set.of());
    for (int file = 0; file < scan.tasks().size(); file++) {
      try (CloseableIterable<Record> rows = scan.read(file, table.schema())) {
        for (Record record : rows) {
          VerificationRow row = VerificationsTable.row(record);
          List<VerificationRow> known =
              last.computeIfAbsent(
                  List.of(row.stream(), row.workspaceId()), key -> new ArrayList<>());
          if (!known.isEmpty() && known.get(0).verifiedAt().isBefore(row.verifiedAt())) {
            known.clear();
          }
          if (known.isEmpty() || known.get(0).verificationId().equals(row.verificationId())) {
            known.add(row);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private <T> T reading(String table, Supplier<T> look) {
    try {
      return look.get();
    } catch (RuntimeException e) {
      throw Failures.of("table " + catalog.display(table) + ": cannot read it", e);
    }
  }
}
