// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.state.FullPasses;
import io.clockifylakehouse.state.PartialRead;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
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
 * @param next the state to commit with it; empty to leave it as it is
 * @param ifCut the state to commit when it is cut off before any scope more is read, which names
 *     those that an earlier run read; empty for a read that cannot be taken up again
 * @param inPortions whether the cascade only collects its scopes, for {@link PortionedLoad} to read
 */
record LoadReading(
    Period recent,
    Set<String> recentOnly,
    Region region,
    Optional<WindowState> next,
    Optional<WindowState> ifCut,
    boolean inPortions) {

  /** Everything, and no state to keep. */
  static final LoadReading WHOLE =
      new LoadReading(
          Period.ALWAYS, Set.of(), Region.ALL, Optional.empty(), Optional.empty(), false);

  LoadReading {
    recentOnly = Set.copyOf(recentOnly);
  }

  /**
   * The reading that a run's settings and the state in the table ask for.
   *
   * @param state as the destination kept it; empty when there is none
   * @param known ids of the scopes that have rows in the table
   * @param now start of the run
   * @param goesOn whether the run is a further piece of the one before
   */
  static LoadReading of(
      Reading settings,
      StreamDefinition stream,
      Optional<WindowState> state,
      Set<String> known,
      Instant now,
      boolean goesOn) {
    PartialRead taken = goingOn(settings, state.orElse(WindowState.NONE), now, goesOn);
    if (stream.window().isEmpty()) {
      return whole(state, taken);
    }
    return settings instanceof Reading.Incremental incremental
        ? of(incremental, state.orElse(WindowState.NONE), taken, known)
        : WHOLE.portioned();
  }

  /** The reading of what comes in the records of this one: how far it came is kept here alone. */
  LoadReading ofEmbedded() {
    return new LoadReading(Period.ALWAYS, Set.of(), Region.ALL, Optional.empty(), ifCut, false);
  }

  /** The same, in portions. */
  LoadReading portioned() {
    return new LoadReading(recent, recentOnly, region, next, ifCut, true);
  }

  /** The reading of some scopes alone, which says nothing of the state. */
  LoadReading of(Set<String> scopeIds) {
    Set<String> whole = new HashSet<>(region.whole());
    whole.retainAll(scopeIds);
    Region own = new Region(region.period(), Optional.of(scopeIds), whole);
    return new LoadReading(recent, recentOnly, own, Optional.empty(), ifCut, inPortions);
  }

  /** The reading of a stream that is not read by time, scope by scope. */
  private static LoadReading whole(Optional<WindowState> state, PartialRead taken) {
    return new LoadReading(
        Period.ALWAYS,
        Set.of(),
        Region.ALL,
        state.map(cut -> WindowState.NONE),
        Optional.of(state.orElse(WindowState.NONE).with(taken)),
        false);
  }

  /** The read that is to be taken up; a new one when there is none, or one too long ago. */
  private static PartialRead goingOn(
      Reading settings, WindowState state, Instant now, boolean goesOn) {
    boolean full = settings instanceof Reading.Incremental incremental && incremental.full();
    PartialRead cut = state.partial().orElse(new PartialRead(now, full, Set.of(), Set.of()));
    boolean recent =
        !cut.since().isAfter(now) && !cut.since().isBefore(now.minus(settings.fullPassEvery()));
    return recent && (!full || cut.full() && goesOn)
        ? cut
        : new PartialRead(now, full, Set.of(), cut.begun());
  }

  /**
   * The reading that a state asks for.
   *
   * @param taken the read that the run goes on with, or begins
   * @param known ids of the scopes that have rows in the table
   */
  private static LoadReading of(
      Reading.Incremental settings, WindowState state, PartialRead taken, Set<String> known) {
    Optional<WindowState> ifCut = Optional.of(state.with(taken));
    // Runs that are one read read what was due when the first of them began.
    Instant begun = taken.since();
    if (settings.full() || state.syncedAt().isEmpty()) {
      Set<Integer> all = FullPasses.due(List.of(), begun, begun, settings.fullPassEvery());
      return new LoadReading(
          Period.ALWAYS, Set.of(), Region.ALL, Optional.of(after(state, all, begun)), ifCut, false);
    }
    Instant last = state.syncedAt().get();
    Set<Integer> due = FullPasses.due(state.passes(), last, begun, settings.fullPassEvery());
    Set<String> whole = new HashSet<>();
    Set<String> recentOnly = new HashSet<>();
    for (String id : known) {
      boolean isDue = due.contains(FullPasses.bucketOf(id)) || taken.begun().contains(id);
      (isDue ? whole : recentOnly).add(id);
    }
    // Back from the run before: what came since then is seen however long ago that was.
    Instant begin = (last.isBefore(begun) ? last : begun).minus(settings.lookback());
    Period recent = Period.since(begin.getEpochSecond() * 1_000_000);
    return new LoadReading(
        recent,
        recentOnly,
        new Region(recent, Optional.empty(), whole),
        Optional.of(after(state, due, begun)),
        ifCut,
        false);
  }

  private static WindowState after(WindowState state, Set<Integer> read, Instant now) {
    List<Instant> passes = FullPasses.after(state.passes(), read, now);
    return new WindowState(Optional.of(now), passes, Optional.empty(), Optional.empty());
  }

  /** Ids of the scopes that an earlier run read, of which nothing is read now. */
  Set<String> done() {
    return ifCut.flatMap(WindowState::partial).map(PartialRead::done).orElse(Set.of());
  }

  /**
   * The state to commit when the read is cut off; empty when it cannot be taken up again.
   *
   * @param more ids of the scopes that were read to their end since
   * @param begun ids of those that were read in part
   */
  Optional<WindowState> cutAfter(Set<String> more, Set<String> begun) {
    return ifCut.map(
        state -> {
          PartialRead before = state.partial().orElseThrow();
          Set<String> done = new HashSet<>(before.done());
          done.addAll(more);
          Set<String> parts = new HashSet<>(begun);
          parts.removeAll(recentOnly);
          parts.addAll(before.begun());
          parts.removeAll(more);
          return state.with(new PartialRead(before.since(), before.full(), done, parts));
        });
  }

  /** Since when it is read, when a part of it was read by an earlier run. */
  Optional<EarlierRead> earlier() {
    return ifCut
        .flatMap(WindowState::partial)
        .filter(read -> !read.done().isEmpty())
        .map(read -> new EarlierRead(Optional.empty(), read.since()));
  }

  /** The period to read of a scope. */
  Period periodOf(String scopeId) {
    return recentOnly.contains(scopeId) ? recent : Period.ALWAYS;
  }
}
