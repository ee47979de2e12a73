// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.LiveRows;
import io.clockifylakehouse.destination.PastRun;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads how old the tables of each workspace are, and what the last verification found. Used by one
 * thread, once.
 */
final class FreshnessReader {
  private static final Set<String> AGREED = Set.of("equal", "changed");
  private static final String DIFFERENT = "different";

  private final LiveRows rows;
  private final Inspection inspection;
  private final Directory directory;

  FreshnessReader(LiveRows rows, Inspection inspection, Directory directory) {
    this.rows = rows;
    this.inspection = inspection;
    this.directory = directory;
  }

  List<Freshness> read() {
    List<PastRun> runs = inspection.lastRuns();
    Map<String, Freshness.Verification> verifications = verifications();
    List<Freshness> freshness = new ArrayList<>();
    for (int i = 0; i < directory.workspaces().size(); i++) {
      String id = directory.workspaces().get(i).id();
      List<PastRun> own =
          runs.stream().filter(run -> run.workspaceId().equals(Optional.of(id))).toList();
      freshness.add(
          new Freshness(
              i, asOf(own), notUpToDate(own), Optional.ofNullable(verifications.get(id))));
    }
    return freshness;
  }

  private static Optional<Instant> asOf(List<PastRun> runs) {
    return runs.stream()
        .filter(run -> run.stream().equals("time_entries") && run.wentWell())
        .map(run -> run.startedAt().truncatedTo(ChronoUnit.SECONDS))
        .max(Instant::compareTo);
  }

  private static List<String> notUpToDate(List<PastRun> runs) {
    Map<String, PastRun> last = new TreeMap<>();
    for (PastRun run : runs) {
      last.merge(run.stream(), run, (a, b) -> b.startedAt().isBefore(a.startedAt()) ? a : b);
    }
    return last.values().stream()
        .filter(run -> !run.wentWell())
        .map(run -> run.stream() + ": " + run.status())
        .toList();
  }

  /** Of each workspace the rows of the last run that compared anything there. */
  private Map<String, Freshness.Verification> verifications() {
    Map<String, Freshness.Verification> last = new HashMap<>();
    rows.read(
        "verifications",
        List.of("workspace_id", "verified_at", "status"),
        Set.of(),
        row ->
            Fields.instant(row, 1)
                .map(at -> at.truncatedTo(ChronoUnit.SECONDS))
                .ifPresent(
                    at -> {
                      boolean agreed = AGREED.contains(Fields.text(row, 2));
                      boolean differs = Fields.text(row, 2).equals(DIFFERENT);
                      last.merge(
                          Fields.text(row, 0),
                          new Freshness.Verification(
                              at,
                              agreed || differs ? 1 : 0,
                              differs ? 1 : 0,
                              agreed || differs ? 0 : 1),
                          FreshnessReader::together);
                    }));
    return last;
  }

  private static Freshness.Verification together(
      Freshness.Verification a, Freshness.Verification b) {
    if (!a.at().equals(b.at())) {
      return a.at().isAfter(b.at()) ? a : b;
    }
    return new Freshness.Verification(
        a.at(), a.checks() + b.checks(), a.differences() + b.differences(), a.open() + b.open());
  }
}
