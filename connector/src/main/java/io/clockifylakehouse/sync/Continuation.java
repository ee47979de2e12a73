// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run need not read of a workspace because the run before it did, until a quota of requests
 * ended it: together they are one sync in pieces, that ends when a piece is not ended by the quota.
 *
 * <p>Without this an account that needs more requests than an hour allows would read the same first
 * streams every time and never come to the last ones. Immutable, thus safe for use by several
 * threads.
 *
 * @param goesOn whether the run is a further piece of the one before
 * @param carried how each load that is not read again ended in the run before
 */
record Continuation(boolean goesOn, Map<Load, PastRun> carried) {
  private static final Continuation NONE = new Continuation(false, Map.of());
  private static final String QUOTA = ErrorCode.QUOTA.name().toLowerCase(Locale.ROOT);

  Continuation {
    carried = new LinkedHashMap<>(carried);
  }

  /**
   * @param runs the last runs as {@code sync_runs} keeps them; what was read longer ago than full
   *     passes are apart is read again
   * @param tables what was read into a table that was dropped since is read again, too
   * @param command only a run of the same command is gone on with
   * @param settings only what a run has read that read as much is gone on with
   */
  static Continuation of(
      List<PastRun> runs,
      Inspection tables,
      CascadePlan plan,
      String command,
      Reading settings,
      String workspaceId,
      Instant now) {
    List<PastRun> here =
        runs.stream()
            .filter(run -> run.command().equals(command))
            .filter(run -> run.workspaceId().equals(Optional.of(workspaceId)))
            .filter(run -> !run.startedAt().isAfter(now)) // a clock that was wrong
            .toList();
    Instant latest =
        here.stream().map(PastRun::startedAt).max(Comparator.naturalOrder()).orElse(Instant.MIN);
    List<PastRun> last = here.stream().filter(run -> run.startedAt().equals(latest)).toList();
    boolean goesOn =
        last.stream().anyMatch(run -> run.cause().equals(Optional.of(QUOTA)))
            && last.stream().allMatch(run -> run.reading().filter(settings::goesOnWith).isPresent())
            && !latest.isBefore(now.minus(settings.goesOnWithin()));
    if (!goesOn) {
      return NONE;
    }
    Map<String, PastRun> done = new HashMap<>();
    for (PastRun run : last) {
      boolean whole = run.wentWell() || run.isCarried() || run.status().equals("forbidden");
      boolean recent = !run.readSince().isBefore(now.minus(settings.fullPassEvery()));
      if (whole && recent && isThere(plan, tables, run)) {
        done.put(run.stream(), run);
      }
    }
    return new Continuation(true, whole(plan, workspaceId, done));
  }

  private static boolean isThere(CascadePlan plan, Inspection tables, PastRun read) {
    return read.snapshotId().isEmpty()
        || plan.find(read.stream())
            .flatMap(tables::table)
            .filter(table -> table.snapshotId().isPresent())
            .isPresent();
  }

  /** Streams that come in the same records are read together or not at all. */
  private static Map<Load, PastRun> whole(
      CascadePlan plan, String workspaceId, Map<String, PastRun> done) {
    Map<Load, PastRun> carried = new LinkedHashMap<>();
    for (StreamDefinition stream : plan.read()) {
      List<StreamDefinition> together = new ArrayList<>(plan.embeddedIn(stream));
      together.add(stream);
      boolean all = together.stream().allMatch(s -> plan.writes(s) && done.containsKey(s.name()));
      if (stream.inWorkspace() && stream.embedded().isEmpty() && all) {
        together.forEach(
            s -> carried.put(new Load(s, Optional.of(workspaceId)), done.get(s.name())));
      }
    }
    return carried;
  }
}
