// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** A destination in a temporary directory, with short ways to sync and to look. */
final class Lakehouse implements AutoCloseable {
  static final String W1 = "5f2c0a0000000000000000w1";
  static final String W2 = "5f2c0a0000000000000000w2";

  static final Duration TAGS_KEPT = Duration.ofDays(30);

  final IcebergSettings settings;
  final IcebergDestination destination;
  final Path warehouse;
  private final LakehouseCatalog catalog;
  private int runs;

  private Lakehouse(Path warehouse, IcebergSettings settings) {
    this.warehouse = warehouse;
    this.settings = settings;
    this.destination = IcebergDestination.open(settings);
    this.catalog = LakehouseCatalog.open(settings);
  }

  static Lakehouse hadoop(Path directory) {
    return hadoop(directory, DeleteMode.HARD, 1);
  }

  static Lakehouse hadoop(Path directory, DeleteMode deletes, double maxShrink) {
    Path warehouse = directory.resolve("lakehouse");
    return new Lakehouse(
        warehouse,
        settings(Map.of("type", "hadoop", "warehouse", warehouse.toString()), deletes, maxShrink));
  }

  static Lakehouse jdbc(Path directory) {
    return jdbc(directory, "jdbc:sqlite:" + directory.resolve("catalog.db"));
  }

  static Lakehouse jdbc(Path directory, String uri) {
    Path warehouse = directory.resolve("lakehouse");
    Map<String, String> catalog = new HashMap<>();
    catalog.put("type", "jdbc");
    catalog.put("uri", uri);
    catalog.put("warehouse", warehouse.toString());
    catalog.put("jdbc.schema-version", "V1");
    return new Lakehouse(warehouse, settings(catalog, DeleteMode.HARD, 1));
  }

  static IcebergSettings settings(
      Map<String, String> catalog, DeleteMode deletes, double maxShrink) {
    return new IcebergSettings(catalog, "lakehouse", "clockify", Map.of(), deletes, maxShrink);
  }

  /** The next run: its start is as many hours into 2026 as there were runs before. */
  SyncStamp nextRun() {
    runs++;
    return new SyncStamp(
        "run-" + runs, Instant.parse("2026-01-01T00:00:00Z").plusSeconds(3600L * runs));
  }

  Committed sync(StreamDefinition stream, String workspace, Coverage coverage, Row... rows) {
    return sync(stream, workspace, coverage, nextRun(), Arrays.asList(rows));
  }

  Committed sync(
      StreamDefinition stream,
      String workspace,
      Coverage coverage,
      SyncStamp stamp,
      List<Row> rows) {
    try (Sink sink = destination.open(stream, Optional.ofNullable(workspace), stamp)) {
      sink.write(rows);
      return sink.commit(coverage);
    }
  }

  /** As {@code sync}, for a read of a region. */
  Committed sync(
      StreamDefinition stream, String workspace, Region region, Coverage coverage, Row... rows) {
    try (Sink sink = destination.open(stream, Optional.of(workspace), region, nextRun())) {
      sink.write(Arrays.asList(rows));
      return sink.commit(coverage);
    }
  }

  void tag(SyncStamp stamp, List<StreamDefinition> streams) {
    destination.tag(streams, stamp, stamp.startedAt(), TAGS_KEPT);
  }

  Table table(String name) {
    return catalog.load(name);
  }

  LakehouseCatalog catalog() {
    return catalog;
  }

  /** The rows by id. Fails when an id is there twice. */
  Map<String, Map<String, Object>> rows(String table) {
    return TableRows.read(table(table)).stream()
        .collect(
            Collectors.toMap(
                row -> (String) row.get("id"),
                row -> row,
                (a, b) -> {
                  throw new AssertionError("twice: " + a + " and " + b);
                },
                LinkedHashMap::new));
  }

  /** The values of one column by id. */
  Map<String, Object> column(String table, String column) {
    Map<String, Object> values = new HashMap<>();
    rows(table).forEach((id, row) -> values.put(id, row.get(column)));
    return values;
  }

  int snapshots(String table) {
    int count = 0;
    for (Snapshot snapshot : table(table).snapshots()) {
      count += snapshot == null ? 0 : 1;
    }
    return count;
  }

  int deleteManifests(String table) {
    int count = 0;
    Table loaded = table(table);
    for (Snapshot snapshot : loaded.snapshots()) {
      List<ManifestFile> manifests = snapshot.deleteManifests(loaded.io());
      count += manifests.size();
    }
    return count;
  }

  /** The data files of the current snapshot. */
  List<DataFile> dataFiles(String table) {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table(table).newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Every file under the warehouse. */
  Set<String> files() {
    if (!Files.exists(warehouse)) {
      return Set.of();
    }
    try (Stream<Path> paths = Files.walk(warehouse)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> warehouse.relativize(path).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    catalog.close();
    destination.close();
  }
}
