// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.Transaction;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The open sinks of one run, each opened on first use. Safe for use by several threads. */
final class Sinks implements AutoCloseable {
  private final Destination destination;
  private final SyncStamp stamp;
  private final Optional<Transaction> transaction;
  private final Map<Load, LoadReading> readings = new ConcurrentHashMap<>();
  private final Map<Load, Sink> open = new ConcurrentHashMap<>();

  /**
   * @param transaction that their commits are part of; empty when each takes effect at once
   */
  Sinks(Destination destination, SyncStamp stamp, Optional<Transaction> transaction) {
    this.destination = destination;
    this.stamp = stamp;
    this.transaction = transaction;
  }

  /** Says how a load is read; before its sink is used. */
  void plan(Load load, LoadReading reading) {
    readings.put(load, reading);
  }

  /** How a load is read: whole, unless it was said otherwise. */
  LoadReading reading(Load load) {
    return readings.getOrDefault(load, LoadReading.WHOLE);
  }

  /** True when a load of so many rows is to be committed in portions. */
  boolean isTooLarge(Load load, LoadReading reading, double rows, Reading settings) {
    return load.stream().window().isPresent()
        && settings instanceof Reading.Incremental incremental
        && rows > incremental.rowsAtOnce()
        && reading.ifCut().isPresent()
        && transaction.isEmpty(); // else all of it takes effect at once
  }

  /** True when an open sink holds as many rows as one commit should. */
  boolean isFull(Load load, Reading settings) {
    return isTooLarge(load, reading(load), of(load).heldCount(), settings);
  }

  Sink of(Load load) {
    return open.computeIfAbsent(load, this::open);
  }

  private Sink open(Load load) {
    Region region = reading(load).region();
    return transaction.isPresent()
        ? transaction.get().open(load.stream(), load.workspaceId(), region)
        : destination.open(load.stream(), load.workspaceId(), region, stamp);
  }

  /** Closes the sink of a load, dropping what it did not commit; harmless when there is none. */
  void close(Load load) {
    Sink sink = open.remove(load);
    if (sink != null) {
      sink.close();
    }
  }

  @Override
  public void close() {
    open.keySet().forEach(this::close);
  }
}
