// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.Slice;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * A {@link CascadeScheduler} for several threads: a lock around it, a place to wait for the next
 * slice, and the end of a run that is stopped early. Safe for use by several threads.
 */
final class SliceQueue {
  private final CascadeScheduler scheduler;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Optional<Failure> stopped = Optional.empty();

  SliceQueue(CascadeScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Does something with the scheduler that no other thread sees half done. */
  <T> T with(Function<CascadeScheduler, T> action) {
    lock.lock();
    try {
      return action.apply(scheduler);
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  /**
   * The next slice, waiting for one; empty when there is none or the run is stopped.
   *
   * @param inFlightLimit asked again whenever something has changed
   * @param ends tells when there is none
   */
  Optional<Slice> take(IntSupplier inFlightLimit, Predicate<CascadeScheduler> ends)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (stopped.isEmpty() && !ends.test(scheduler)) {
        Optional<Slice> slice = scheduler.take(inFlightLimit.getAsInt());
        if (slice.isPresent()) {
          return slice;
        }
        changed.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Stops the run; true when it was not stopped before. The first reason stands. */
  boolean stop(Failure failure) {
    lock.lock();
    try {
      boolean first = stopped.isEmpty();
      stopped = stopped.or(() -> Optional.of(failure));
      changed.signalAll();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Why the run was stopped; empty while it was not. */
  Optional<Failure> stopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** True while reading on in a slice is of use. */
  boolean proceeds(Slice slice) {
    lock.lock();
    try {
      return stopped.isEmpty() && !scheduler.isFailed(slice);
    } finally {
      lock.unlock();
    }
  }
}
