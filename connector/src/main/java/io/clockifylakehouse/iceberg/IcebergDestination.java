// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.TableCare;
import io.clockifylakehouse.destination.Transaction;
import io.clockifylakehouse.destination.VerificationRow;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.iceberg.IcebergBuild;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;

/**
 * Apache Iceberg tables as the destination: one table per stream in one namespace of one catalog.
 *
 * <p>Copy-on-write only: no delete files, ever. Sinks of different streams and workspaces may be
 * used at the same time; who opens one closes it. Safe for use by several threads.
 */
public final class IcebergDestination implements Destination {
  private final LakehouseCatalog catalog;
  private final TablePreparation preparation;
  private final OwnTables own;
  private final MergeCommit.Rules rules;
  private final ReentrantLock files = new ReentrantLock(true);
  private final Map<String, ReentrantLock> tables = new ConcurrentHashMap<>();
  private final Map<String, WorkspaceLease> leases = new ConcurrentHashMap<>();
  private final Map<String, WrittenKeys> written = new ConcurrentHashMap<>();
  private final boolean transactions;
  private volatile boolean stopped;

  private IcebergDestination(IcebergSettings settings, LakehouseCatalog catalog) {
    this.catalog = catalog;
    this.preparation = new TablePreparation(catalog, settings.tableProperties());
    this.own = new OwnTables(catalog, preparation);
    this.rules = new MergeCommit.Rules(settings.deletes(), settings.maxShrink());
    this.transactions = settings.transactions();
  }

