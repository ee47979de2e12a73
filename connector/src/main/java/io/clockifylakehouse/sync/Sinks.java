// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The open sinks of one run, each opened on first use. Safe for use by several threads. */
final class Sinks implements AutoCloseable {
  private final Destination destination;
  private final SyncStamp stamp;
  private final Map<Load, LoadReading> readings = new ConcurrentHashMap<>();
  private final Map<Load, Sink> open = new ConcurrentHashMap<>();

  Sinks(Destination destination, SyncStamp stamp) {
    this.destination = destination;
    this.stamp = stamp;
  }

  /** Says how a load is read; before its sink is used. */
  void plan(Load load, LoadReading reading) {
    readings.put(load, reading);
  }

  /** How a load is read: whole, unless it was said otherwise. */
  LoadReading reading(Load load) {
    return readings.getOrDefault(load, LoadReading.WHOLE);
  }

  Sink of(Load load) {
    return open.computeIfAbsent(
        load,
        key -> destination.open(key.stream(), key.workspaceId(), reading(key).region(), stamp));
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
