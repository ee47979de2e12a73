// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.WorkspacePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a workspace is seen: it is locked, its loads are opened, and how each of them
 * is read follows from the state in its table. Safe for use by several threads.
 */
final class WorkspaceOpening {
  private static final Logger LOG = LoggerFactory.getLogger(WorkspaceOpening.class);

  private final CascadePlan plan;
  private final WorkspaceSelection selection;
  private final String command;
  private final Reading settings;
  private final Destination destination;
  private final SyncStamp stamp;
  private final RunLocks locks;
  private final Sinks sinks;
  private final RunLedger ledger;
  private final Map<String, Row> rows = new ConcurrentHashMap<>();

  WorkspaceOpening(
      CascadePlan plan,
      WorkspaceSelection selection,
      String command,
      Reading settings,
      Destination destination,
      SyncStamp stamp,
      RunLocks locks,
      Sinks sinks,
      RunLedger ledger) {
    this.plan = plan;
    this.selection = selection;
    this.command = command;
    this.settings = settings;
    this.destination = destination;
    this.stamp = stamp;
    this.locks = locks;
    this.sinks = sinks;
    this.ledger = ledger;
  }

  /**
   * The loads of one workspace that failed before anything of them was read.
   *
   * @param ended to be committed or failed like any other
   */
  record Opened(List<Row> selected, List<CascadeScheduler.Ended> ended) {}

  /** After the run: what a quota that ended it means for the account; empty when none did. */
  Optional<String> quotaNotice(Source source, Exchange exchange) {
    List<StreamResult> results = ledger.results();
    if (QuotaNotice.workspaces(results).isEmpty()) {
      return Optional.empty();
    }
    List<StreamForecast> forecast = List.of();
    try {
      TableInventory inventory =
          new TableInventory(source, destination, plan, command, settings, stamp.startedAt(), rows);
      forecast = RequestForecast.of(plan, List.copyOf(rows.keySet()), false, inventory);
    } catch (ConnectorException e) {
      LOG.warn("how many requests are left cannot be told: {}", e.getMessage());
    }
    return QuotaNotice.of(results, plan, forecast, ledger.workspaceNames(), exchange::answered);
  }

  /** Opens the selected ones of these workspaces. */
  Opened open(StreamDefinition stream, List<Row> seen, SliceQueue queue) {
    int id = stream.position(stream.key().get(0));
    int name = stream.position("name");
    List<Row> selected = new ArrayList<>();
    List<CascadeScheduler.Ended> ended = new ArrayList<>();
    List<PastRun> runs = pastRuns();
    for (Row row : seen) {
      String workspaceId = (String) row.get(id);
      String workspaceName = row.get(name) == null ? workspaceId : (String) row.get(name);
      if (selection.selects(workspaceId, workspaceName)) {
        selected.add(row);
        rows.put(workspaceId, row);
        ledger.workspace(workspaceId, workspaceName, WorkspacePlan.of(stream, row));
        ended.addAll(open(workspaceId, runs, queue));
      }
    }
    return new Opened(selected, ended);
  }

  /** None where they cannot be read: they save requests, and nothing else depends on them. */
  private List<PastRun> pastRuns() {
    try {
      return destination.inspection().lastRuns();
    } catch (ConnectorException e) {
      LOG.warn("what earlier runs read is not known: {}", e.getMessage());
      return List.of();
    }
  }

  private List<CascadeScheduler.Ended> open(
      String workspaceId, List<PastRun> runs, SliceQueue queue) {
    try {
      locks.acquire(Optional.of(workspaceId));
    } catch (ConnectorException e) {
      Failure failure = new Failure(e.code(), e.getMessage());
      return queue.with(
          scheduler -> {
            scheduler.openWorkspace(workspaceId, Set.of(), Set.of());
            return scheduler.failWorkspace(workspaceId, failure);
          });
    }
    Set<Load> forbidden = forbidden(runs, workspaceId);
    Continuation continuation =
        Continuation.of(
            runs,
            destination.inspection(),
            plan,
            command,
            settings,
            workspaceId,
            stamp.startedAt());
    Map<Load, PastRun> carried = continuation.carried();
    carried.forEach(this::carry);
    Map<Load, Map<String, Boolean>> released = released(carried.keySet());
    // All of it before the first slice is released: rows of the one release slices of the other.
    Map<Load, Known> known = new LinkedHashMap<>();
    for (StreamDefinition stream : plan.read()) {
      Load load = new Load(stream, Optional.of(workspaceId));
      if (stream.scope().size() > 1 && !carried.containsKey(load)) {
        Set<String> ids = CascadeScheduler.isFollowed(stream) ? known(load) : Set.of();
        known.put(load, new Known(ids, reading(load, ids, continuation.goesOn())));
      }
    }
    known.forEach((load, what) -> sinks.plan(load, what.reading()));
    return queue.with(
        scheduler -> {
          scheduler.openWorkspace(workspaceId, carried.keySet(), forbidden);
          known.forEach((load, what) -> scheduler.follow(load, what.ids(), what.reading()));
          released.forEach(scheduler::release);
          return List.of();
        });
  }

