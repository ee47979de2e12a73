// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.Transaction;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commits of a run in one request to a REST catalog, {@code sync_runs} among them.
 *
 * <p>Sinks write their data files and leave their changes here. At the end they are built on the
 * tables as they are then, with the validations that a commit to one table has, and sent together.
 * What is built anew after a conflict is the tables that moved. A server that refuses requests of
 * this kind gets the changes one after another.
 *
 * <p>Whether the tables then have it is read from the tables: a lost reply costs nothing, and a
 * server that applies one table after the other and stops in between gets the rest again.
 */
final class IcebergTransaction implements Transaction {
  private static final Logger LOG = LoggerFactory.getLogger(IcebergTransaction.class);

  private static final String LOST =
      "the catalog's server reported success, and the tables show no trace of it";

  /** Each one means that another process has changed the rows of a table above workspaces. */
  private static final int REPEATS_MAX = 5;

  private final LakehouseCatalog catalog;
  private final Access access;
  private final SyncStamp stamp;
  private final String attemptId = UUID.randomUUID().toString();
  private final List<StagedTable.Change> changes = new CopyOnWriteArrayList<>();
  private final Map<String, Supplier<Committed>> repeats = new ConcurrentHashMap<>();
  private final Map<String, Integer> repeated = new HashMap<>();
  private boolean apart;
  private int unclear; // attempts that may still arrive

  /** What the transaction needs of its destination. */
  interface Access {
    /** As {@link Transaction#open}, for a sink that stages in the transaction. */
    Sink open(
        StreamDefinition stream,
        Optional<String> workspaceId,
        Region region,
        IcebergTransaction transaction);

    /** Writes rows of {@code sync_runs} and stages them. */
    void stage(List<SyncRunRow> rows, DataCommit.Staging staging);

    /** Sets the tag and writes the rows, one table after another. */
    void finish(Optional<Cut> cut, List<SyncRunRow> rows);
  }

  IcebergTransaction(LakehouseCatalog catalog, Access access, SyncStamp stamp) {
    this.catalog = catalog;
    this.access = access;
    this.stamp = stamp;
  }

  @Override
  public Sink open(StreamDefinition stream, Optional<String> workspaceId, Region region) {
    return access.open(stream, workspaceId, region, this);
  }

  /** Takes the changes of a sink. */
  DataCommit.Staging staging(String table, Optional<String> workspaceId) {
    return staging(table, workspaceId, changes);
  }

  private static DataCommit.Staging staging(
      String table, Optional<String> workspaceId, List<StagedTable.Change> list) {
    return (commit, files, content) -> {
      StagedTable.Change change = StagedTable.Change.of(table, workspaceId, commit, files, content);
      list.add(change);
      return change.snapshotId().isPresent() ? change.snapshotId() : content.base();
    };
  }

  /**
   * @param commit computes the change of a table above workspaces once more, and stages it
   */
  void repeatable(String table, Supplier<Committed> commit) {
    repeats.put(table, commit);
  }