  /** Of the Iceberg that writes the tables. */
  public static String icebergVersion() {
    return IcebergBuild.version();
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
  public Optional<String> state(StreamDefinition stream, Optional<String> workspaceId) {
    return catalog.find(stream.name()).flatMap(table -> StreamState.of(table, workspaceId));
  }

  @Override
  public Sink open(
      StreamDefinition stream, Optional<String> workspaceId, Region region, SyncStamp stamp) {
    IcebergSink.TableAccess access = streamAccess(stream, workspaceId);
    Supplier<IcebergSink> opening = () -> sink(stream, workspaceId, region, stamp, access);
    return workspaceId.isPresent()
        ? opening.get()
        : new SharedTableSink(opening, committingOnceMore -> {});
  }

  @Override
  public Optional<Transaction> begin(SyncStamp stamp) {
    return transactions && catalog.offersTransactions()
        ? Optional.of(new IcebergTransaction(catalog, new StagingAccess(stamp), stamp))
        : Optional.empty();
  }

  /** What a transaction needs. */
  private final class StagingAccess implements IcebergTransaction.Access {
    private final SyncStamp stamp;

    StagingAccess(SyncStamp stamp) {
      this.stamp = stamp;
    }

    @Override
    public Sink open(
        StreamDefinition stream,
        Optional<String> workspaceId,
        Region region,
        IcebergTransaction transaction) {
      IcebergSink.TableAccess access =
          streamAccess(stream, workspaceId)
              .staging(transaction.staging(stream.name(), workspaceId));
      Supplier<IcebergSink> opening = () -> sink(stream, workspaceId, region, stamp, access);
      return workspaceId.isPresent()
          ? opening.get()
          : new SharedTableSink(opening, commit -> transaction.repeatable(stream.name(), commit));
    }

    @Override
    public void stage(List<SyncRunRow> rows, DataCommit.Staging staging) {
      own.record(stamp, rows, access(SyncRunsTable.NAME, rules, Optional.empty()).staging(staging));
    }

    @Override
    public void finish(Optional<Transaction.Cut> cut, List<SyncRunRow> rows) {
      cut.ifPresent(c -> tag(c.streams(), stamp, c.now(), c.keep()));
      record(stamp, rows);
    }
  }

  private IcebergSink.TableAccess streamAccess(
      StreamDefinition stream, Optional<String> workspaceId) {
    return access(
        stream.name(), stream.ephemeral() ? rules.withoutShrinkLimit() : rules, workspaceId);
  }

  private IcebergSink sink(
      StreamDefinition stream,
      Optional<String> workspaceId,
      Region region,
      SyncStamp stamp,
      IcebergSink.TableAccess access) {
    try {
      Table table = catalog.load(stream.name());
      preparation.requireReady(stream, table);
      return new IcebergSink(table, stream, workspaceId, region, stamp, access);
    } catch (RuntimeException e) {
      throw Failures.of("table " + catalog.display(stream.name()) + ": cannot read it", e);
    }
  }

  private IcebergSink.TableAccess access(
      String table, MergeCommit.Rules ruling, Optional<String> workspaceId) {
    return new IcebergSink.TableAccess(
        catalog.display(table),
        () -> catalog.load(table),
        ruling,
        new CommitLocks(files, lock(table)),
        this::proceed,
        () -> {
          verifyLease(workspaceId);
          verifyLease(Optional.empty());
        },
        written.computeIfAbsent(table + workspaceId, any -> new WrittenKeys()));
  }

  private void verifyLease(Optional<String> workspaceId) {
    WorkspaceLease lease = leases.get(WorkspaceLease.Property.name(workspaceId));
    if (lease != null) {
      lease.verify();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>A Hadoop catalog loses concurrent commits without a word, so there one run has all tables:
   * by {@link WarehouseLock} in a local warehouse, and by a {@link WorkspaceLease} elsewhere, which
   * is no more than a strong hint on a store that cannot rename atomically. On the other catalogs
   * each workspace has its {@link WorkspaceLease}, and there is none for the run as a whole.
   */
  @Override
  public Lock lock(SyncStamp stamp, Optional<String> workspaceId, Duration wait, Time time) {
    if (catalog.isHadoop() == workspaceId.isPresent()) {
      return new NoLock();
    }
    Optional<Path> warehouse = catalog.localWarehouse();
    if (catalog.isHadoop() && warehouse.isPresent()) {
      return WarehouseLock.acquire(
          warehouse.get(), stamp, new LockContest("warehouse " + warehouse.get(), wait, time));
    }
    String what = workspaceId.map(id -> "workspace " + id).orElse("the warehouse");
    try {
      preparation.prepare(Map.of(SyncRunsTable.NAME, SyncRunsTable.layout()));
      String name = WorkspaceLease.Property.name(workspaceId);
      WorkspaceLease lease =
          WorkspaceLease.acquire(
              new WorkspaceLease.Property(
                  name,
                  () -> catalog.load(SyncRunsTable.NAME),
                  lock(SyncRunsTable.NAME),
                  catalog.comparesOnlySnapshots()),
              stamp,
              new LockContest(what, wait, time));
      leases.put(name, lease);
      return new HeldLease(lease, () -> leases.remove(name, lease));
    } catch (RuntimeException e) {
      throw Failures.of(what + ": cannot lock it", e);
    }
  }

  /** What needs no lock. */
  private record NoLock() implements Lock {
    @Override
    public void renew() {}

    @Override
    public void close() {}
  }

  /** A lease that this destination's commits ask for until it is closed. */
  private record HeldLease(WorkspaceLease lease, Runnable forget) implements Lock {
    @Override
    public void renew() {
      lease.renew();
    }

    @Override
    public void close() {
      forget.run();
      lease.close();
    }
  }

  @Override
  public void compact(StreamDefinition stream, Optional<String> workspaceId, SyncStamp stamp) {
    String display = catalog.display(stream.name());
    try {
      Optional<Table> table = catalog.find(stream.name());
      if (table.isPresent()) {
        new Compaction(WorkspaceScan.of(table.get(), display, stream, workspaceId), SmallFiles.FEW)
            .run(stamp, access(stream.name(), rules, workspaceId));
      }
    } catch (RuntimeException e) {
      throw Failures.of("table " + display + ": cannot compact it", e);
    }
  }

  @Override
  public void expire(Collection<StreamDefinition> streams, SyncStamp stamp, Duration retention) {
    SnapshotExpiry expiry = new SnapshotExpiry(stamp.startedAt(), retention);
    compactSyncRuns(stamp);
    List<String> names = new ArrayList<>(streams.stream().map(StreamDefinition::name).toList());
    names.add(SyncRunsTable.NAME);
    SideBySide.forEach(names, name -> expire(name, expiry));
  }

  private void expire(String name, SnapshotExpiry expiry) {
    proceed();
    try {
      CommitLocks.holding(lock(name), () -> catalog.find(name).ifPresent(expiry::run));
    } catch (RuntimeException e) {
      throw Failures.of("table " + catalog.display(name) + ": cannot expire its snapshots", e);
    }
  }

  private void compactSyncRuns(SyncStamp stamp) {
    Optional<Table> table = catalog.find(SyncRunsTable.NAME);
    if (table.isPresent()) {
      String display = catalog.display(SyncRunsTable.NAME);
      WorkspaceScan scan =
          WorkspaceScan.of(table.get(), display, Expressions.alwaysTrue(), Set.of());
      new Compaction(scan, SyncRunsTable.FILES_MAX)
          .run(stamp, access(SyncRunsTable.NAME, rules, Optional.empty()));
    }
  }

  @Override
  public void tag(
      Collection<StreamDefinition> streams, SyncStamp stamp, Instant now, Duration keep) {
    SyncTag tag = new SyncTag(stamp, now, keep);
    SideBySide.forEach(streams, stream -> tag(stream.name(), tag));
  }

  private void tag(String name, SyncTag tag) {
    proceed();
    try {
      CommitLocks.holding(lock(name), () -> tag.set(() -> catalog.load(name)));
    } catch (RuntimeException e) {
      throw Failures.of("table " + catalog.display(name) + ": cannot set the tag " + tag.name(), e);
    }
  }

  @Override
  public void record(SyncStamp stamp, List<SyncRunRow> rows) {
    own.record(stamp, rows, access(SyncRunsTable.NAME, rules, Optional.empty()));
  }

  @Override
  public void record(List<VerificationRow> rows, SyncStamp stamp) {
    own.record(rows, stamp, access(VerificationsTable.NAME, rules, Optional.empty()));
  }

  @Override
  public List<TableCare> maintain(
      Collection<StreamDefinition> streams, MaintenancePlan plan, SyncStamp stamp) {
    Maintenance maintenance =
        new Maintenance(
            catalog,
            plan,
            stamp,
            name -> access(name, rules, Optional.empty()),
            () -> leases.values().forEach(WorkspaceLease::verify));
    List<String> names = new ArrayList<>(streams.stream().map(StreamDefinition::name).toList());
    names.addAll(List.of(SyncRunsTable.NAME, VerificationsTable.NAME));
    List<TableCare> tended = new ArrayList<>();
    for (String name : names) {
      proceed();
      CommitLocks.holding(lock(name), () -> maintenance.run(name).ifPresent(tended::add));
    }
    return tended;
  }

  @Override
  public void stop() {
    stopped = true;
  }

  private void proceed() {
    if (stopped) {
      throw new ConnectorException(
          ErrorCode.INTERRUPTED, "the run was stopped; the next one does this again");
    }
  }

  @Override
  public Inspection inspection() {
    return new TableInspection(catalog);
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
