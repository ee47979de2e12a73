// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.EarlierRead;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
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
        progress(before).orElse(new BackfillProgress(settings.period(), stamp.startedAt(), ""));
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
              ? finished(before, progress.since())
              : before.with(progress.to(batch.get(batch.size() - 1)));
      Committed committed = commit(load, batch, before.with(progress), after);
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

  /** What an earlier run loaded of the period; empty when none did. Before {@link #run}. */
  Optional<EarlierRead> earlier(Load load) {
    return StoredState.of(destination, load)
        .flatMap(this::progress)
        .map(progress -> new EarlierRead(Optional.empty(), progress.since()));
  }

  private Optional<BackfillProgress> progress(WindowState state) {
    return state.backfill().filter(progress -> progress.period().equals(settings.period()));
  }

  /**
   * A backfill up to now is as good as a sync of when it began; one that ends earlier says nothing
   * of the rest.
   */
  private WindowState finished(WindowState before, Instant since) {
    boolean first = before.syncedAt().isEmpty();
    if (!first || settings.period().toMicros() != Long.MAX_VALUE) {
      return before.withoutBackfill();
    }
    Set<Integer> all = FullPasses.due(List.of(), since, since, java.time.Duration.ZERO);
    return new WindowState(
        Optional.of(since),
        FullPasses.after(List.of(), all, since),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Loads some scopes and commits them.
   *
   * @param begun the state to keep when a quota ends it: how far it has come is added
   */
  private Committed commit(Load load, List<String> batch, WindowState begun, WindowState after) {
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
      Set<String> whole = ConcurrentHashMap.newKeySet();
      try {
        Set<String> gone = stop.waiting(() -> readAll(load, batch, sink, whole));
        Coverage coverage =
            new DeleteProof(source, ledger, stop)
                .prove(load, reading, sink, new Coverage(true, gone));
        return sink.commit(coverage, Optional.of(after.json()));
      } catch (ConnectorException e) {
        if (e.code() == ErrorCode.QUOTA) {
          keepPart(batch, sink, whole, begun);
        }
        throw e;
      }
    }
  }

  /**
   * Commits what was read before a quota ended it: the first scopes, up to one that is not whole.
   */
  private static void keepPart(
      List<String> batch, Sink sink, Set<String> whole, WindowState begun) {
    Set<String> kept = new HashSet<>(whole);
    sink.missing(Integer.MAX_VALUE).forEach(row -> row.scopeId().ifPresent(kept::remove));
    int end = 0;
    while (end < batch.size() && kept.contains(batch.get(end))) {
      end++;
    }
    if (end > 0) {
      BackfillProgress progress = begun.backfill().orElseThrow().to(batch.get(end - 1));
      sink.commit(Coverage.PART, Optional.of(begun.with(progress).json()));
    }
  }

  /**
   * Reads the scopes side by side; returns those that answered that they are gone.
   *
   * @param whole takes those that were read to their end
   */
  private Set<String> readAll(Load load, List<String> batch, Sink sink, Set<String> whole) {
    Traffic traffic = exchange.traffic();
    int threads = IN_FLIGHT.limit(traffic.rate(), traffic.latencySeconds());
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, batch.size()));
    Set<String> gone = ConcurrentHashMap.newKeySet();
    try {
      List<Future<?>> reads = new ArrayList<>();
      for (String id : batch) {
        reads.add(
            pool.submit(
                () -> {
                  read(load, id, sink, gone);
                  whole.add(id);
                }));
      }
      Optional<ConnectorException> quota = Optional.empty();
      for (Future<?> read : reads) {
        try {
          read.get();
        } catch (ExecutionException e) {
          ConnectorException failure = failure(load, e);
          if (failure.code() != ErrorCode.QUOTA) {
            throw failure;
          }
          quota = Optional.of(failure); // what is under way may still be answered
        }
      }
      if (quota.isPresent()) {
        throw quota.get();
      }
      return gone;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectorException(ErrorCode.INTERRUPTED, load + ": interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static ConnectorException failure(Load load, ExecutionException e) {
    return e.getCause() instanceof ConnectorException known
        ? known
        : new ConnectorException(ErrorCode.DEFECT, load + ": " + e.getCause(), e.getCause());
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
