// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.Table;

/**
 * Apache Iceberg tables as the destination: one table per stream in one namespace of one catalog.
 *
 * <p>Copy-on-write only: no delete files, ever. Sinks of different streams and workspaces may be
 * used at the same time; who opens one closes it. Safe for use by several threads.
 */
public final class IcebergDestination implements Destination {
  private final LakehouseCatalog catalog;
  private final TablePreparation preparation;
  private final MergeCommit.Rules rules;
  private final ReentrantLock files = new ReentrantLock(true);
  private final Map<String, ReentrantLock> tables = new ConcurrentHashMap<>();

  private IcebergDestination(IcebergSettings settings, LakehouseCatalog catalog) {
    this.catalog = catalog;
    this.preparation = new TablePreparation(catalog, settings.tableProperties());
    this.rules = new MergeCommit.Rules(settings.deletes(), settings.maxShrink());
  }

  /**
   * Opens the catalog; creates nothing in it.
   *
   * @throws ConnectorException of code CONFIGURATION when Iceberg cannot open it
   */
  public static IcebergDestination open(IcebergSettings settings) {
    return new IcebergDestination(settings, LakehouseCatalog.open(settings));
  }

  @Override
  public void checkWritable() {
    new WriteProbe(catalog).run();
  }

  @Override
  public void prepare(Collection<StreamDefinition> streams) {
    preparation.prepare(streams);
  }

  @Override
  public Set<String> values(StreamDefinition stream, String workspaceId, String column) {
    Optional<Table> table = catalog.find(stream.name());
    if (table.isEmpty()) {
      return Set.of();
    }
    Optional<String> workspace = stream.inWorkspace() ? Optional.of(workspaceId) : Optional.empty();
    String display = catalog.display(stream.name());
    try {
      return WorkspaceScan.of(table.get(), display, stream, workspace).values(column);
    } catch (RuntimeException e) {
      throw Failures.of("table " + display + ": cannot read it", e);
    }
  }

  @Override
  public Sink open(StreamDefinition stream, Optional<String> workspaceId, SyncStamp stamp) {
    String display = catalog.display(stream.name());
    try {
      Table table = catalog.load(stream.name());
      preparation.requireReady(stream, table);
      return new IcebergSink(
          table,
          stream,
          workspaceId,
          stamp,
          new IcebergSink.TableAccess(
              display,
              () -> catalog.load(stream.name()),
              rules,
              new CommitLocks(files, lock(stream.name()))));
    } catch (RuntimeException e) {
      throw Failures.of("table " + display + ": cannot read it", e);
    }
  }

  @Override
  public void tag(Collection<StreamDefinition> streams, SyncStamp stamp) {
    SyncTag tag = new SyncTag(stamp);
    for (StreamDefinition stream : streams) {
      try {
        CommitLocks.holding(lock(stream.name()), () -> tag.set(() -> catalog.load(stream.name())));
      } catch (RuntimeException e) {
        throw Failures.of(
            "table " + catalog.display(stream.name()) + ": cannot set the tag " + tag.name(), e);
      }
    }
  }

  @Override
  public void record(SyncStamp stamp, List<SyncRunRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    try {
      preparation.prepare(Map.of(SyncRunsTable.NAME, SyncRunsTable.layout()));
      CommitLocks.holding(lock(SyncRunsTable.NAME), () -> append(stamp, rows));
    } catch (RuntimeException e) {
      throw Failures.of("table " + catalog.display(SyncRunsTable.NAME) + ": cannot write it", e);
    }
  }

  private void append(SyncStamp stamp, List<SyncRunRow> rows) {
    Table table = catalog.load(SyncRunsTable.NAME);
    SortedFiles written = new SortedFiles(table, stamp.syncId());
    written.begin(null);
    for (SyncRunRow row : rows) {
      written.add(SyncRunsTable.record(table.schema(), stamp, row));
    }
    written.finish();
    SnapshotCommit.Change change =
        new SnapshotCommit.Change(
            written.written(), List.of(), Optional.empty(), OptionalLong.empty(), Map.of());
    CommitOutcome outcome =
        new SnapshotCommit(() -> catalog.load(SyncRunsTable.NAME), stamp).run(change);
    if (outcome instanceof CommitOutcome.Rejected rejected) {
      if (rejected.proven()) {
        written.abort();
      }
      throw rejected.cause();
    }
    if (outcome instanceof CommitOutcome.Unknown unknown) {
      throw unknown.cause();
    }
  }

  @Override
  public String location(StreamDefinition stream) {
    return catalog.location(stream.name());
  }

  private ReentrantLock lock(String table) {
    return tables.computeIfAbsent(table, name -> new ReentrantLock(true));
  }

  @Override
  public void close() {
    catalog.close();
  }
}
