// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.state.FullPasses;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How one load is read: whole, or its trailing window with some scopes whole.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param recent the trailing window
 * @param recentOnly ids of the scopes of which only the trailing window is read; every other scope
 *     is read whole, those among them that nothing is known of
 * @param region the rows of the table that the read is about
 * @param next the state to commit with it; empty for a stream that has none
 */
record LoadReading(
    Period recent, Set<String> recentOnly, Region region, Optional<WindowState> next) {

  /** Everything, and no state to keep. */
  static final LoadReading WHOLE =
      new LoadReading(Period.ALWAYS, Set.of(), Region.ALL, Optional.empty());

  LoadReading {
    recentOnly = Set.copyOf(recentOnly);
  }

  /**
   * The reading that a run's settings and the state in the table ask for.
   *
   * @param state as the destination kept it; empty when there is none
   * @param known ids of the scopes that have rows in the table
   * @param now start of the run
   */
  static LoadReading of(
      Reading settings, Optional<WindowState> state, Set<String> known, Instant now) {
    if (!(settings instanceof Reading.Incremental incremental)) {
      return WHOLE; // a backfill reads it by other means
    }
    return of(incremental, state.orElse(WindowState.NONE), known, now);
  }

  /**
   * The reading that a state asks for.
   *
   * @param known ids of the scopes that have rows in the table
   * @param now start of the run
   */
  static LoadReading of(
      Reading.Incremental settings, WindowState state, Set<String> known, Instant now) {
    Set<Integer> all = FullPasses.due(List.of(), now, now, settings.fullPassEvery());
    if (settings.full() || state.syncedAt().isEmpty()) {
      return new LoadReading(
          Period.ALWAYS, Set.of(), Region.ALL, Optional.of(after(state, all, now)));
    }
    Instant last = state.syncedAt().get();
    Set<Integer> due = FullPasses.due(state.passes(), last, now, settings.fullPassEvery());
    Set<String> whole = new HashSet<>();
    Set<String> recentOnly = new HashSet<>();
    for (String id : known) {
      (due.contains(FullPasses.bucketOf(id)) ? whole : recentOnly).add(id);
    }
    // Back from the run before: what came since then is seen however long ago that was.
    Instant begin = (last.isBefore(now) ? last : now).minus(settings.lookback());
    Period recent = Period.since(begin.getEpochSecond() * 1_000_000);
    return new LoadReading(
        recent,
        recentOnly,
        new Region(recent, Optional.empty(), whole),
        Optional.of(after(state, due, now)));
  }

  private static WindowState after(WindowState state, Set<Integer> read, Instant now) {
    List<Instant> passes = FullPasses.after(state.passes(), read, now);
    return new WindowState(Optional.of(now), passes, Optional.empty());
  }

  /** The period to read of a scope. */
  Period periodOf(String scopeId) {
    return recentOnly.contains(scopeId) ? recent : Period.ALWAYS;
  }
}
