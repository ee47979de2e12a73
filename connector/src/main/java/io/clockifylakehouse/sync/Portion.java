// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Some scopes of a load that several threads read into one sink, for one commit.
 *
 * <p>The scopes are taken in their order, until there are enough rows. Safe for use by several
 * threads.
 */
final class Portion implements AutoCloseable {
  private final List<String> ids;
  private final LoadReading reading;
  private final Sink sink;
  private final long rowsMax;
  private final Set<String> whole = new HashSet<>();
  private final Set<String> gone = new HashSet<>();
  private int end;
  private int taken;
  private int ended;
  private long rows;
  private boolean sealed;
  private Optional<ConnectorException> failure = Optional.empty();

  /**
   * @param ids of the scopes, in their order
   * @param sink for their rows; closed with the portion
   * @param rowsMax as many rows are enough: no further scope is begun
   */
  Portion(List<String> ids, LoadReading reading, Sink sink, long rowsMax) {
    this.ids = List.copyOf(ids);
    this.reading = reading;
    this.sink = sink;
    this.rowsMax = Math.max(1, rowsMax);
    this.end = ids.size();
  }

  LoadReading reading() {
    return reading;
  }

  Sink sink() {
    return sink;
  }

  /** The next scope to read; empty when there is none, or no more is to be read. */
  synchronized Optional<String> take() {
    stopWhenEnough();
    Optional<String> next = taken < end ? Optional.of(ids.get(taken++)) : Optional.empty();
    notifyAll();
    return next;
  }

  /** Notes rows that were written to the sink. */
  synchronized void wrote(int moreRows) {
    rows += moreRows;
  }

  /** Notes that a scope which was taken is read to its end. */
  synchronized void isWhole(String id) {
    whole.add(id);
    ended();
  }

  /** Notes that a scope which was taken is gone at the service. */
  synchronized void isGone(String id) {
    gone.add(id);
    whole.add(id);
    ended();
  }

  /** Notes that a scope which was taken cannot be read: then no further one is begun. */
  synchronized void failed(ConnectorException e) {
    if (failure.isEmpty() || isCutOff()) {
      failure = Optional.of(e);
    }
    ended();
  }

  private void ended() {
    ended++;
    notifyAll();
  }

  /**
   * Waits until no more than so many of its scopes are left to begin. From then on it is settled
   * which ones it has.
   *
   * @return how many
   */
  synchronized int awaitLast(int left) {
    await(() -> end - taken <= left || rows >= rowsMax || failure.isPresent());
    stopWhenEnough();
    sealed = true;
    return end;
  }

  private void stopWhenEnough() {
    if (!sealed && rows >= rowsMax || failure.isPresent()) {
      end = taken;
    }
  }

  /**
   * Waits until each of its scopes is read.
   *
   * @throws ConnectorException that a scope could not be read for; one of code QUOTA only when the
   *     others that were begun have been answered
   */
  synchronized void awaitRead() {
    await(() -> ended == end || ended == taken && isCutOff() || failure.isPresent() && !isCutOff());
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private void await(BooleanSupplier condition) {
    try {
      while (!condition.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectorException(ErrorCode.INTERRUPTED, "interrupted", e);
    }
  }

  synchronized boolean hasFailed() {
    return failure.isPresent();
  }

  private boolean isCutOff() {
    return failure.isPresent() && failure.get().code() == ErrorCode.QUOTA;
  }

  /** Ids of the scopes that were begun, in their order. */
  synchronized List<String> begun() {
    return ids.subList(0, taken);
  }

  /** Ids of those scopes that were read to their end. */
  synchronized Set<String> whole() {
    return new HashSet<>(whole);
  }

  /** Ids of the scopes whose rows say nothing of what is gone: not read, or gone themselves. */
  synchronized Set<String> unproven() {
    Set<String> unproven = new HashSet<>(gone);
    unproven.addAll(ids.subList(taken, ids.size()));
    return unproven;
  }

  /** Begins no further scope, and drops what was not committed; harmless afterwards. */
  @Override
  public void close() {
    synchronized (this) {
      end = taken;
      sealed = true;
    }
    sink.close();
  }
}
