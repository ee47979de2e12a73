// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A clock that only sleeping moves, and that runs what is due on the way. For one thread at a time;
 * its methods are synchronized so that tests with threads see one clock.
 */
final class VirtualTime implements Time {
  static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

  private record Due(long nanos, Runnable action) {}

  private final PriorityQueue<Due> agenda =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
  private long nanos;

  /** Runs the action when the clock comes by. */
  synchronized void at(long dueNanos, Runnable action) {
    agenda.add(new Due(dueNanos, action));
  }

  @Override
  public synchronized Instant now() {
    return START.plusNanos(nanos);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    long endNanos = nanos + Math.max(0, duration.toNanos());
    while (!agenda.isEmpty() && agenda.peek().nanos() <= endNanos) {
      Due due = agenda.remove();
      nanos = Math.max(nanos, due.nanos());
      due.action().run();
    }
    nanos = endNanos;
  }
}
