// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.exceptions.CleanableFailure;

/**
 * The right to write one workspace, as a property of the table {@code sync_runs} that says who has
 * it and until when. It is set by the catalog's compare-and-swap: a live lease of somebody else is
 * never overwritten. {@link #renew} extends it; one that has expired is taken over.
 *
 * <p>What is guaranteed. Two runs that both think they hold it are possible for a moment: one that
 * stood still for longer than its lease goes on until it asks. It asks before each attempt of each
 * commit, and fails when it was taken over. A commit that passed the question and was then held up
 * still arrives, yet cannot spoil a table: a commit is refused when the table has rows of the
 * workspace that came after it was read, so of the two runs the one that commits later fails, and
 * its next run repeats the work. Machines' clocks must agree within a fraction of the lease.
 *
 * <p>On a catalog whose commits are not a compare-and-swap (a Hadoop catalog on an object store)
 * this is a strong hint, no more. Safe for use by several threads.
 */
final class WorkspaceLease implements Lock {
  static final Duration LEASE = Duration.ofMinutes(5);

  private static final String PREFIX = "clockify.lock";

  private final Property property;
  private final Time time;
  private final String what;
  private LockOwner owner;
  private boolean closed;

  /**
   * Where leases are kept.
   *
   * @param name of the property
   * @param table loads the table as the catalog has it now
   * @param local held while the table's metadata changes
   * @param withSnapshot true for a catalog that compares only snapshots: then each change comes
   *     with an empty one
   */
  record Property(String name, Supplier<Table> table, ReentrantLock local, boolean withSnapshot) {

    /**
     * @param workspaceId empty for the right to write all tables
     */
    static String name(Optional<String> workspaceId) {
      return PREFIX + workspaceId.map(id -> "." + id).orElse("");
    }

    Optional<String> value() {
      return value(table.get());
    }

    private Optional<String> value(Table loaded) {
      return Optional.ofNullable(loaded.properties().get(name));
    }

    /**
     * Replaces the value when it is still the expected one.
     *
     * @param next empty to remove it
     * @return false when it was another one
     */
    boolean swap(Optional<String> expected, Optional<String> next) {
      local.lock();
      try {
        Table loaded = table.get();
        return value(loaded).equals(expected) && commit(loaded, expected, next);
      } finally {
        local.unlock();
      }
    }

    private boolean commit(Table loaded, Optional<String> expected, Optional<String> next) {
      DeferredDeletes operations =
          new DeferredDeletes(
              ((HasTableOperations) loaded).operations(),
              // Iceberg repeats a commit on what others committed meanwhile; this must not be.
              base -> {
                if (!Optional.ofNullable(base.properties().get(name)).equals(expected)) {
                  throw new ConnectorException(ErrorCode.LOCKED, name + " is somebody else's now");
                }
              });
      Transaction transaction = Transactions.newTransaction(loaded.name(), operations);
      try {
        if (withSnapshot) {
          transaction.newFastAppend().commit();
        }
        next.ifPresentOrElse(
            value -> transaction.updateProperties().set(name, value).commit(),
            () -> transaction.updateProperties().remove(name).commit());
        transaction.commitTransaction();
        return true;
      } catch (RuntimeException e) {
        // The reply may be lost: what counts is what the table says.
        if (value().equals(next)) {
          return true;
        }
        if (e instanceof CleanableFailure) {
          return false;
        }
        throw e;
      }
    }
  }

  private WorkspaceLease(Property property, Time time, String what, LockOwner owner) {
    this.property = property;
    this.time = time;
    this.what = what;
    this.owner = owner;
  }

  /** Waits for the lease. */
  static WorkspaceLease acquire(Property property, SyncStamp stamp, LockContest contest) {
    return contest.run(
        () -> attempt(property, stamp, contest), () -> property.value().flatMap(LockOwner::parse));
  }

  private static Optional<WorkspaceLease> attempt(
      Property property, SyncStamp stamp, LockContest contest) {
    Instant now = contest.time().now();
    Optional<String> present = property.value();
    Optional<LockOwner> holder = present.flatMap(LockOwner::parse);
    if (holder.isPresent() && holder.get().expires() != null) {
      if (now.isBefore(holder.get().expires())) {
        return Optional.empty();
      }
    }
    LockOwner owner = LockOwner.of(stamp, now.plus(LEASE));
    return property.swap(present, Optional.of(owner.toJson()))
        ? Optional.of(new WorkspaceLease(property, contest.time(), contest.what(), owner))
        : Optional.empty();
  }

  @Override
  public synchronized void renew() {
    Instant now = time.now();
    if (closed || now.isBefore(owner.expires().minus(LEASE).plus(LEASE.dividedBy(3)))) {
      return;
    }
    LockOwner renewed = owner.until(now.plus(LEASE));
    if (!property.swap(Optional.of(owner.toJson()), Optional.of(renewed.toJson()))) {
      throw lost(property.value());
    }
    owner = renewed;
  }

  /**
   * Asks the catalog whether the lease is still this one's, and renews it.
   *
   * @throws ConnectorException of code LOCKED when it is not
   */
  synchronized void verify() {
    Optional<String> value = property.value();
    if (!value.equals(Optional.of(owner.toJson()))) {
      throw lost(value);
    }
    renew();
  }

  private ConnectorException lost(Optional<String> value) {
    return new ConnectorException(
        ErrorCode.LOCKED,
        what
            + ": this run stood still for longer than "
            + LEASE.toMinutes()
            + " minutes and lost its lock to "
            + value
                .flatMap(LockOwner::parse)
                .map(o -> o.describe(time.now()))
                .orElse("another run, which has ended")
            + "; start again when that run has ended");
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      property.swap(Optional.of(owner.toJson()), Optional.empty());
    } catch (RuntimeException e) {
      // It expires by itself.
    }
  }
}
