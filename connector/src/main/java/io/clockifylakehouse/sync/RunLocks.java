// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The locks that one run holds. Safe for use by several threads. */
final class RunLocks implements AutoCloseable {
  /** A second run waits so long for the first, then tries again later (exit 75). */
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final Destination destination;
  private final SyncStamp stamp;
  private final Time time;
  private final List<Lock> held = new CopyOnWriteArrayList<>();

  RunLocks(Destination destination, SyncStamp stamp, Time time) {
    this.destination = destination;
    this.stamp = stamp;
    this.time = time;
  }

  /**
   * @param workspaceId empty for the run as a whole
   * @throws io.clockifylakehouse.error.ConnectorException of code LOCKED, naming the owner
   */
  void acquire(Optional<String> workspaceId) {
    held.add(destination.lock(stamp, workspaceId, WAIT, time));
  }

  /** Keeps all of them alive; to be called on every page. */
  void renew() {
    held.forEach(Lock::renew);
  }

  @Override
  public void close() {
    held.forEach(Lock::close);
    held.clear();
  }
}