  @Override
  public List<Revision> commit(Optional<Cut> cut, List<SyncRunRow> rows) {
    boolean interrupted = Thread.interrupted(); // a commit that has begun is finished
    try {
      return apart ? commitApart(cut, rows) : commitTogether(cut, rows);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<Revision> commitTogether(Optional<Cut> cut, List<SyncRunRow> rows) {
    List<StagedTable.Change> record = new ArrayList<>();
    try {
      access.stage(rows, staging(SyncRunsTable.NAME, Optional.empty(), record));
    } catch (ConnectorException e) {
      return failAll(TransactionVerdict.REFUSED, e);
    }
    StagedTables tables = new StagedTables(catalog, tables(cut, record));
    for (int attempt = 1; !tables.isEmpty(); attempt++) {
      List<StagedTable.Refusal> refusals = fence();
      if (refusals.isEmpty()) {
        refusals = tables.build(changes);
      }
      if (!refusals.isEmpty()) {
        giveUp(tables, record);
        return revise(refusals);
      }
      Optional<RuntimeException> failure = tables.send();
      if (failure.isPresent() && TransactionVerdict.isUnclear(failure.get())) {
        unclear++;
      }
      RuntimeException cause = failure.orElseGet(() -> new CommitFailedException(LOST));
      Map<StagedTable, StagedTable.Landing> landings = tables.look(cause);
      TransactionVerdict verdict =
          TransactionVerdict.of(failure, landings.values(), attempt, unclear);
      settle(tables, landings, verdict);
      switch (verdict) {
        case DONE, AGAIN ->
            LOG.debug("all tables at once, attempt {}: {}", attempt, verdict, failure.orElse(null));
        case APART -> {
          LOG.warn(
              "the catalog's server does not commit several tables at once ({}): they are committed"
                  + " one after another",
              Failures.reason(cause));
          apart = true;
          giveUp(tables, record);
          return commitApart(cut, rows);
        }
        case REFUSED, UNCLEAR, UNKNOWN -> {
          unclear += verdict == TransactionVerdict.UNKNOWN ? 1 : 0;
          giveUp(tables, record);
          return failAll(verdict, cause);
        }
      }
    }
    return List.of();
  }

  /** Each table once: the streams', and {@code sync_runs} as the last. */
  private List<StagedTable> tables(Optional<Cut> cut, List<StagedTable.Change> record) {
    Map<String, List<StagedTable.Change>> byTable = new LinkedHashMap<>();
    for (StagedTable.Change change : changes) {
      byTable.computeIfAbsent(change.table(), table -> new ArrayList<>()).add(change);
    }
    cut.ifPresent(
        c -> c.streams().forEach(s -> byTable.computeIfAbsent(s.name(), t -> new ArrayList<>())));
    Optional<SyncTag> tag = cut.map(c -> new SyncTag(stamp, c.now(), c.keep()));
    StagedTable.Run run = new StagedTable.Run(stamp, attemptId, tag);
    List<StagedTable> tables = new ArrayList<>();
    byTable.forEach((table, some) -> tables.add(new StagedTable(catalog, table, some, run)));
    if (!record.isEmpty()) {
      // Its rows may be others in the next call, so that its attempts are others too.
      StagedTable.Run last =
          new StagedTable.Run(stamp, UUID.randomUUID().toString(), Optional.empty());
      tables.add(new StagedTable(catalog, SyncRunsTable.NAME, record, last));
    }
    return tables;
  }

  /** Asks for each workspace whether it is still this run's to write. */
  private List<StagedTable.Refusal> fence() {
    Map<Optional<String>, Optional<RuntimeException>> asked = new HashMap<>();
    List<StagedTable.Refusal> refusals = new ArrayList<>();
    for (StagedTable.Change change : changes) {
      asked
          .computeIfAbsent(
              change.workspaceId(), workspace -> failureOf(change.commit().access().fence()))
          .ifPresent(failure -> refusals.add(new StagedTable.Refusal(change, failure)));
    }
    return refusals;
  }

  private static Optional<RuntimeException> failureOf(Runnable action) {
    try {
      action.run();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  /** Forgets what has taken effect. */
  private void settle(
      StagedTables tables,
      Map<StagedTable, StagedTable.Landing> landings,
      TransactionVerdict verdict) {
    List<StagedTable> done = new ArrayList<>();
    landings.forEach(
        (table, landing) -> {
          if (verdict == TransactionVerdict.DONE || landing == StagedTable.Landing.THERE) {
            done.add(table);
            table.changes().forEach(this::forget);
          }
        });
    tables.done(done);
  }

  /** Takes back what was written for tables that do not get it, or not in this call. */
  private void giveUp(StagedTables tables, List<StagedTable.Change> record) {
    if (unclear > 0) {
      return;
    }
    tables.abandon();
    if (tables.waits(SyncRunsTable.NAME)) {
      record.forEach(this::drop);
    }
  }

  private void forget(StagedTable.Change change) {
    changes.removeIf(each -> each == change);
  }

  private void drop(StagedTable.Change change) {
    forget(change);
    if (unclear == 0) {
      failureOf(() -> change.files().abort()); // what stays is an orphan, which maintenance removes
    }
  }

  /** Computes refused changes once more where that is possible; the others fail. */
  private List<Revision> revise(List<StagedTable.Refusal> refusals) {
    List<Revision> revisions = new ArrayList<>();
    for (StagedTable.Refusal refusal : refusals) {
      List<StagedTable.Change> before = List.copyOf(changes);
      if (before.stream().anyMatch(each -> each == refusal.change())) {
        drop(refusal.change());
        revisions.addAll(revise(refusal, before));
      }
    }
    return revisions;
  }

  private List<Revision> revise(StagedTable.Refusal refusal, List<StagedTable.Change> before) {
    StagedTable.Change change = refusal.change();
    RuntimeException cause = refusal.cause();
    Supplier<Committed> again = repeats.get(change.table());
    boolean moved =
        cause instanceof ValidationException || cause.getCause() instanceof ValidationException;
    if (again != null && moved && repeated.merge(change.table(), 1, Integer::sum) < REPEATS_MAX) {
      try {
        return List.of(
            new Revision(change.table(), change.workspaceId(), again.get(), Optional.empty()));
      } catch (RuntimeException e) {
        cause = e;
      }
    }
    ConnectorException failure = Failures.of(name(change) + ": commit refused", cause);
    List<Revision> revisions = new ArrayList<>(List.of(failed(change, failure)));
    boolean later = false;
    for (StagedTable.Change each : before) {
      if (later && each.workspaceId().equals(change.workspaceId()) && each.carriesState()) {
        drop(each); // how far it came may be said of the refused one too
        revisions.add(failed(each, failure));
      }
      later |= each == change;
    }
    return revisions;
  }

  private String name(StagedTable.Change change) {
    return "table " + catalog.display(change.table());
  }

  private static Revision failed(StagedTable.Change change, ConnectorException failure) {
    return new Revision(
        change.table(),
        change.workspaceId(),
        new Committed(RowCounts.NONE, OptionalLong.empty()),
        Optional.of(failure));
  }

  /** Everything that was staged fails; with nothing staged it is the rows that do. */
  private List<Revision> failAll(TransactionVerdict verdict, RuntimeException cause) {
    List<Revision> revisions = new ArrayList<>();
    for (StagedTable.Change change : changes) {
      drop(change);
      revisions.add(failed(change, failure(name(change), verdict, cause)));
    }
    if (revisions.isEmpty()) {
      throw failure("table " + catalog.display(SyncRunsTable.NAME), verdict, cause);
    }
    return revisions;
  }

  private static ConnectorException failure(
      String table, TransactionVerdict verdict, RuntimeException cause) {
    if (verdict == TransactionVerdict.REFUSED) {
      return Failures.of(table + ": the commit of all tables at once was refused", cause);
    }
    String what =
        verdict == TransactionVerdict.UNKNOWN
            ? "it is unknown whether the commit of all tables at once took place"
            : "the commit of all tables at once failed, and they show no trace of it";
    return new ConnectorException(
        ErrorCode.COMMIT_CONFLICT,
        table + ": " + what + ": " + Failures.reason(cause) + "; the next run reads and settles it",
        cause);
  }

  /** On a server that does not take several tables at once. */
  private List<Revision> commitApart(Optional<Cut> cut, List<SyncRunRow> rows) {
    List<Revision> revisions = new ArrayList<>();
    while (!changes.isEmpty()) {
      List<StagedTable.Change> left = List.copyOf(changes);
      StagedTable.Change change = left.get(0);
      try {
        change.commit().commit(change.files(), change.content(), change.snapshotId());
        forget(change);
      } catch (RuntimeException e) {
        forget(change); // its files are gone, unless it is unknown what became of it
        revisions.addAll(revise(new StagedTable.Refusal(change, e), left));
      }
    }
    if (revisions.isEmpty()) {
      access.finish(cut, rows);
    }
    return revisions;
  }

  @Override
  public void close() {
    changes.forEach(this::drop);
  }
}
