// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.StreamResult.Status;
import io.clockifylakehouse.time.Time;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the loads of a run when their last slice is read: a commit, or a failure by name.
 *
 * <p>Used by one thread, the run's committer, but for {@link #runPutOff} and what follows, which
 * the run itself calls.
 */
final class LoadEnding {
  private static final Logger LOG = LoggerFactory.getLogger(LoadEnding.class);

  private final CascadePlan plan;
  private final WorkspaceSelection workspaces;
  private final Sinks sinks;
  private final RunLedger ledger;
  private final SyncListener listener;
  private final Time time;
  private final BooleanSupplier stopped;
  private final Consumer<Failure> stop;
  private final DeleteProof proof;
  private final AccountRows accounts;
  private final List<CascadeScheduler.Ended> awaitingAccount = new ArrayList<>();
  private final List<PutOff> putOff = new CopyOnWriteArrayList<>();
  private volatile Optional<Failure> workspacesFailure = Optional.empty();

  /**
   * A load that goes on in portions when everything else is committed.
   *
   * @param begun what is committed of it
   */
  private record PutOff(CascadeScheduler.Ended ended, Committed begun) {}

  /**
   * @param stopped whether the run has been stopped: what is not committed by then is dropped
   * @param stop stops the run
   */
  LoadEnding(
      CascadePlan plan,
      WorkspaceSelection workspaces,
      Sinks sinks,
      RunLedger ledger,
      SyncListener listener,
      Time time,
      BooleanSupplier stopped,
      Consumer<Failure> stop,
      DeleteProof proof,
      AccountRows accounts) {
    this.plan = plan;
    this.workspaces = workspaces;
    this.sinks = sinks;
    this.ledger = ledger;
    this.listener = listener;
    this.time = time;
    this.stopped = stopped;
    this.stop = stop;
    this.proof = proof;
    this.accounts = accounts;
  }

  /** Commits a load that was read whole, and enters how it ended. */
  void end(CascadeScheduler.Ended ended) {
    Load load = ended.load();
    if (ledger.hasEnded(load)) {
      return; // with the stream in whose records it comes
    }
    if (CascadePlan.isWorkspaces(load.stream())) {
      checkWorkspaces(ended);
    }
    if (!plan.writes(load.stream())) {
      ended.failure().ifPresent(f -> LOG.warn("{}, read for its ids only: {}", load, f.reason()));
      return;
    }
    StreamResult result;
    if (ended.failure().isPresent()) {
      result = failed(ended, ended.failure().get());
    } else if (stopped.getAsBoolean()) {
      return; // entered with the others that the stop cut off
    } else if (ended.inPortions().isPresent() && !isWhole(ended)) {
      Optional<StreamResult> failed = putOff(ended);
      if (failed.isEmpty()) {
        return;
      }
      result = failed.get();
    } else if (accounts.isAwaitedBy(load)) {
      awaitingAccount.add(ended);
      return;
    } else {
      result = commit(ended);
      if (result.cause().equals(Optional.of(ErrorCode.QUOTA))) { // while a delete was asked for
        result = failed(ended, new Failure(ErrorCode.QUOTA, result.reason().orElseThrow()));
      }
    }
    sinks.close(load);
    listener.stream(result);
    if (accounts.isAccount(load)) {
      accounts.accountEnded();
      awaitingAccount.forEach(this::end);
    }
  }

  private StreamResult commit(CascadeScheduler.Ended ended) {
    LoadReading reading = sinks.reading(ended.load());
    return attempt(ended.load(), reading.earlier(), () -> commit(ended, reading.next()));
  }

  private Committed commit(CascadeScheduler.Ended ended, Optional<WindowState> state) {
    Load load = ended.load();
    boolean whole = load.workspaceId().isPresent() || workspaces.all();
    Sink sink = sinks.of(load);
    LoadReading reading = sinks.reading(load);
    boolean deletes = whole && accounts.mayDelete(load, sink);
    Set<String> unread = new HashSet<>(ended.unproven());
    unread.addAll(reading.done());
    ended.inPortions().ifPresent(unread::addAll);
    Coverage coverage = deletes ? new Coverage(true, unread) : Coverage.PART;
    coverage = proof.prove(load, reading, sink, coverage);
    return sink.commit(coverage, state.map(WindowState::json));
  }

