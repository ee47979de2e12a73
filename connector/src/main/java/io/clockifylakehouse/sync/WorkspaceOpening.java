// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.WorkspacePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What happens when a workspace is seen: it is locked, its loads are opened, and how each of them
 * is read follows from the state in its table. Safe for use by several threads.
 */
final class WorkspaceOpening {
  private final CascadePlan plan;
  private final WorkspaceSelection selection;
  private final Reading settings;
  private final Destination destination;
  private final SyncStamp stamp;
  private final RunLocks locks;
  private final Sinks sinks;
  private final RunLedger ledger;

  WorkspaceOpening(
      CascadePlan plan,
      WorkspaceSelection selection,
      Reading settings,
      Destination destination,
      SyncStamp stamp,
      RunLocks locks,
      Sinks sinks,
      RunLedger ledger) {
    this.plan = plan;
    this.selection = selection;
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

  /** Opens the selected ones of these workspaces. */
  Opened open(StreamDefinition stream, List<Row> rows, SliceQueue queue) {
    int id = stream.position(stream.key().get(0));
    int name = stream.position("name");
    List<Row> selected = new ArrayList<>();
    List<CascadeScheduler.Ended> ended = new ArrayList<>();
    for (Row row : rows) {
      String workspaceId = (String) row.get(id);
      String workspaceName = row.get(name) == null ? workspaceId : (String) row.get(name);
      if (selection.selects(workspaceId, workspaceName)) {
        selected.add(row);
        ledger.workspace(workspaceId, workspaceName, WorkspacePlan.of(stream, row));
        ended.addAll(open(workspaceId, queue));
      }
    }
    return new Opened(selected, ended);
  }

  private List<CascadeScheduler.Ended> open(String workspaceId, SliceQueue queue) {
    try {
      locks.acquire(Optional.of(workspaceId));
    } catch (ConnectorException e) {
      Failure failure = new Failure(e.code(), e.getMessage());
      return queue.with(
          scheduler -> {
            scheduler.openWorkspace(workspaceId);
            return scheduler.failWorkspace(workspaceId, failure);
          });
    }
    // All of it before the first slice is released: rows of the one release slices of the other.
    Map<Load, Known> known = new LinkedHashMap<>();
    for (StreamDefinition stream : plan.read()) {
      if (CascadeScheduler.isFollowed(stream)) {
        Load load = new Load(stream, Optional.of(workspaceId));
        Set<String> ids = known(load);
        known.put(load, new Known(ids, reading(load, ids)));
      }
    }
    known.forEach((load, what) -> sinks.plan(load, what.reading()));
    return queue.with(
        scheduler -> {
          scheduler.openWorkspace(workspaceId);
          known.forEach((load, what) -> scheduler.follow(load, what.ids(), what.reading()));
          return List.of();
        });
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

  private LoadReading reading(Load load, Set<String> known) {
    if (load.stream().window().isEmpty() || !plan.writes(load.stream())) {
      return LoadReading.WHOLE;
    }
    return LoadReading.of(settings, StoredState.of(destination, load), known, stamp.startedAt());
  }
}
