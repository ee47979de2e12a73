// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.destination.VerificationRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads how old the tables of each workspace are, and what the last verification found. Used by one
 * thread, once.
 */
final class FreshnessReader {
  private final Inspection inspection;
  private final Directory directory;

  FreshnessReader(Inspection inspection, Directory directory) {
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

  /** Of each workspace the comparisons of the last run that made any there. */
  private Map<String, Freshness.Verification> verifications() {
    Map<String, Freshness.Verification> last = new HashMap<>();
    for (VerificationRow row : inspection.lastVerifications()) {
      Freshness.Verification one =
          switch (row.agreement()) {
            case EQUAL, CHANGED -> new Freshness.Verification(row.verifiedAt(), 1, 0, 0);
            case DIFFERENT -> new Freshness.Verification(row.verifiedAt(), 1, 1, 0);
            case SKIPPED, FORBIDDEN, FAILED, UNDECIDED ->
                new Freshness.Verification(row.verifiedAt(), 0, 0, 1);
          };
      row.workspaceId().ifPresent(id -> last.merge(id, one, FreshnessReader::together));
    }
    return last;
  }

  private static Freshness.Verification together(
      Freshness.Verification a, Freshness.Verification b) {
    return new Freshness.Verification(
        a.at().isAfter(b.at()) ? a.at() : b.at(),
        a.checks() + b.checks(),
        a.differences() + b.differences(),
        a.open() + b.open());
  }
}
