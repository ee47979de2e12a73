// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Spreads full passes over runs: scopes (users) fall into buckets by their id, and each run reads
 * as many buckets in full as the time since the last run asks for, the oldest first. Every bucket
 * has its turn within the interval, and no single run reads everything.
 *
 * <p>Stateless: a pure function of times.
 */
public final class FullPasses {
  /** Buckets of a workspace. */
  public static final int BUCKETS = 64;

  private FullPasses() {}

  /** The bucket of a scope, the same in every run. */
  public static int bucketOf(String scopeId) {
    return Math.floorMod(scopeId.hashCode() * 0x9E3779B1, BUCKETS);
  }

  /**
   * The buckets that this run reads in full.
   *
   * <p>A pass that is dated later than now was made by a clock that was wrong: it counts as none.
   *
   * @param passes the last full pass of each bucket; any other number than {@link #BUCKETS} means
   *     that all are due
   * @param lastRun start of the run before
   * @param every within which each bucket has its turn
   */
  public static Set<Integer> due(
      List<Instant> passes, Instant lastRun, Instant now, Duration every) {
    if (passes.size() != BUCKETS || every.isZero()) {
      return new HashSet<>(IntStream.range(0, BUCKETS).boxed().toList());
    }
    long elapsed = Math.max(0, Duration.between(lastRun, now).toMillis());
    // As many runs as will come in the interval when they go on coming as they do.
    long runs = Math.max(1, every.toMillis() / Math.max(1, elapsed));
    int share = elapsed == 0 ? 0 : (int) Math.ceil((double) BUCKETS / runs);
    List<Integer> oldestFirst =
        new ArrayList<>(
            IntStream.range(0, BUCKETS).boxed().sorted(Comparator.comparing(passes::get)).toList());
    Set<Integer> due = new HashSet<>(oldestFirst.subList(0, share));
    for (int bucket : oldestFirst) {
      // Before it becomes overdue in a run that comes as long after this one as this after the
      // last.
      Instant pass = passes.get(bucket);
      if (pass.isAfter(now)
          || Duration.between(pass, now).toMillis() + elapsed > every.toMillis()) {
        due.add(bucket);
      }
    }
    return due;
  }

  /** The passes after a run that read these buckets in full. */
  public static List<Instant> after(List<Instant> passes, Set<Integer> read, Instant now) {
    List<Instant> after = new ArrayList<>();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      after.add(read.contains(bucket) ? now : passes.get(bucket));
    }
    return after;
  }
}
