// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.source.Page;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a stream scope by scope (user by user), with a commit after some scopes that also keeps how
 * far it has come: killed at any point, the next run of the kind goes on after the last commit.
 *
 * <p>Memory: the rows of the scopes of one commit go to the destination's spool; only their keys
 * are indexed. Used by one thread.
 */
final class PortionedLoad {
  private static final Logger LOG = LoggerFactory.getLogger(PortionedLoad.class);
  private static final InFlight IN_FLIGHT = new InFlight(4, 32);
  private static final int FIRST_SCOPES = 8;
  private static final int MOST_SCOPES = 4096;

  private final Source source;
  private final Exchange exchange;
  private final Destination destination;
  private final SyncStamp stamp;
  private final SyncListener listener;
  private final RunLedger ledger;
  private final Reading settings;
  private final RunLocks locks;
  private final StopSignal stop;

  PortionedLoad(
      Source source,
      Exchange exchange,
      Destination destination,
      SyncStamp stamp,
      SyncListener listener,
      RunLedger ledger,
      Reading settings,
      RunLocks locks,
      StopSignal stop) {
    this.source = source;
    this.exchange = exchange;
    this.destination = destination;
    this.stamp = stamp;
    this.listener = listener;
    this.ledger = ledger;
    this.settings = settings;
    this.locks = locks;
    this.stop = stop;
  }

  /** What an earlier run read of a load, before this one goes on with it. */
  Optional<EarlierRead> earlier(Load load, LoadReading reading) {
    return settings instanceof Reading.Backfill backfill
        ? BackfillPlan.earlier(backfill, state(load))
        : reading.earlier();
  }

  private WindowState state(Load load) {
    return StoredState.of(destination, load).orElse(WindowState.NONE);
  }

  /**
   * Loads the scopes that the cascade left.
   *
   * @param reading how the load is read as a whole
   * @param committed takes what each commit came to
   * @throws ConnectorException when a scope cannot be read or a commit fails; what was committed
   *     before stays; INTERRUPTED when the run is stopped
   */
  void run(CascadeScheduler.Ended ended, LoadReading reading, Consumer<Committed> committed) {
    Load load = ended.load();
    Set<String> left = ended.inPortions().orElseThrow();
    if (settings instanceof Reading.Backfill backfill) {
      BackfillPlan plan = new BackfillPlan(backfill, state(load), stamp.startedAt(), left);
      if (plan.scopes().size() < left.size()) {
        int before = left.size() - plan.scopes().size();
        LOG.info("{}: {} of {} are loaded already", load, before, left.size());
      }
      run(load, plan, committed);
      destination.compact(load.stream(), load.workspaceId(), stamp);
    } else if (settings instanceof Reading.Incremental incremental) {
      Set<String> done = new HashSet<>(reading.done());
      done.addAll(ended.done());
      run(load, new WindowPlan(reading, incremental.rowsAtOnce(), done, left), committed);
    }
  }

  private void run(Load load, PortionPlan plan, Consumer<Committed> committed) {
    List<String> todo = plan.scopes();
    long rows = 0;
    int begin = 0;
    int scopes = FIRST_SCOPES;
    while (begin < todo.size()) {
      int end = Math.min(todo.size(), begin + scopes);
      Committed portion = commit(load, todo.subList(begin, end), plan);
      committed.accept(portion);
      rows += portion.rows().read();
      begin = end;
      double rowsPerScope = Math.max(1.0, (double) rows / begin);
      scopes = (int) Math.max(1, Math.min(MOST_SCOPES, plan.rows() / rowsPerScope));
      LOG.info("{}: {} of {} loaded, {} rows", load, begin, todo.size(), rows);
    }
  }

  private Committed commit(Load load, List<String> portion, PortionPlan plan) {
    LoadReading reading = plan.reading(portion);
    try (Sink sink = destination.open(load.stream(), load.workspaceId(), reading.region(), stamp)) {
      Set<String> whole = ConcurrentHashMap.newKeySet();
      try {
        Set<String> gone = stop.waiting(() -> readAll(load, portion, reading, sink, whole));
        Coverage coverage =
            new DeleteProof(source, ledger, stop)
                .prove(load, reading, sink, new Coverage(true, gone));
        return sink.commit(coverage, reading.next().map(WindowState::json));
      } catch (ConnectorException e) {
        if (e.code() == ErrorCode.QUOTA) {
          sink.missing(Integer.MAX_VALUE).forEach(row -> row.scopeId().ifPresent(whole::remove));
          plan.cutAfter(portion, whole)
              .ifPresent(state -> sink.commit(Coverage.PART, Optional.of(state.json())));
        }
        throw e;
      }
    }
  }

  /**
   * Reads the scopes side by side; returns those that answered that they are gone.
   *
   * @param whole takes those that were read to their end
   */
  private Set<String> readAll(
      Load load, List<String> portion, LoadReading reading, Sink sink, Set<String> whole) {
    Traffic traffic = exchange.traffic();
    int threads = IN_FLIGHT.limit(traffic.rate(), traffic.latencySeconds());
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, portion.size()));
    Set<String> gone = ConcurrentHashMap.newKeySet();
    try {
      List<Future<?>> reads = new ArrayList<>();
      for (String id : portion) {
        reads.add(
            pool.submit(
                () -> {
                  read(load, id, reading.periodOf(id), sink, gone);
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

  private void read(Load load, String id, Period period, Sink sink, Set<String> gone) {
    Scope scope =
        Scope.ROOT
            .with(Scope.WORKSPACE, load.workspaceId().orElseThrow())
            .with(CascadeScheduler.innermost(load.stream()), id);
    Slice slice = new Slice(load.stream(), scope, period, Map.of());
    Source.SliceReader reader = source.open(slice);
    try {
      Page page;
      int pages = 0;
      int rows = 0;
      do {
        page = reader.next();
        locks.renew();
        sink.write(page.rows());
        ledger.drifted(load, page.drift());
        listener.page(slice, page.rows().size());
        pages++;
        rows += page.rows().size();
      } while (!page.last());
      if (rows == 0) {
        ledger.cameEmpty(load, slice);
      }
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