  /** The loads that the last run was not allowed to read. */
  private Set<Load> forbidden(List<PastRun> runs, String workspaceId) {
    Map<Load, PastRun> last = new LinkedHashMap<>();
    for (PastRun run : runs) {
      if (run.workspaceId().equals(Optional.of(workspaceId))) {
        plan.find(run.stream())
            .map(stream -> new Load(stream, run.workspaceId()))
            .ifPresent(load -> last.merge(load, run, PastRun::later));
      }
    }
    last.values().removeIf(run -> !run.status().equals("forbidden"));
    return last.keySet();
  }

  private void carry(Load load, PastRun run) {
    if (run.wentWell() || run.isCarried()) {
      ledger.carried(load, run);
    } else {
      String reason = run.reason().orElse("not allowed");
      ledger.failed(
          load, StreamResult.Status.FORBIDDEN, new Failure(ErrorCode.FORBIDDEN, reason), 0);
    }
  }

  /** What rows that are not read again release: for each load ids, and whether of its parents. */
  private Map<Load, Map<String, Boolean>> released(Set<Load> carried) {
    Map<Load, Map<String, Boolean>> released = new LinkedHashMap<>();
    for (Load load : carried) {
      String id = load.workspaceId().orElseThrow();
      for (CascadePlan.Release release : plan.releases(load.stream())) {
        Load child = new Load(release.child(), load.workspaceId());
        if (!carried.contains(child) && release.child().scope().size() > 1) {
          Map<String, Boolean> ids = released.computeIfAbsent(child, c -> new TreeMap<>());
          destination
              .inspection()
              .counts(load.stream(), id, release.ids().dotted(), Period.ALWAYS)
              .keySet()
              .forEach(each -> ids.merge(each, release.primary(), Boolean::logicalOr));
        }
      }
    }
    return released;
  }

  /**
   * What an earlier run left of a load.
   *
   * @param ids of the parents that have rows
   */
  private record Known(Set<String> ids, LoadReading reading) {}

  /** The parents whose rows the table holds already: whoever left is still followed. */
  private Set<String> known(Load load) {
    if (!plan.writes(load.stream())) {
      return Set.of();
    }
    return destination.values(
        load.stream(), load.workspaceId().orElseThrow(), CascadeScheduler.innermost(load.stream()));
  }

  private LoadReading reading(Load load, Set<String> known, boolean goesOn) {
    Optional<StreamDefinition> carrier = plan.carrier(load.stream());
    if (carrier.isPresent()) {
      return reading(new Load(carrier.get(), load.workspaceId()), Set.of(), goesOn).ofEmbedded();
    }
    if (!plan.writes(load.stream())) {
      boolean windowed = load.stream().window().isPresent();
      return settings instanceof Reading.Backfill && windowed
          ? LoadReading.WHOLE.portioned()
          : LoadReading.WHOLE;
    }
    LoadReading reading =
        LoadReading.of(
            settings,
            load.stream(),
            StoredState.of(destination, load),
            known,
            stamp.startedAt(),
            goesOn);
    boolean tooLarge = sinks.isTooLarge(load, reading, rows(load, reading, known), settings);
    return tooLarge ? reading.portioned() : reading;
  }

  /** About how many rows of the table a read is compared with. */
  private double rows(Load load, LoadReading reading, Set<String> known) {
    long rows =
        destination
            .inspection()
            .table(load.stream())
            .map(table -> table.rows(load.workspaceId()))
            .orElse(0L);
    double recentOnly = (double) reading.recentOnly().size() / Math.max(1, known.size());
    return rows * (1 - recentOnly);
  }
}
