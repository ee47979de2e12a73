// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static java.util.concurrent.TimeUnit.MINUTES;

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
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.time.Time;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;
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
  private static final int SCOPES_MAX = 4096;

  private final Source source;
  private final Exchange exchange;
  private final Destination destination;
  private final SyncStamp stamp;
  private final SyncListener listener;
  private final RunLedger ledger;
  private final Reading settings;
  private final RunLocks locks;
  private final StopSignal stop;
  private final Time time;

  PortionedLoad(
      Source source,
      Exchange exchange,
      Destination destination,
      SyncStamp stamp,
      SyncListener listener,
      RunLedger ledger,
      Reading settings,
      RunLocks locks,
      StopSignal stop,
      Time time) {
    this.source = source;
    this.exchange = exchange;
    this.destination = destination;
    this.stamp = stamp;
    this.listener = listener;
    this.ledger = ledger;
    this.settings = settings;
    this.locks = locks;
    this.stop = stop;
    this.time = time;
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
    if (!plan.scopes().isEmpty()) {
      try (Run run = new Run(load, plan, committed)) {
        run.run();
      }
    }
  }

  /**
   * The portions of one load. Where the rate holds reading back, the next one is read while one is
   * committed; where this machine does, both at once would only take memory.
   */
  private final class Run implements AutoCloseable {
    private final Load load;
    private final PortionPlan plan;
    private final Consumer<Committed> committed;
    private final List<String> todo;
    private final Set<Portion> open = new HashSet<>();
    private final LongAdder rows = new LongAdder();
    private final LongAdder scopes = new LongAdder();
    private final ThreadPoolExecutor readers =
        new ThreadPoolExecutor(1, IN_FLIGHT.max(), 1, MINUTES, new LinkedBlockingQueue<>());

    private final Traffic before = exchange.traffic();
    private final long beganNanos = time.nanos();

    Run(Load load, PortionPlan plan, Consumer<Committed> committed) {
      this.load = load;
      this.plan = plan;
      this.committed = committed;
      this.todo = plan.scopes();
    }

    void run() {
      int end = 0;
      long loaded = 0;
      Optional<Portion> next = Optional.of(open(end));
      while (next.isPresent()) {
        Portion portion = next.get();
        end += stop.waiting(() -> portion.awaitLast(readers.getCorePoolSize()));
        boolean more = end < todo.size();
        boolean ahead = more && isPaced() && !portion.hasFailed();
        next = ahead ? Optional.of(open(end)) : Optional.empty();
        try {
          loaded += commit(portion).rows().read();
        } catch (ConnectorException e) {
          if (e.code() == ErrorCode.QUOTA) {
            cut(portion);
            next.filter(other -> other.sink().follow(portion.sink())).ifPresent(this::cutWhenRead);
          }
          throw e;
        }
        LOG.info("{}: {} of {} loaded, {} rows", load, end, todo.size(), loaded);
        if (next.isPresent() && !next.get().sink().follow(portion.sink())) {
          LOG.info("{}: rows came to another scope meanwhile; these are read anew", load);
          close(next.get());
          next = Optional.of(open(end));
        }
        close(portion);
        next = more && next.isEmpty() ? Optional.of(open(end)) : next;
      }
    }

    private boolean isPaced() {
      return InFlight.isPaced(before, exchange.traffic(), (time.nanos() - beganNanos) / 1e9);
    }

    /** Begins to read scopes, as many as are likely to have the rows of a portion. */
    private Portion open(int begin) {
      readers.setCorePoolSize(IN_FLIGHT.limit(exchange.traffic()));
      long read = scopes.sum();
      double rowsPerScope = Math.max(1.0, (double) rows.sum() / Math.max(1, read));
      double count = read == 0 ? readers.getCorePoolSize() : plan.rows() / rowsPerScope;
      int end = begin + (int) Math.max(1, Math.min(SCOPES_MAX, count));
      List<String> ids = todo.subList(begin, Math.min(todo.size(), end));
      LoadReading reading = plan.reading(ids);
      Sink sink = destination.open(load.stream(), load.workspaceId(), reading.region(), stamp);
      // Where rows may go, all scopes are read: max_shrink is a share of all their rows.
      long rowsMax = sink.presentCount() == 0 ? plan.rows() : Long.MAX_VALUE;
      Portion portion = new Portion(ids, reading, sink, rowsMax);
      open.add(portion);
      ids.forEach(id -> readers.execute(() -> portion.take().ifPresent(it -> read(portion, it))));
      return portion;
    }

    private Committed commit(Portion portion) {
      awaitRead(portion);
      LoadReading reading = portion.reading();
      Coverage coverage =
          new DeleteProof(source, ledger, stop)
              .prove(load, reading, portion.sink(), new Coverage(true, portion.unproven()));
      WindowState after = plan.after(portion.begun());
      Committed done = portion.sink().commit(coverage, Optional.of(after.json()));
      committed.accept(done);
      return done;
    }

    private void awaitRead(Portion portion) {
      stop.waiting(
          () -> {
            portion.awaitRead();
            return null;
          });
    }

    /** Commits the scopes that were read to their end, and deletes nothing. */
    private void cut(Portion portion) {
      Set<String> whole = portion.whole();
      portion.sink().missing(Integer.MAX_VALUE).stream()
          .flatMap(row -> row.scopeId().stream())
          .forEach(whole::remove);
      plan.cutAfter(portion.begun(), whole)
          .map(state -> portion.sink().commit(Coverage.PART, Optional.of(state.json())))
          .ifPresent(committed);
    }

    private void cutWhenRead(Portion portion) {
      try {
        awaitRead(portion);
      } catch (ConnectorException e) {
        if (e.code() != ErrorCode.QUOTA) {
          throw e;
        }
      }
      cut(portion);
    }

    private void read(Portion portion, String id) {
      try {
        rows.add(readWhole(portion, id));
        scopes.increment();
        portion.isWhole(id);
      } catch (ConnectorException e) {
        if (e.code() == ErrorCode.PARENT_GONE) {
          portion.isGone(id);
        } else {
          portion.failed(e);
        }
      } catch (RuntimeException | Error e) {
        portion.failed(new ConnectorException(ErrorCode.DEFECT, load + ": " + e, e));
      }
    }

    /** Reads a scope to its end; returns how many rows it has. */
    private int readWhole(Portion portion, String id) {
      Scope scope =
          Scope.ROOT
              .with(Scope.WORKSPACE, load.workspaceId().orElseThrow())
              .with(CascadeScheduler.innermost(load.stream()), id);
      Slice slice = new Slice(load.stream(), scope, portion.reading().periodOf(id), Map.of());
      Source.SliceReader reader = source.open(slice);
      Page page;
      int pages = 0;
      int rowCount = 0;
      do {
        page = reader.next();
        locks.renew();
        portion.sink().write(page.rows());
        portion.wrote(page.rows().size());
        ledger.drifted(load, page.drift());
        listener.page(slice, page.rows().size());
        pages++;
        rowCount += page.rows().size();
      } while (!page.last());
      if (rowCount == 0) {
        ledger.cameEmpty(load, slice);
      }
      if (pages > 1) {
        ledger.tookSeveralPages(load, slice);
      }
      return rowCount;
    }

    private void close(Portion portion) {
      open.remove(portion);
      portion.close();
    }

    @Override
    public void close() {
      readers.shutdownNow();
      open.forEach(Portion::close);
    }
  }
}
