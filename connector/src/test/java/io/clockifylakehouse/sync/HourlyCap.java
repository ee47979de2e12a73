// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * Thirty requests of all workspaces in any hour, whatever their plans have. Safe for use by several
 * threads.
 */
final class HourlyCap implements Faults {
  private static final int PER_HOUR = 30;

  private final Time time;
  private final ArrayDeque<Long> admitted = new ArrayDeque<>();
  private boolean open;

  HourlyCap(Time time) {
    this.time = time;
  }

  /** Lets everything through for a while. */
  synchronized void open(boolean now) {
    open = now;
  }

  @Override
  public synchronized Fault on(int number, String method, String target) {
    long now = time.nanos();
    admitted.removeIf(nanos -> now - nanos >= Duration.ofHours(1).toNanos());
    if (open || !target.contains("/workspaces/")) {
      return new Fault.None();
    }
    if (admitted.size() < PER_HOUR) {
      admitted.add(now);
      return new Fault.None();
    }
    return new Fault.Instead(429, Map.of("Retry-After", "3600"), "");
  }
}