  /** True when of a load that was put off nothing was left, so that its state can be kept. */
  private boolean isWhole(CascadeScheduler.Ended ended) {
    return ended.inPortions().orElseThrow().isEmpty()
        && sinks.reading(ended.load()).next().isPresent();
  }

  /** Commits what the cascade read of a load; its failure when that cannot be done. */
  private Optional<StreamResult> putOff(CascadeScheduler.Ended ended) {
    Load load = ended.load();
    Committed begun = new Committed(RowCounts.NONE, OptionalLong.empty());
    if (!ended.done().isEmpty()) {
      try {
        Optional<WindowState> state = sinks.reading(load).cutAfter(ended.done(), ended.begun());
        begun = commit(ended, state);
        LOG.info("{}: {} rows are committed, the others follow", load, begun.rows().read());
      } catch (RuntimeException e) {
        return Optional.of(failed(ended, failure(load, e)));
      }
      sinks.close(load);
    }
    putOff.add(new PutOff(ended, begun));
    return Optional.empty();
  }

  private StreamResult failed(CascadeScheduler.Ended ended, Failure failure) {
    Load load = ended.load();
    boolean cut = failure.code() == ErrorCode.QUOTA && !stopped.getAsBoolean();
    if (cut && !ended.done().isEmpty()) {
      try {
        return keepPart(ended, failure);
      } catch (ConnectorException e) {
        LOG.warn("{}: what was read of it is dropped: {}", load, e.getMessage());
      }
    }
    return ledger.failed(load, statusOf(failure), failure, time.nanos());
  }

  /**
   * Commits what was read of a load before a quota cut it off, with how far that is, and before it
   * what came in the same records. Nothing is deleted: a scope that lacks rows is left for the next
   * run.
   */
  private StreamResult keepPart(CascadeScheduler.Ended ended, Failure failure) {
    Load load = ended.load();
    List<Load> inside = new ArrayList<>();
    for (StreamDefinition stream : plan.embeddedIn(load.stream())) {
      if (plan.writes(stream)) {
        inside.add(new Load(stream, load.workspaceId()));
      }
    }
    Set<String> done = new HashSet<>(ended.done());
    removeLacking(load, done);
    inside.forEach(each -> removeLacking(each, done));
    LoadReading reading = sinks.reading(load);
    Optional<WindowState> state = reading.cutAfter(done, ended.begun());
    if (state.isEmpty()) {
      return ledger.failed(load, statusOf(failure), failure, time.nanos());
    }
    int whole = reading.done().size() + done.size();
    String kept = String.format("; %d of its parents are read and committed", whole);
    Failure cut = new Failure(failure.code(), failure.reason() + kept);
    for (Load each : inside) { // first: the state says of both what need not be read again
      Committed part = sinks.of(each).commit(Coverage.PART, Optional.empty());
      listener.stream(ledger.cut(each, cut, part, time.nanos()));
      sinks.close(each);
    }
    Committed part = sinks.of(load).commit(Coverage.PART, state.map(WindowState::json));
    return ledger.cut(load, cut, part, time.nanos());
  }

  private void removeLacking(Load load, Set<String> scopeIds) {
    sinks
        .of(load)
        .missing(Integer.MAX_VALUE)
        .forEach(row -> row.scopeId().ifPresent(scopeIds::remove));
  }

  /** Reads and commits what was put off until everything else is begun. */
  void runPutOff(PortionedLoad portions) {
    for (PutOff each : putOff) {
      if (!stopped.getAsBoolean() && putOff.remove(each)) {
        listener.stream(run(portions, each));
      }
    }
  }

