// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.Transaction;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.sync.StreamResult.Status;
import io.clockifylakehouse.time.Time;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a run, when each of its loads has ended: what was staged is committed, the tables get
 * their tag, {@code sync_runs} its rows, and old snapshots go.
 *
 * <p>Used by one thread.
 */
final class RunEnding {
  private static final Logger LOG = LoggerFactory.getLogger(RunEnding.class);

  private final CascadePlan plan;
  private final Destination destination;
  private final Optional<Transaction> transaction;
  private final SyncStamp stamp;
  private final SyncSettings settings;
  private final RunLedger ledger;
  private final SyncListener listener;
  private final Time time;

  /**
   * @param transaction that the loads were committed in; empty when each took effect at once
   */
  RunEnding(
      CascadePlan plan,
      Destination destination,
      Optional<Transaction> transaction,
      SyncStamp stamp,
      SyncSettings settings,
      RunLedger ledger,
      SyncListener listener,
      Time time) {
    this.plan = plan;
    this.destination = destination;
    this.transaction = transaction;
    this.stamp = stamp;
    this.settings = settings;
    this.ledger = ledger;
    this.listener = listener;
    this.time = time;
  }

  /**
   * How a run ended.
   *
   * @param cause why it was cut short; empty when it was not
   */
  record Ended(int exitCode, Optional<Failure> cause, Instant finishedAt) {}

  /**
   * @param cause what stopped the run; empty when nothing did
   * @param prepared whether there are tables
   */
  Ended end(Optional<Failure> cause, boolean prepared) {
    Instant finishedAt = time.now();
    if (prepared) {
      try {
        commit(cause, finishedAt);
        expire();
      } catch (ConnectorException e) {
        LOG.error("the run is not in sync_runs, thus not in status: {}", e.getMessage());
        if (cause.isEmpty()) {
          int exitCode = exitCode(cause);
          return new Ended(
              exitCode == 0 ? e.code().exitCode() : exitCode,
              Optional.of(new Failure(e.code(), e.getMessage())),
              finishedAt);
        }
      }
    }
    return new Ended(exitCode(cause), cause, finishedAt);
  }

  private int exitCode(Optional<Failure> cause) {
    return cause
        .map(failure -> failure.code().exitCode())
        .orElseGet(() -> RunLedger.exitCode(ledger.results(), settings.skipForbidden()));
  }

  private void commit(Optional<Failure> cause, Instant finishedAt) {
    if (transaction.isEmpty()) {
      if (exitCode(cause) == 0) {
        destination.tag(plan.written(), stamp, finishedAt, settings.keepTags());
      }
      destination.record(stamp, ledger.runRows(settings, finishedAt));
      return;
    }
    List<Transaction.Revision> revisions;
    do { // each round has fewer loads to commit, or is one of few repeats
      Optional<Transaction.Cut> cut =
          exitCode(cause) == 0
              ? Optional.of(new Transaction.Cut(plan.written(), finishedAt, settings.keepTags()))
              : Optional.empty();
      revisions = transaction.get().commit(cut, ledger.runRows(settings, finishedAt));
      revisions.forEach(this::revise);
    } while (!revisions.isEmpty());
  }

  /** Enters how a load ended after all. */
  private void revise(Transaction.Revision revision) {
    Load load = new Load(plan.find(revision.stream()).orElseThrow(), revision.workspaceId());
    if (revision.failure().isEmpty()) {
      ledger.revised(load, revision.committed(), time.nanos());
      return;
    }
    ConnectorException failure = revision.failure().get();
    listener.stream(
        ledger.failed(
            load, Status.FAILED, new Failure(failure.code(), failure.getMessage()), time.nanos()));
  }

  /** Old snapshots go; what is kept does not depend on it, so that a failure is only told. */
  private void expire() {
    try {
      destination.expire(plan.written(), stamp, settings.keepSnapshots());
    } catch (ConnectorException e) {
      LOG.warn("old snapshots stay until the next run: {}", e.getMessage());
    }
  }
}
