// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;

/**
 * Everything a warehouse holds at one moment: by stream, workspace and key. Immutable.
 *
 * @param rows by stream, those with a deletion mark among them
 * @param snapshots the current one of each stream; 0 without one
 * @param dataFiles of all streams, also those that no snapshot names
 */
record Tables(
    Map<String, Map<String, Map<String, Object>>> rows,
    Map<String, Long> snapshots,
    Set<Path> dataFiles) {
  static final Tables NONE = new Tables(Map.of(), Map.of(), Set.of());

  private static final Set<String> VERSION = Set.of("_synced_at", "_sync_id");

  /** Reads every table; asserts that each key is there once. */
  static Tables read(Path warehouse, Set<String> workspaces) {
    return NONE.next(warehouse, workspaces);
  }

  /** Reads every table that has another snapshot than this; asserts that each key is there once. */
  Tables next(Path warehouse, Set<String> workspaces) {
    Map<String, Map<String, Map<String, Object>>> nextRows = new HashMap<>();
    Map<String, Long> nextSnapshots = new HashMap<>();
    HadoopTables tables = new HadoopTables(new Configuration());
    for (StreamDefinition stream : TestSync.CATALOG.streams()) {
      String name = stream.name();
      Path location = warehouse.resolve("clockify").resolve(name);
      nextRows.put(name, Map.of());
      if (Files.exists(location)) {
        Table table = tables.load(location.toString());
        Snapshot current = table.currentSnapshot();
        long snapshot = current == null ? 0 : current.snapshotId();
        boolean known = Long.valueOf(snapshot).equals(snapshots.get(name));
        nextSnapshots.put(name, snapshot);
        nextRows.put(name, known ? rows.get(name) : rows(stream, table, workspaces));
      }
    }
    return new Tables(nextRows, nextSnapshots, dataFiles(warehouse));
  }

  private static Map<String, Map<String, Object>> rows(
      StreamDefinition stream, Table table, Set<String> workspaces) {
    return StoredRows.byKey(
        stream, TableRows.read(table).stream().filter(row -> isOf(row, workspaces)).toList());
  }

  private static boolean isOf(Map<String, Object> row, Set<String> workspaces) {
    Object id = row.get("workspace_id");
    return id == null || workspaces.contains(id);
  }

  private static Set<Path> dataFiles(Path warehouse) {
    try (Stream<Path> paths = Files.walk(warehouse)) {
      return paths
          .filter(p -> p.toString().endsWith(".parquet") && !p.toString().contains("sync_runs"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a stream without a deletion mark. */
  Map<String, Map<String, Object>> live(StreamDefinition stream) {
    Map<String, Map<String, Object>> live =
        new TreeMap<>(rows.getOrDefault(stream.name(), Map.of()));
    live.values().removeIf(row -> row.get("_deleted_at") != null);
    return live;
  }

  /**
   * Asserts that each row which is the same as before is the same version, and that each other one
   * is a new version.
   *
   * @param syncId of the run in between, where it is known
   */
  void assertVersionsSince(Tables before, Optional<String> syncId) {
    for (Map.Entry<String, Map<String, Map<String, Object>>> table : rows.entrySet()) {
      table
          .getValue()
          .forEach(
              (key, row) -> {
                Map<String, Object> old =
                    before.rows.getOrDefault(table.getKey(), Map.of()).get(key);
                String name = table.getKey() + " " + key;
                if (old != null && content(old).equals(content(row))) {
                  assertThat(row).as("%s has not changed", name).isEqualTo(old);
                } else if (old != null) {
                  assertThat(row.get("_sync_id"))
                      .as("%s has changed", name)
                      .isNotEqualTo(old.get("_sync_id"));
                }
                if (syncId.isPresent() && !row.equals(old)) {
                  assertThat(row.get("_sync_id")).as("%s is new", name).isEqualTo(syncId.get());
                }
              });
    }
  }

  private static Object content(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((k, v) -> sorted.put(k.toString(), content(v)));
      sorted.keySet().removeAll(VERSION);
      return sorted;
    }
    if (value instanceof List<?> list) { // sets come in any order
      List<Object> sorted = new ArrayList<>();
      list.forEach(v -> sorted.add(content(v)));
      sorted.sort(Comparator.comparing(String::valueOf));
      return sorted;
    }
    return value;
  }

  /** Asserts that a stream holds for a workspace what it held before, to the version. */
  void assertSameRows(Tables before, String stream, Optional<String> workspaceId) {
    assertThat(of(stream, workspaceId))
        .as("%s of %s keeps its rows", stream, workspaceId)
        .isEqualTo(before.of(stream, workspaceId));
  }

  private Map<String, Map<String, Object>> of(String stream, Optional<String> workspaceId) {
    Map<String, Map<String, Object>> found = new TreeMap<>(rows.getOrDefault(stream, Map.of()));
    workspaceId.ifPresent(
        id -> found.values().removeIf(row -> !id.equals(row.get("workspace_id"))));
    return found;
  }

  /** Asserts that no key is gone that the service has had all the time. */
  void assertNothingLost(Tables before, StreamDefinition stream, Set<String> alwaysThere) {
    Set<String> lost = new TreeSet<>(before.live(stream).keySet());
    lost.retainAll(alwaysThere);
    lost.removeAll(live(stream).keySet());
    assertThat(lost).as("%s: deleted, though the service has them", stream.name()).isEmpty();
  }
}
