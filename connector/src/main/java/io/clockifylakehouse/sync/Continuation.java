// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.stream.StreamDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param carried how each load that is not read again ended when it was read
 */
record Continuation(Map<Load, PastRun> carried) {
  static final Continuation NONE = new Continuation(Map.of());

  /** Begins the reason of a load that is not read again. */
  private static final String CARRIED = "carried over: ";

  Continuation {
    carried = new LinkedHashMap<>(carried);
  }

  /**
   * @param runs the last runs as {@code sync_runs} keeps them; what was read longer ago than full
   *     passes are apart is read again
   * @param tables what was read into a table that was dropped since is read again, too
   */
  static Continuation of(
      List<PastRun> runs,
      Inspection tables,
      CascadePlan plan,
      String command,
      Reading settings,
      String workspaceId,
      Instant now) {
    return settings instanceof Reading.Incremental incremental && !incremental.full()
        ? of(runs, tables, plan, command, workspaceId, now, incremental.fullPassEvery())
        : NONE;
  }

  private static Continuation of(
      List<PastRun> runs,
      Inspection tables,
      CascadePlan plan,
      String command,
      String workspaceId,
      Instant now,
      Duration maxAge) {
    List<PastRun> here =
        runs.stream()
            .filter(run -> run.command().equals(command))
            .filter(run -> run.workspaceId().equals(Optional.of(workspaceId)))
            .filter(run -> !run.startedAt().isAfter(now)) // a clock that was wrong
            .toList();
    Optional<Instant> latest = here.stream().map(PastRun::startedAt).max(Comparator.naturalOrder());
    Map<String, PastRun> last = new HashMap<>();
    Map<String, PastRun> good = new HashMap<>();
    for (PastRun run : here) {
      if (run.startedAt().equals(latest.get())) {
        last.put(run.stream(), run);
      }
      if (run.wentWell()) {
        good.merge(run.stream(), run, PastRun::later);
      }
    }
    if (last.values().stream().noneMatch(Continuation::endedByQuota)) {
      return NONE;
    }
    Map<String, PastRun> done = new HashMap<>();
    last.forEach(
        (stream, run) -> {
          boolean carried = run.reason().orElse("").startsWith(CARRIED);
          PastRun read = carried ? good.get(stream) : run;
          boolean whole = run.wentWell() || carried || run.status().equals("forbidden");
          boolean recent = read != null && !read.startedAt().isBefore(now.minus(maxAge));
          if (whole && recent && isThere(plan, tables, read)) {
            done.put(stream, read);
          }
        });
    return new Continuation(whole(plan, workspaceId, done));
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

  private static boolean endedByQuota(PastRun run) {
    return run.reason().orElse("").contains(Failure.QUOTA);
  }

  /** Why a load is not read. */
  static String reason(PastRun run) {
    return CARRIED
        + "read by run "
        + run.syncId()
        + ", which a quota of requests ended; the next sync reads it again";
  }
}
