// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.Transaction;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.source.Page;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.Time;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sync: the shell around {@link CascadeScheduler} that reads its slices with a few threads,
 * hands their rows to the destination, and commits each load when its last slice is read.
 *
 * <p>To be run once. {@link #stop} may be called by any thread, everything else by one.
 */
public final class SyncRun {
  private static final Logger LOG = LoggerFactory.getLogger(SyncRun.class);
  private static final InFlight IN_FLIGHT = new InFlight(4, 32);
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Source source;
  private final Exchange exchange;
  private final Destination destination;
  private final SyncSettings settings;
  private final Time time;
  private final SyncListener listener;
  private final CascadePlan plan;
  private final WorkspaceSelection workspaces;
  private final SyncStamp stamp;
  private final Optional<Transaction> transaction;
  private final Sinks sinks;
  private final RunLedger ledger;
  private final LoadEnding ending;
  private final RunEnding runEnding;
  private final PortionedLoad portions;
  private final RunLocks locks;
  private final WorkspaceOpening opening;
  private final SliceQueue queue;
  private final StopSignal stopSignal = new StopSignal();
  // As many threads as slices are in flight; discards what a stop overtakes.
  private final ExecutorService readers =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.MINUTES,
          new SynchronousQueue<>(),
          new ThreadPoolExecutor.DiscardPolicy());
  private final ExecutorService committer = Executors.newSingleThreadExecutor();
  private boolean prepared; // guarded by this

  /**
   * @throws ConnectorException of code CONFIGURATION when the settings name an unknown stream
   */
  public SyncRun(
      Source source,
      Exchange exchange,
      Destination destination,
      StreamCatalog catalog,
      SyncSettings settings,
      Time time,
      SyncListener listener) {
    this.source = source;
    this.exchange = exchange;
    this.destination = destination;
    this.settings = settings;
    this.time = time;
    this.listener = listener;
    this.plan = CascadePlan.of(catalog, StreamSelection.select(catalog, settings.streams()));
    this.workspaces = new WorkspaceSelection(settings.workspaces());
    Instant now = time.now();
    this.stamp =
        new SyncStamp(
            settings.command(),
            ID_TIME.format(now) + "-" + UUID.randomUUID().toString().substring(0, 8),
            now);
    // A backfill commits as it goes: what it has survives its death.
    this.transaction =
        settings.reading() instanceof Reading.Backfill
            ? Optional.empty()
            : destination.begin(stamp);
    this.sinks = new Sinks(destination, stamp, transaction);
    this.ledger = new RunLedger(plan.written());
    this.queue = new SliceQueue(new CascadeScheduler(plan));
    this.locks = new RunLocks(destination, stamp, time);
    this.portions =
        new PortionedLoad(
            source,
            exchange,
            destination,
            stamp,
            listener,
            ledger,
            settings.reading(),
            locks,
            stopSignal,
            time);
    this.opening =
        new WorkspaceOpening(
            plan,
            workspaces,
            settings.command(),
            settings.reading(),
            destination,
            stamp,
            locks,
            sinks,
            ledger);
    this.ending =
        new LoadEnding(
            plan,
            workspaces,
            sinks,
            ledger,
            listener,
            time,
            () -> queue.stopped().isPresent(),
            this::stop,
            new DeleteProof(source, ledger, stopSignal),
            new AccountRows(destination, catalog, plan));
    this.runEnding =
        new RunEnding(plan, destination, transaction, stamp, settings, ledger, listener, time);
  }

  /**
   * Reads and commits everything that is selected.
   *
   * @return how each load ended; never throws for what happens at the service
   * @throws ConnectorException when the destination cannot be written at all, before any request
   */
  public SyncResult run() {
    try (locks) {
      destination.checkWritable();
      stopSignal.waiting(
          () -> {
            locks.acquire(Optional.empty());
            return null;
          });
      queue.with(
          scheduler -> {
            scheduler.start(settings.workspacesByIdOnly() ? settings.workspaces() : List.of());
            return null;
          });
      handOut(CascadeScheduler::isBegun);
      CompletableFuture.runAsync(() -> {}, committer).join(); // by then what is put off is known
      ending.runPutOff(portions);
      handOut(CascadeScheduler::isFinished);
      await(readers);
      await(committer);
      ending.runPutOff(portions);
      sinks.close();
      return finish();
    } finally {
      transaction.ifPresent(Transaction::close);
    }
  }

  /** The id that the rows and snapshots of this run carry. */
  public String syncId() {
    return stamp.syncId();
  }

  /**
   * Stops reading, waiting, and writing files; a commit in flight is finished, everything else
   * dropped. Exit code 75. Returns at once.
   */
  public void stop(String reason) {
    stop(new Failure(ErrorCode.INTERRUPTED, reason));
    destination.stop();
  }

  private void stop(Failure failure) {
    boolean first = queue.stop(failure);
    readers.shutdownNow();
    if (first) {
      LOG.error("the run stops: {}", failure.reason());
    }
    stopSignal.give();
  }

  /** Gives each slice to a reader, until there is none or the run is stopped. */
  private void handOut(Predicate<CascadeScheduler> ends) {
    IntSupplier inFlightLimit = () -> IN_FLIGHT.limit(exchange.traffic());
    try {
      Optional<Slice> next = queue.take(inFlightLimit, ends);
      while (next.isPresent()) {
        Slice slice = next.get();
        readers.execute(() -> read(slice));
        next = queue.take(inFlightLimit, ends);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // who waits for the readers stops the run
    }
  }

  private void read(Slice slice) {
    try {
      if (slice.stream().inWorkspace()) {
        openSinks(slice); // before the first request: the table as it was then
      }
      ledger.begun(loadOf(slice.stream(), slice), time.nanos());
      Source.SliceReader reader = source.open(slice);
      boolean last = false;
      int pages = 0;
      int rows = 0;
      while (!last && queue.proceeds(slice)) {
        Page page = reader.next();
        accept(slice, page);
        last = page.last();
        rows += page.rows().size();
        pages++;
      }
      if (rows == 0 && last) {
        cameEmpty(slice);
      }
      if (pages > 1 || slice.stream().endpoint().map(e -> e.variants().size() > 1).orElse(false)) {
        ledger.tookSeveralPages(loadOf(slice.stream(), slice), slice);
        plan.embeddedIn(slice.stream())
            .forEach(child -> ledger.tookSeveralPages(loadOf(child, slice), slice));
        plan.below(slice.stream())
            .forEach((child, read) -> ledger.mayLackParents(loadOf(child, slice), read));
      }
      report(scheduler -> scheduler.done(slice));
    } catch (ConnectorException e) {
      rejected(slice, e);
    } catch (RuntimeException e) {
      LOG.debug("{}: unforeseen", slice.name(), e);
      Failure failure =
          queue
              .stopped() // what an interrupted thread stumbles over is the stop's doing
              .orElseGet(() -> new Failure(ErrorCode.DEFECT, slice.name() + ": " + e));
      report(scheduler -> scheduler.failed(slice, failure));
    }
  }

  private void cameEmpty(Slice slice) {
    ledger.cameEmpty(loadOf(slice.stream(), slice), slice);
    plan.embeddedIn(slice.stream()).forEach(in -> ledger.cameEmpty(loadOf(in, slice), slice));
  }

  private void rejected(Slice slice, ConnectorException e) {
    switch (e.code()) {
      case PARENT_GONE -> {
        LOG.debug("{}: its parent is gone at the service", slice.name());
        cameEmpty(slice);
        report(scheduler -> scheduler.gone(slice));
      }
      case UNAUTHORIZED, CONFIGURATION, INTERRUPTED -> {
        Failure failure = new Failure(e.code(), e.getMessage());
        stop(failure);
        report(scheduler -> scheduler.failed(slice, failure));
      }
      default -> {
        LOG.debug("{}: {}", slice.name(), e.code(), e);
        String said = e.getMessage();
        String reason = said.startsWith(slice.name()) ? said : slice.name() + ": " + said;
        Optional<String> workspace = slice.scope().workspace();
        boolean forbidden = e.code() == ErrorCode.FORBIDDEN && workspace.isPresent();
        String likely = forbidden ? "; " + ledger.plan(workspace).likelyReason(slice.stream()) : "";
        Failure failure =
            queue
                .stopped()
                .filter(stop -> e.code() == ErrorCode.DESTINATION) // an interrupted read of a table
                .orElseGet(() -> new Failure(e.code(), reason + likely));
        report(scheduler -> scheduler.failed(slice, failure));
      }
    }
  }

  /** Hands on one page: rows to the sinks, ids to the scheduler. */
  private void accept(Slice slice, Page page) {
    StreamDefinition stream = slice.stream();
    List<Row> rows = page.rows();
    locks.renew();
    if (!stream.inWorkspace()) {
      prepare();
      if (CascadePlan.isWorkspaces(stream)) {
        WorkspaceOpening.Opened opened = opening.open(stream, rows, queue);
        report(scheduler -> opened.ended());
        rows = opened.selected();
      }
    }
    write(stream, slice, rows);
    for (Map.Entry<String, List<Row>> embedded : page.embedded().entrySet()) {
      plan.find(embedded.getKey()).ifPresent(child -> write(child, slice, embedded.getValue()));
    }
    ledger.drifted(loadOf(stream, slice), page.drift());
    listener.page(slice, rows.size());
  }

  private void write(StreamDefinition stream, Slice slice, List<Row> rows) {
    Load load = loadOf(stream, slice);
    if (plan.writes(stream)) {
      sinks.of(load).write(rows);
    }
    boolean full = plan.writes(stream) && sinks.isFull(load, settings.reading());
    queue.with(
        scheduler -> {
          scheduler.rows(stream, rows);
          if (full) {
            scheduler.putOff(load);
          }
          return null;
        });
  }

  /** Creates or evolves the tables once the service has answered: a wrong key leaves no trace. */
  private synchronized void prepare() {
    if (!prepared) {
      destination.prepare(plan.written());
      prepared = true;
    }
  }

  private void openSinks(Slice slice) {
    List<StreamDefinition> streams = new ArrayList<>(plan.embeddedIn(slice.stream()));
    streams.add(slice.stream());
    for (StreamDefinition stream : streams) {
      if (plan.writes(stream)) {
        Load load = loadOf(stream, slice);
        ledger.begun(load, time.nanos());
        sinks.of(load);
      }
    }
  }

  private static Load loadOf(StreamDefinition stream, Slice slice) {
    return new Load(stream, stream.inWorkspace() ? slice.scope().workspace() : Optional.empty());
  }

  private void report(Function<CascadeScheduler, List<CascadeScheduler.Ended>> step) {
    queue.with(
        scheduler -> {
          for (CascadeScheduler.Ended ended : step.apply(scheduler)) {
            committer.execute(() -> ending.end(ended));
          }
          listener.slices(scheduler.slicesDone(), scheduler.slicesKnown());
          return null;
        });
  }

  private SyncResult finish() {
    ending.enterUnfinished(queue.stopped());
    RunEnding.Ended ended = runEnding.end(queue.stopped(), prepared);
    return new SyncResult(
        settings.command(),
        stamp,
        ended.finishedAt(),
        ended.exitCode(),
        ended.cause().map(Failure::reason).or(() -> opening.quotaNotice(source, exchange)),
        exchange.traffic(),
        ledger.results(),
        ledger.workspaceNames());
  }

  private void await(ExecutorService executor) {
    executor.shutdown();
    boolean interrupted = false;
    boolean done = false;
    while (!done) {
      try {
        done = executor.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
        stop("interrupted");
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
