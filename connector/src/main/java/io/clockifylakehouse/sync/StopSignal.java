// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Ends the waiting of a run that is to stop. A thread may be interrupted while it waits for the
 * service or for a lock, and must not be while it commits: so it says when it waits.
 *
 * <p>Safe for use by several threads.
 */
final class StopSignal {
  private final Set<Thread> waiting = new HashSet<>();
  private boolean given;

  /** Interrupts those who wait, and everyone who begins to; again does nothing more. */
  synchronized void give() {
    given = true;
    waiting.forEach(Thread::interrupt);
  }

  synchronized boolean isGiven() {
    return given;
  }

  /**
   * Does something that may be given up at any point.
   *
   * @throws ConnectorException of code INTERRUPTED when the signal was given before, or cut it off
   */
  <T> T waiting(Supplier<T> work) {
    enter();
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw isGiven() ? stopped(e) : e;
    } finally {
      leave();
    }
  }

  private synchronized void enter() {
    if (given) {
      throw stopped(null);
    }
    waiting.add(Thread.currentThread());
  }

  private synchronized void leave() {
    waiting.remove(Thread.currentThread());
    if (given) {
      // What comes next is not to be interrupted.
      Thread.interrupted();
    }
  }

  private static ConnectorException stopped(RuntimeException cause) {
    return new ConnectorException(
        ErrorCode.INTERRUPTED, "the run was stopped; the next one reads this again", cause);
  }
}
