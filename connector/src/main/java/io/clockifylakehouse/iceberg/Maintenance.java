// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.destination.MaintenancePlan.Step;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.TableCare;
import io.clockifylakehouse.destination.TableCare.Figures;
import io.clockifylakehouse.destination.TableCare.Work;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.util.PropertyUtil;

/**
 * The care of one table after the other: each step is a commit of its own that changes no row, so
 * that a kill between or in any two leaves a table that reads the same.
 *
 * <p>Used by one thread.
 *
 * @param access of a table by its name
 * @param fence throws when another run took over
 */
record Maintenance(
    LakehouseCatalog catalog,
    MaintenancePlan plan,
    SyncStamp stamp,
    Function<String, IcebergSink.TableAccess> access,
    Runnable fence) {

  /** Empty when there is no table. */
  Optional<TableCare> run(String name) {
    try {
      Optional<Table> table = catalog.find(name);
      if (table.isEmpty()) {
        return Optional.empty();
      }
      Figures before = figures(name, table.get());
      List<Work> work = new ArrayList<>();
      for (Step step : Step.values()) {
        if (plan.steps().contains(step)) {
          fence.run();
          work.add(run(step, name, catalog.load(name)));
        }
      }
      Figures after = plan.dryRun() ? before : figures(name, catalog.load(name));
      return Optional.of(new TableCare(name, before, after, work));
    } catch (RuntimeException e) {
      throw Failures.of("table " + catalog.display(name) + ": cannot maintain it", e);
    }
  }

  private Work run(Step step, String name, Table table) {
    return switch (step) {
      case COMPACTION -> compact(name, table);
      case SNAPSHOTS -> expire(table);
      case MANIFESTS -> joinManifests(table);
      case ORPHANS -> removeOrphans(name, table);
    };
  }

  private Work compact(String name, Table table) {
    Compaction compaction = new Compaction(scan(name, table), plan.targetFileBytes());
    long files = 0;
    long bytes = 0;
    for (BitSet some : compaction.files().values()) {
      files += some.cardinality();
      bytes += SmallFiles.bytes(compaction.scan(), some);
    }
    if (!plan.dryRun()) {
      compaction.run(stamp, access.apply(name));
    }
    return new Work(Step.COMPACTION, files, bytes, Optional.empty());
  }

  private Work expire(Table table) {
    SnapshotExpiry expiry = new SnapshotExpiry(stamp.startedAt(), plan.keepSnapshots());
    if (!collectsGarbage(table)) {
      return refused(Step.SNAPSHOTS, table);
    }
    long outlived = expiry.outlived(table);
    if (!plan.dryRun()) {
      expiry.expire(table);
    }
    return new Work(Step.SNAPSHOTS, outlived, 0, Optional.empty());
  }

  private Work joinManifests(Table table) {
    ManifestRewrite rewrite = new ManifestRewrite(stamp, fence);
    List<ManifestFile> small = rewrite.small(table);
    if (!plan.dryRun()) {
      rewrite.run(table);
    }
    long bytes = small.stream().mapToLong(ManifestFile::length).sum();
    return new Work(Step.MANIFESTS, small.size(), bytes, Optional.empty());
  }

  private Work removeOrphans(String name, Table table) {
    if (!collectsGarbage(table)) {
      return refused(Step.ORPHANS, table);
    }
    if (!(table.io() instanceof SupportsPrefixOperations io)) {
      return refusal(
          Step.ORPHANS,
          "its file system ("
              + table.io().getClass().getSimpleName()
              + ") cannot list files; use remove_orphan_files of Spark");
    }
    OrphanFiles orphans =
        OrphanFiles.of(table, io, stamp.startedAt().minus(plan.orphanMinAge()).plusMillis(1));
    if (orphans.unlisted() > 0) {
      return refusal(
          Step.ORPHANS,
          orphans.unlisted()
              + " files that the table needs are not below "
              + table.location()
              + ": a file was lost, or the table was moved; nothing was removed. Read table "
              + catalog.display(name)
              + " in full to see which");
    }
    if (!plan.dryRun()) {
      for (FileInfo file : orphans.files()) {
        table.io().deleteFile(file.location());
      }
    }
    return new Work(Step.ORPHANS, orphans.files().size(), orphans.bytes(), Optional.empty());
  }

  private static boolean collectsGarbage(Table table) {
    return PropertyUtil.propertyAsBoolean(
        table.properties(), TableProperties.GC_ENABLED, TableProperties.GC_ENABLED_DEFAULT);
  }

  private static Work refused(Step step, Table table) {
    return refusal(
        step,
        "its property "
            + TableProperties.GC_ENABLED
            + " is false: other tables may share its files; set it to true if none does");
  }

  private static Work refusal(Step step, String reason) {
    return new Work(step, 0, 0, Optional.of(reason));
  }

  private WorkspaceScan scan(String name, Table table) {
    return WorkspaceScan.of(table, catalog.display(name), Expressions.alwaysTrue(), Set.of());
  }

  private Figures figures(String name, Table table) {
    long snapshots = 0;
    for (Snapshot snapshot : table.snapshots()) {
      snapshots += snapshot == null ? 0 : 1;
    }
    WorkspaceScan scan = scan(name, table);
    List<DataFile> files = scan.tasks().stream().map(task -> task.file()).toList();
    Snapshot current = table.currentSnapshot();
    return new Figures(
        files.size(),
        files.stream().mapToLong(DataFile::fileSizeInBytes).sum(),
        snapshots,
        table.refs().values().stream().filter(SnapshotRef::isTag).count(),
        current == null ? 0 : current.allManifests(table.io()).size());
  }
}
