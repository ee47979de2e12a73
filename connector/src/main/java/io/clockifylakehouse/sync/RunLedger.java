// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.source.Drift;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.WorkspacePlan;
import io.clockifylakehouse.sync.StreamResult.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run knows of its loads: when each began, what drifted, and how it ended. Safe for use by
 * several threads.
 */
final class RunLedger {
  private final List<StreamDefinition> written;
  private final Map<Load, Long> begunNanos = new HashMap<>();
  private final Map<Load, Drift> drift = new HashMap<>();
  private final Map<Load, List<Slice>> severalPages = new HashMap<>();
  private final Map<Load, List<Slice>> emptied = new HashMap<>();
  private final Map<Load, StreamDefinition> parentsInDoubt = new HashMap<>();
  private final Map<Load, StreamResult> results = new HashMap<>();
  private final Map<String, WorkspacePlan> plans = new HashMap<>();
  private final Map<String, String> workspaceNames = new LinkedHashMap<>();

  RunLedger(List<StreamDefinition> written) {
    this.written = written;
  }

  synchronized void workspace(String id, String name, WorkspacePlan plan) {
    workspaceNames.put(id, name);
    plans.put(id, plan);
  }

  /** The plan of a workspace, as far as it is known. */
  synchronized WorkspacePlan plan(Optional<String> workspaceId) {
    return workspaceId.map(plans::get).orElse(WorkspacePlan.UNKNOWN);
  }

  synchronized Map<String, String> workspaceNames() {
    return new LinkedHashMap<>(workspaceNames);
  }

  synchronized void begun(Load load, long nanos) {
    begunNanos.putIfAbsent(load, nanos);
  }

  synchronized boolean hasBegun(Load load) {
    return begunNanos.containsKey(load);
  }

  /**
   * Notes that a slice of a load took more than one page, or is one of several variants, between
   * which a record can change over.
   */
  synchronized void tookSeveralPages(Load load, Slice slice) {
    severalPages.computeIfAbsent(load, l -> new ArrayList<>()).add(slice);
  }

  /** The slices of a load that are no picture of one moment. */
  synchronized List<Slice> severalPages(Load load) {
    return List.copyOf(severalPages.getOrDefault(load, List.of()));
  }

  /** Notes that a slice of a load brought no row. */
  synchronized void cameEmpty(Load load, Slice slice) {
    emptied.computeIfAbsent(load, l -> new ArrayList<>()).add(slice);
  }

  /** The slices of a load that brought no row. */
  synchronized List<Slice> emptied(Load load) {
    return List.copyOf(emptied.getOrDefault(load, List.of()));
  }

  /**
   * Notes that parents of a load may not have been seen, because their list is no picture of one
   * moment.
   *
   * @param read the stream in whose slices the rows of the load come
   */
  synchronized void mayLackParents(Load load, StreamDefinition read) {
    parentsInDoubt.put(load, read);
  }

  /** The stream to read for a parent of a load that may not have been seen; empty without doubt. */
  synchronized Optional<StreamDefinition> parentsInDoubt(Load load) {
    return Optional.ofNullable(parentsInDoubt.get(load));
  }

  synchronized void drifted(Load load, Drift more) {
    drift.merge(load, more, Drift::and);
  }

  /** Enters a load that was committed. */
  synchronized StreamResult committed(
      Load load, Committed committed, Optional<EarlierRead> earlier, long nanos) {
    RowCounts rows = committed.rows();
    boolean unchanged = rows.added() + rows.changed() + rows.deleted() == 0;
    return enter(
        load,
        unchanged ? Status.UNCHANGED : Status.OK,
        Optional.empty(),
        rows,
        committed.snapshotId(),
        earlier,
        nanos);
  }

  /** Enters a load that was not committed. */
  synchronized StreamResult failed(Load load, Status status, Failure failure, long nanos) {
    return enter(
        load,
        status,
        Optional.of(failure),
        RowCounts.NONE,
        OptionalLong.empty(),
        Optional.empty(),
        nanos);
  }

  /** Enters a load of which a part was committed. */
  synchronized StreamResult cut(Load load, Failure failure, Committed part, long nanos) {
    return enter(
        load,
        Status.FAILED,
        Optional.of(failure),
        part.rows(),
        part.snapshotId(),
        Optional.empty(),
        nanos);
  }

