// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tries for a lock until it is had or the wait is over. Immutable, thus safe for use by several
 * threads.
 *
 * @param what is locked, for people
 * @param patience how long to try; once in any case
 */
record LockContest(String what, Duration patience, Time time) {
  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * @param attempt tries once, without waiting; empty when somebody else has it
   * @param owner who has it, as far as that is known
   * @throws ConnectorException of code LOCKED when the wait is over
   */
  <L extends Lock> L run(Supplier<Optional<L>> attempt, Supplier<Optional<LockOwner>> owner) {
    long end = time.nanos() + patience.toNanos();
    while (true) {
      Optional<L> lock = attempt.get();
      if (lock.isPresent()) {
        return lock.get();
      }
      long left = end - time.nanos();
      if (left <= 0) {
        throw refused(owner.get());
      }
      pause(Math.min(left, POLL.toNanos()));
    }
  }

  private void pause(long nanos) {
    try {
      time.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectorException(
          ErrorCode.INTERRUPTED, "interrupted while waiting for the lock of " + what, e);
    }
  }

  private ConnectorException refused(Optional<LockOwner> owner) {
    return new ConnectorException(
        ErrorCode.LOCKED,
        what
            + " is locked by "
            + owner.map(o -> o.describe(time.now())).orElse("another run")
            + "; waited "
            + patience.toSeconds()
            + " s; start again when that run has ended");
  }
}
