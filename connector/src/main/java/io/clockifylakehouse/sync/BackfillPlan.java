// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.state.BackfillProgress;
import io.clockifylakehouse.state.FullPasses;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A backfill of one period: scope by scope in the order of their ids, so that the last id says how
 * far it has come, and the next backfill of the same period goes on there.
 *
 * <p>Used by one thread.
 */
final class BackfillPlan implements PortionPlan {
  private final Reading.Backfill settings;
  private final WindowState before;
  private final BackfillProgress progress;
  private final List<String> scopes = new ArrayList<>();
  private boolean gap;

  /**
   * @param before the state in the table
   * @param now start of the run
   * @param scopeIds every scope there is
   */
  BackfillPlan(Reading.Backfill settings, WindowState before, Instant now, Set<String> scopeIds) {
    this.settings = settings;
    this.before = before;
    this.progress =
        progress(settings, before).orElse(new BackfillProgress(settings.period(), now, ""));
    for (String id : new TreeSet<>(scopeIds)) {
      if (!progress.covers(id)) {
        scopes.add(id);
      }
    }
  }

  private static Optional<BackfillProgress> progress(Reading.Backfill settings, WindowState state) {
    return state.backfill().filter(progress -> progress.period().equals(settings.period()));
  }

  /** What an earlier run loaded of the period; empty when none did. */
  static Optional<EarlierRead> earlier(Reading.Backfill settings, WindowState state) {
    return progress(settings, state)
        .map(progress -> new EarlierRead(Optional.empty(), progress.since()));
  }

  @Override
  public List<String> scopes() {
    return List.copyOf(scopes);
  }

  @Override
  public int rows() {
    return settings.rowsPerCommit();
  }

  @Override
  public LoadReading reading(List<String> portion) {
    Set<String> ids = new LinkedHashSet<>(portion);
    boolean bounded = !settings.period().equals(Period.ALWAYS);
    return new LoadReading(
        settings.period(),
        bounded ? ids : Set.of(),
        new Region(settings.period(), Optional.of(ids), Set.of()),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  @Override
  public WindowState after(List<String> portion) {
    String last = portion.get(portion.size() - 1);
    return last.equals(scopes.get(scopes.size() - 1)) ? finished() : before.with(progress.to(last));
  }

  /**
   * A backfill up to now is as good as a sync of when it began; one that ends earlier says nothing
   * of the rest.
   */
  private WindowState finished() {
    boolean first = before.syncedAt().isEmpty();
    if (!first || settings.period().toMicros() != Long.MAX_VALUE) {
      return before.withoutBackfill();
    }
    Instant since = progress.since();
    Set<Integer> all = FullPasses.due(List.of(), since, since, Duration.ZERO);
    return new WindowState(
        Optional.of(since),
        FullPasses.after(List.of(), all, since),
        Optional.empty(),
        Optional.empty());
  }

  /** What counts is the first scopes, up to one that is not whole. */
  @Override
  public Optional<WindowState> cutAfter(List<String> portion, Set<String> whole) {
    int end = 0;
    while (!gap && end < portion.size() && whole.contains(portion.get(end))) {
      end++;
    }
    gap |= end < portion.size();
    return end == 0
        ? Optional.empty()
        : Optional.of(before.with(progress.to(portion.get(end - 1))));
  }
}
