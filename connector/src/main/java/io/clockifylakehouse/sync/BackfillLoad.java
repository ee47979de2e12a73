// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.source.Page;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.state.BackfillProgress;
import io.clockifylakehouse.state.FullPasses;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a period of a stream scope by scope (user by user), in the order of their ids, with a
 * commit after some scopes that also keeps how far it has come: killed at any point, the next
 * backfill of the same period goes on after the last commit.
 *
 * <p>Memory: the rows of the scopes of one commit go to the destination's spool; only their keys
 * are indexed. Used by one thread.
 */
final class BackfillLoad {
  private static final Logger LOG = LoggerFactory.getLogger(BackfillLoad.class);
  private static final InFlight IN_FLIGHT = new InFlight(4, 32);
  private static final int FIRST_SCOPES = 8;
  private static final int MOST_SCOPES = 512;

  private final Source source;
  private final Exchange exchange;
  private final Destination destination;
  private final SyncStamp stamp;
  private final SyncListener listener;
  private final RunLedger ledger;
  private final Reading.Backfill settings;
  private final StopSignal stop;

  BackfillLoad(
      Source source,
      Exchange exchange,
      Destination destination,
      SyncStamp stamp,
      SyncListener listener,
      RunLedger ledger,
      Reading.Backfill settings,
      StopSignal stop) {
    this.source = source;
    this.exchange = exchange;
    this.destination = destination;
    this.stamp = stamp;
    this.listener = listener;
    this.ledger = ledger;
    this.settings = settings;
    this.stop = stop;
  }

  /**
   * Loads the scopes that are not loaded yet.
   *
   * @return the counts over all commits of this run, and the table's snapshot after the last
   * @throws ConnectorException when a scope cannot be read or a commit fails; what was committed
   *     before stays, and is not read again by the next backfill of the same period; INTERRUPTED
   *     when the run is stopped
   */
  Committed run(Load load, Set<String> scopeIds) {
    WindowState before = StoredState.of(destination, load).orElse(WindowState.NONE);
    BackfillProgress progress =
        before
            .backfill()
            .filter(p -> p.period().equals(settings.period()))
            .orElse(new BackfillProgress(settings.period(), ""));
    List<String> todo = new ArrayList<>();
    for (String id : new TreeSet<>(scopeIds)) {
      if (!progress.covers(id)) {
        todo.add(id);
      }
    }
    if (todo.size() < scopeIds.size()) {
      LOG.info(
          "{}: {} of {} are loaded already", load, scopeIds.size() - todo.size(), scopeIds.size());
    }
    RowCounts total = RowCounts.NONE;
    OptionalLong snapshotId = OptionalLong.empty();
    int begin = 0;
    int scopes = FIRST_SCOPES;
    while (begin < todo.size()) {
      int end = Math.min(todo.size(), begin + scopes);
      List<String> batch = todo.subList(begin, end);
      WindowState after =
          end == todo.size()
              ? finished(before)
              : before.with(new BackfillProgress(settings.period(), batch.get(batch.size() - 1)));
      Committed committed = commit(load, batch, after);
      total = total.plus(committed.rows());
      snapshotId = committed.snapshotId();
      begin = end;
      double rowsPerScope = Math.max(1.0, (double) total.read() / begin);
      scopes = (int) Math.max(1, Math.min(MOST_SCOPES, settings.rowsPerCommit() / rowsPerScope));
      LOG.info("{}: {} of {} loaded, {} rows", load, begin, todo.size(), total.read());
    }
    destination.compact(load.stream(), load.workspaceId(), stamp);
    return new Committed(total, snapshotId);
  }

  /** A backfill up to now is as good as a sync; one that ends earlier says nothing of the rest. */
  private WindowState finished(WindowState before) {
    boolean first = before.syncedAt().isEmpty();
    if (!first || settings.period().toMicros() != Long.MAX_VALUE) {
      return before.withoutBackfill();
    }
    Set<Integer> all =
        FullPasses.due(List.of(), stamp.startedAt(), stamp.startedAt(), java.time.Duration.ZERO);
    return new WindowState(
        Optional.of(stamp.startedAt()),
        FullPasses.after(List.of(), all, stamp.startedAt()),
        Optional.empty(),
        Optional.empty());
  }

  private Committed commit(Load load, List<String> batch, WindowState after) {
    Set<String> ids = new LinkedHashSet<>(batch);
    Region region = new Region(settings.period(), Optional.of(ids), Set.of());
    boolean bounded = !settings.period().equals(Period.ALWAYS);
    LoadReading reading =
        new LoadReading(
            settings.period(),
            bounded ? ids : Set.of(),
            region,
            Optional.of(after),
            Optional.empty());
    try (Sink sink = destination.open(load.stream(), load.workspaceId(), region, stamp)) {
      Set<String> gone = stop.waiting(() -> readAll(load, batch, sink));
      Coverage coverage =
          new DeleteProof(source, ledger, stop)
              .prove(load, reading, sink, new Coverage(true, gone));
      return sink.commit(coverage, Optional.of(after.json()));
    }
  }

  /** Reads the scopes side by side; returns those that answered that they are gone. */
  private Set<String> readAll(Load load, List<String> batch, Sink sink) {
    Traffic traffic = exchange.traffic();
    int threads = IN_FLIGHT.limit(traffic.rate(), traffic.latencySeconds());
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, batch.size()));
    Set<String> gone = ConcurrentHashMap.newKeySet();
    try {
      List<Future<?>> reads = new ArrayList<>();
      for (String id : batch) {
        reads.add(pool.submit(() -> read(load, id, sink, gone)));
      }
      for (Future<?> read : reads) {
        read.get();
      }
      return gone;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConnectorException known) {
        throw known;
      }
      throw new ConnectorException(ErrorCode.DEFECT, load + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectorException(ErrorCode.INTERRUPTED, load + ": interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private void read(Load load, String id, Sink sink, Set<String> gone) {
    Scope scope =
        Scope.ROOT
            .with(Scope.WORKSPACE, load.workspaceId().orElseThrow())
            .with(CascadeScheduler.innermost(load.stream()), id);
    Slice slice = new Slice(load.stream(), scope, settings.period(), Map.of());
    Source.SliceReader reader = source.open(slice);
    try {
      Page page;
      int pages = 0;
      do {
        page = reader.next();
        sink.write(page.rows());
        ledger.drifted(load, page.drift());
        listener.page(slice, page.rows().size());
        pages++;
      } while (!page.last());
      if (pages > 1) {
        ledger.tookSeveralPages(load, slice);
      }
    } catch (ConnectorException e) {
      if (e.code() != ErrorCode.PARENT_GONE) {
        throw e;
      }
      gone.add(id);
    }
  }
}
