// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.StreamResult.Status;
import io.clockifylakehouse.time.Time;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the loads of a run when their last slice is read: a commit, or a failure by name.
 *
 * <p>Used by one thread, the run's committer, and after its end by the run itself.
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
  private volatile Optional<Failure> workspacesFailure = Optional.empty();

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
      Consumer<Failure> stop) {
    this.plan = plan;
    this.workspaces = workspaces;
    this.sinks = sinks;
    this.ledger = ledger;
    this.listener = listener;
    this.time = time;
    this.stopped = stopped;
    this.stop = stop;
  }

  /** Commits a load that was read whole, and enters how it ended. */
  void end(CascadeScheduler.Ended ended) {
    Load load = ended.load();
    if (CascadePlan.isWorkspaces(load.stream())) {
      checkWorkspaces(ended);
    }
    if (!plan.writes(load.stream())) {
      ended.failure().ifPresent(f -> LOG.warn("{}, read for its ids only: {}", load, f.reason()));
      return;
    }
    StreamResult result;
    if (ended.failure().isPresent()) {
      Failure failure = ended.failure().get();
      Status status = failure.code() == ErrorCode.FORBIDDEN ? Status.FORBIDDEN : Status.FAILED;
      result = ledger.failed(load, status, failure, time.nanos());
    } else if (stopped.getAsBoolean()) {
      return; // entered with the others that the stop cut off
    } else {
      result = commit(ended);
    }
    sinks.close(load);
    listener.stream(result);
  }

  private StreamResult commit(CascadeScheduler.Ended ended) {
    Load load = ended.load();
    boolean whole = load.workspaceId().isPresent() ? ended.proven() : workspaces.all();
    try {
      return ledger.committed(
          load, sinks.of(load).commit(whole ? Coverage.WHOLE : Coverage.PART), time.nanos());
    } catch (ConnectorException e) {
      LOG.debug("{}: {}", load, e.code(), e);
      return ledger.failed(
          load, Status.FAILED, new Failure(e.code(), e.getMessage()), time.nanos());
    } catch (RuntimeException e) {
      LOG.debug("{}: unforeseen", load, e);
      return ledger.failed(
          load, Status.FAILED, new Failure(ErrorCode.DEFECT, load + ": " + e), time.nanos());
    }
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
                failure.reason() + "; check source.base_url and source.workspaces"));
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
        listener.stream(ledger.failed(load, status, reason, time.nanos()));
      }
    }
  }
}
