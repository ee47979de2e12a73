// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** The tables of any catalog, looked at and changed by somebody else than the connector. */
public final class CatalogTables {
  private CatalogTables() {}

  private static <T> T with(IcebergSettings settings, String table, Function<Table, T> action) {
    try (LakehouseCatalog catalog = LakehouseCatalog.open(settings)) {
      return action.apply(catalog.load(table));
    }
  }

  /** The tags on a table's current snapshot. */
  public static Set<String> tags(IcebergSettings settings, String table) {
    return with(
        settings,
        table,
        loaded -> {
          Set<String> tags = new TreeSet<>();
          Snapshot current = loaded.currentSnapshot();
          loaded
              .refs()
              .forEach(
                  (name, ref) -> {
                    if (ref.isTag() && ref.snapshotId() == current.snapshotId()) {
                      tags.add(name);
                    }
                  });
          return tags;
        });
  }

  public static Set<Long> snapshots(IcebergSettings settings, String table) {
    return with(
        settings,
        table,
        loaded -> {
          Set<Long> ids = new HashSet<>();
          loaded.snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
          return ids;
        });
  }

  /** The status of each stream and workspace that {@code sync_runs} has of a run. */
  public static Map<String, String> runs(IcebergSettings settings, String syncId) {
    Map<String, String> runs = new TreeMap<>();
    for (Map<String, Object> row : TableRows.read(settings, SyncRunsTable.NAME)) {
      if (row.get("sync_id").equals(syncId)) {
        runs.merge(
            row.get("stream") + "|" + row.get("workspace_id"),
            row.get("status").toString(),
            (a, b) -> {
              throw new AssertionError("twice: " + row);
            });
      }
    }
    return runs;
  }

  public static List<Object> column(IcebergSettings settings, String table, String column) {
    return TableRows.read(settings, table).stream().map(row -> row.get(column)).toList();
  }

  /** A snapshot that changes nothing. */
  public static void append(IcebergSettings settings, String table) {
    with(
        settings,
        table,
        loaded -> {
          loaded.newFastAppend().commit();
          return null;
        });
  }

  /** Takes out a file of a workspace and puts it back: the same rows, by another writer. */
  public static void touch(IcebergSettings settings, String table, String workspaceId) {
    with(
        settings,
        table,
        loaded -> {
          DataFile file = file(loaded, workspaceId);
          OverwriteFiles out = loaded.newOverwrite();
          out.deleteFile(file).commit();
          loaded.newFastAppend().appendFile(file).commit();
          return null;
        });
  }

  private static DataFile file(Table table, String workspaceId) {
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().filter(Expressions.equal("workspace_id", workspaceId)).planFiles()) {
      return tasks.iterator().next().file().copy();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another key's run writes its user. */
  public static void addUser(IcebergSettings settings, String id) {
    StreamDefinition stream = StreamCatalog.packaged().stream("user");
    Row row = new Row(stream.columns().size());
    row.set(stream.position("id"), id);
    try (IcebergDestination destination = IcebergDestination.open(settings);
        Sink sink =
            destination.open(
                stream, Optional.empty(), new SyncStamp("another-run", Instant.now()))) {
      sink.write(List.of(row));
      sink.commit(Coverage.PART);
    }
  }

  /** Local files in a table's place that none of its snapshots refers to; not its metadata.json. */
  public static List<String> orphans(IcebergSettings settings, String table) {
    return with(
        settings,
        table,
        loaded -> {
          Set<String> referenced = new HashSet<>();
          for (Snapshot snapshot : loaded.snapshots()) {
            referenced.add(name(snapshot.manifestListLocation()));
            for (ManifestFile manifest : snapshot.allManifests(loaded.io())) {
              referenced.add(name(manifest.path()));
              try (ManifestReader<DataFile> files =
                  ManifestFiles.read(manifest, loaded.io(), loaded.specs())) {
                files.forEach(file -> referenced.add(name(file.location())));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
          List<String> orphans = new ArrayList<>();
          try (Stream<Path> files = Files.walk(place(loaded))) {
            files
                .filter(Files::isRegularFile)
                .map(file -> file.getFileName().toString())
                .filter(file -> !file.endsWith(".metadata.json") && !file.startsWith("."))
                .filter(file -> !referenced.contains(file))
                .forEach(orphans::add);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return orphans;
        });
  }

  private static Path place(Table table) {
    return table.location().startsWith("file:")
        ? Path.of(URI.create(table.location()).getPath())
        : Path.of(table.location());
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
