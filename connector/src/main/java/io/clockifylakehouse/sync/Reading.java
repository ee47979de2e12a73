// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How much of the streams that can be read by time a run reads. */
public sealed interface Reading {

  /** The word of {@code sync_runs} for it. */
  String name();

  /**
   * True when a run of this reading may go on with what a run of another one has read: what that
   * one read is at least as much.
   */
  boolean goesOnWith(String other);

  /** Within what time of the last run the next one goes on with it. */
  Duration goesOnWithin();

  /** What was read longer ago than that is read again in any case. */
  Duration fullPassEvery();

  /**
   * The trailing window of every scope, and in turn everything.
   *
   * @param lookback how far back the trailing window goes
   * @param fullPassEvery within which every scope is read in full once
   * @param full true to read everything now
   * @param rowsAtOnce a load that reads more rows is committed in portions of about so many; what
   *     is read of one commit is held by its keys in memory, some 50 bytes each
   */
  record Incremental(Duration lookback, Duration fullPassEvery, boolean full, int rowsAtOnce)
      implements Reading {
    private static final String FULL = "full";
    private static final Duration SAME_WISH = Duration.ofDays(1);
    private static final int ROWS_AT_ONCE = 1_500_000;

    public Incremental(Duration lookback, Duration fullPassEvery, boolean full) {
      this(lookback, fullPassEvery, full, ROWS_AT_ONCE);
    }

    @Override
    public String name() {
      return full ? FULL : "incremental";
    }

    @Override
    public boolean goesOnWith(String other) {
      return other.equals(name()) || other.equals(FULL);
    }

    /** Who asks for everything days after another who did wants it read anew. */
    @Override
    public Duration goesOnWithin() {
      return full ? SAME_WISH : fullPassEvery;
    }
  }

  /**
   * One period, scope by scope, in several commits.
   *
   * @param rowsPerCommit about so many rows go into one commit
   * @param fullPassEvery within which everything is to be read once
   */
  record Backfill(Period period, int rowsPerCommit, Duration fullPassEvery) implements Reading {
    @Override
    public String name() {
      return "backfill " + edge(period.fromMicros()) + "/" + edge(period.toMicros());
    }

    @Override
    public boolean goesOnWith(String other) {
      return other.equals(name());
    }

    @Override
    public Duration goesOnWithin() {
      return fullPassEvery;
    }

    /** As in an ISO 8601 interval: two dots where it is open. */
    private static String edge(long micros) {
      return micros == Long.MIN_VALUE || micros == Long.MAX_VALUE
          ? ".."
          : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
  }
}
