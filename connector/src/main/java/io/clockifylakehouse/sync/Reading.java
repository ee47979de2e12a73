// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.Period;
import java.time.Duration;

/** How much of the streams that can be read by time a run reads. */
public sealed interface Reading {
  /**
   * The trailing window of every scope, and in turn everything.
   *
   * @param lookback how far back the trailing window goes
   * @param fullPassEvery within which every scope is read in full once
   * @param full true to read everything now
   */
  record Incremental(Duration lookback, Duration fullPassEvery, boolean full) implements Reading {}

  /**
   * One period, scope by scope, in several commits.
   *
   * @param rowsPerCommit about so many rows go into one commit
   */
  record Backfill(Period period, int rowsPerCommit) implements Reading {}
}