  private StreamResult run(PortionedLoad portions, PutOff putOff) {
    Load load = putOff.ended().load();
    LoadReading reading = sinks.reading(load);
    ledger.begun(load, time.nanos());
    Committed[] total = {putOff.begun()};
    try {
      Optional<EarlierRead> earlier = portions.earlier(load, reading);
      portions.run(
          putOff.ended(),
          reading,
          portion ->
              total[0] = new Committed(total[0].rows().plus(portion.rows()), portion.snapshotId()));
      return ledger.committed(load, total[0], earlier, time.nanos());
    } catch (RuntimeException e) {
      return total[0].rows().equals(RowCounts.NONE)
          ? failed(load, e)
          : ledger.cut(load, failure(load, e), total[0], time.nanos());
    }
  }

  /** What is committed of a load that was to go on; empty when nothing is. */
  private Optional<Committed> begun(Load load) {
    return putOff.stream()
        .filter(each -> each.ended().load().equals(load))
        .map(PutOff::begun)
        .filter(part -> !part.rows().equals(RowCounts.NONE))
        .findFirst();
  }

  private StreamResult attempt(
      Load load, Optional<EarlierRead> earlier, Supplier<Committed> commit) {
    try {
      return ledger.committed(load, commit.get(), earlier, time.nanos());
    } catch (RuntimeException e) {
      return failed(load, e);
    }
  }

  private StreamResult failed(Load load, RuntimeException e) {
    Failure failure = failure(load, e);
    return ledger.failed(load, statusOf(failure), failure, time.nanos());
  }

  /** What a failure says; one that concerns the whole run stops it. */
  private Failure failure(Load load, RuntimeException e) {
    LOG.debug("{}: failed", load, e);
    Failure failure =
        e instanceof ConnectorException known
            ? new Failure(known.code(), known.getMessage())
            : new Failure(ErrorCode.DEFECT, load + ": " + e);
    if (failure.code() == ErrorCode.UNAUTHORIZED || failure.code() == ErrorCode.INTERRUPTED) {
      stop.accept(failure);
    }
    return failure;
  }

  private static Status statusOf(Failure failure) {
    return failure.code() == ErrorCode.FORBIDDEN ? Status.FORBIDDEN : Status.FAILED;
  }

  private void checkWorkspaces(CascadeScheduler.Ended ended) {
    Map<String, String> seen = ledger.workspaceNames();
    if (ended.failure().isPresent()) {
      Failure failure = ended.failure().get();
      workspacesFailure = Optional.of(failure.inChildOf(ended.load().toString()));
      if (failure.code() == ErrorCode.REJECTED) {
        stop.accept(
            new Failure(
                ErrorCode.CONFIGURATION,
                failure.reason()
                    + (failure.reason().contains("source.base_url")
                        ? ""
                        : "; check source.base_url and source.workspaces")));
      }
    } else if (!workspaces.missing(seen).isEmpty()) {
      stop.accept(
          new Failure(
              ErrorCode.CONFIGURATION,
              "no workspace has the id or exact name '"
                  + String.join("', '", workspaces.missing(seen))
                  + "' among those this key sees; run 'browse workspaces' to list them"));
    }
  }

  /** Every selected stream has a result, those that were never reached too. */
  void enterUnfinished(Optional<Failure> cause) {
    Set<Load> loads = new LinkedHashSet<>();
    Set<String> ids = ledger.workspaceNames().keySet();
    for (StreamDefinition stream : plan.written()) {
      if (stream.inWorkspace()) {
        ids.forEach(id -> loads.add(new Load(stream, Optional.of(id))));
      }
      if (!stream.inWorkspace() || ids.isEmpty()) {
        loads.add(new Load(stream, Optional.empty()));
      }
    }
    Failure reason =
        cause
            .or(() -> workspacesFailure)
            .orElse(new Failure(ErrorCode.FORBIDDEN, "this key sees no workspace"));
    for (Load load : loads) {
      if (!ledger.hasEnded(load)) {
        boolean reached = cause.isEmpty() || ledger.hasBegun(load);
        Status status = reached ? Status.FAILED : Status.SKIPPED;
        listener.stream(
            begun(load)
                .map(part -> ledger.cut(load, reason, part, time.nanos()))
                .orElseGet(() -> ledger.failed(load, status, reason, time.nanos())));
      }
    }
  }
}