  /** Enters what a commit came to in the end; a load that was cut stays cut. */
  synchronized void revised(Load load, Committed committed, long nanos) {
    StreamResult before = results.get(load);
    if (before.reason().isPresent()) {
      cut(load, new Failure(before.cause().orElseThrow(), before.reason().get()), committed, nanos);
    } else {
      committed(load, committed, before.earlier(), nanos);
    }
  }

  /** Enters a load that was not read, and does not have to be: the run before did. */
  synchronized void carried(Load load, PastRun run) {
    EarlierRead earlier =
        run.isCarried()
            ? run.earlier().orElseThrow()
            : new EarlierRead(Optional.of(run.syncId()), run.readSince());
    results.put(
        load,
        new StreamResult(
            load.stream().name(),
            load.workspaceId(),
            Status.SKIPPED,
            Optional.of(
                "carried over: read by run "
                    + earlier.syncId().orElseThrow()
                    + " since "
                    + earlier.since().truncatedTo(ChronoUnit.SECONDS)
                    + ", before a quota of requests ended it; the next run reads it again"),
            Optional.empty(),
            RowCounts.NONE,
            Drift.NONE,
            run.snapshotId(),
            Optional.of(earlier),
            Duration.ZERO));
  }

  private StreamResult enter(
      Load load,
      Status status,
      Optional<Failure> failure,
      RowCounts rows,
      OptionalLong snapshotId,
      Optional<EarlierRead> earlier,
      long nanos) {
    Duration elapsed = Duration.ofNanos(nanos - begunNanos.getOrDefault(load, nanos));
    StreamResult result =
        new StreamResult(
            load.stream().name(),
            load.workspaceId(),
            status,
            failure.map(Failure::reason),
            failure.map(Failure::code),
            rows,
            drift.getOrDefault(load, Drift.NONE),
            snapshotId,
            earlier,
            elapsed);
    results.put(load, result);
    return result;
  }

  synchronized boolean hasEnded(Load load) {
    return results.containsKey(load);
  }

  /** Every result: streams above workspaces first, then workspace by workspace, parents first. */
  synchronized List<StreamResult> results() {
    List<String> workspaces = new ArrayList<>(workspaceNames.keySet());
    List<String> streams = written.stream().map(StreamDefinition::name).toList();
    Comparator<StreamResult> byWorkspace =
        Comparator.comparingInt(r -> r.workspaceId().map(workspaces::indexOf).orElse(-1));
    return results.values().stream()
        .sorted(byWorkspace.thenComparingInt(r -> streams.indexOf(r.stream())))
        .toList();
  }

  /** The rows that {@code sync_runs} keeps of this run. */
  List<SyncRunRow> runRows(SyncSettings settings, Instant finishedAt) {
    return results().stream()
        .map(
            result ->
                new SyncRunRow(
                    settings.command(),
                    result.stream(),
                    result.workspaceId(),
                    result.status().name().toLowerCase(java.util.Locale.ROOT),
                    result.reason(),
                    result.rows(),
                    result.driftSummary(),
                    result.snapshotId(),
                    finishedAt,
                    settings.reading().name(),
                    result.causeName(),
                    result.earlier()))
        .toList();
  }

  /**
   * The exit code that the results lead to: a failure that time may mend beats one that it will
   * not.
   *
   * @param skipForbidden true when a forbidden stream changes nothing; what could not be read at
   *     all because no workspace can be seen is no forbidden stream
   */
  static int exitCode(List<StreamResult> results, boolean skipForbidden) {
    int exitCode = 0;
    for (StreamResult result : results) {
      if (result.cause().isEmpty()) {
        continue;
      }
      ErrorCode cause = result.cause().get();
      boolean skipped = skipForbidden && result.status() == StreamResult.Status.FORBIDDEN;
      int code = skipped ? 0 : cause.exitCode();
      exitCode = severity(code) > severity(exitCode) ? code : exitCode;
    }
    return exitCode;
  }

  private static int severity(int exitCode) {
    return switch (exitCode) {
      case 0 -> 0;
      case 3 -> 1;
      case 75 -> 2;
      case 77, 78 -> 3;
      default -> 4;
    };
  }
}
