// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.destination.TableOverview;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.source.Page;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.state.BackfillProgress;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.ColumnPath;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the tables know of the service's rows. Where a stream that names parents has not been synced
 * yet, its list is read from the service: a few requests. Used by one thread.
 */
final class TableInventory implements RequestForecast.Inventory {
  private final Source source;
  private final Destination destination;
  private final Inspection inspection;
  private final CascadePlan plan;
  private final String command;
  private final Reading settings;
  private final Instant now;
  private final Map<String, Row> workspaces;
  private final Map<String, Optional<TableOverview>> overviews = new HashMap<>();
  private final List<PastRun> runs;
  private final Map<String, Continuation> continuations = new HashMap<>();
  private final Map<Load, Optional<BackfillProgress>> backfills = new HashMap<>();
  private final Map<Load, PastRun> lastRuns = new HashMap<>();
  private final Set<Load> synced = new HashSet<>();
  private final Map<Load, List<Row>> listed = new HashMap<>();
  private final Set<Load> refused = new HashSet<>();

  /**
   * @param command whose next run is forecast
   * @param workspaces the rows of the workspaces by their id
   */
  TableInventory(
      Source source,
      Destination destination,
      CascadePlan plan,
      String command,
      Reading settings,
      Instant now,
      Map<String, Row> workspaces) {
    this.source = source;
    this.destination = destination;
    this.inspection = destination.inspection();
    this.plan = plan;
    this.command = command;
    this.settings = settings;
    this.now = now;
    this.workspaces = workspaces;
    this.runs = inspection.lastRuns();
    for (PastRun run : runs) {
      plan.find(run.stream()).ifPresent(stream -> enter(new Load(stream, run.workspaceId()), run));
    }
  }

  private void enter(Load load, PastRun run) {
    lastRuns.merge(load, run, PastRun::later);
    if (run.wentWell()) {
      synced.add(load);
    }
  }

  /** True when the table tells how many rows the stream has in the workspace. */
  boolean isKnown(StreamDefinition stream, String workspaceId) {
    Optional<TableOverview> table = overview(stream);
    return table.isPresent()
        && (synced.contains(new Load(stream, Optional.of(workspaceId)))
            || table.get().rows(Optional.of(workspaceId)) > 0);
  }

  private Optional<TableOverview> overview(StreamDefinition stream) {
    return overviews.computeIfAbsent(stream.name(), name -> inspection.table(stream));
  }

  @Override
  public long rows(StreamDefinition stream, String workspaceId) {
    if (isKnown(stream, workspaceId)) {
      return overview(stream).orElseThrow().rows(Optional.of(workspaceId));
    }
    return namesParents(stream) ? list(stream, workspaceId).size() : 0;
  }

  @Override
  public Map<String, Long> rowsByScope(StreamDefinition stream, String workspaceId, Period period) {
    return inspection.counts(stream, workspaceId, CascadeScheduler.innermost(stream), period);
  }

  @Override
  public Set<String> ids(ColumnPath path, String workspaceId) {
    StreamDefinition from = path.stream();
    if (CascadePlan.isWorkspaces(from)) {
      return Set.copyOf(new HashSet<>(path.texts(workspaces.get(workspaceId))));
    }
    if (isKnown(from, workspaceId)) {
      return inspection.counts(from, workspaceId, path.dotted(), Period.ALWAYS).keySet();
    }
    Set<String> ids = new HashSet<>();
    list(from, workspaceId).forEach(row -> ids.addAll(path.texts(row)));
    return ids;
  }

  @Override
  public LoadReading reading(StreamDefinition stream, String workspaceId, Set<String> known) {
    Load load = new Load(stream, Optional.of(workspaceId));
    return LoadReading.of(
        settings,
        stream,
        StoredState.of(destination, load),
        known,
        now,
        continuation(workspaceId).goesOn());
  }

  @Override
  public boolean isLoaded(StreamDefinition stream, String workspaceId, String scopeId) {
    return settings instanceof Reading.Backfill backfill
        && stream.window().isPresent()
        && backfills
            .computeIfAbsent(
                new Load(stream, Optional.of(workspaceId)),
                load -> StoredState.of(destination, load).flatMap(WindowState::backfill))
            .filter(progress -> progress.period().equals(backfill.period()))
            .filter(progress -> progress.covers(scopeId))
            .isPresent();
  }

  @Override
  public boolean isForbidden(StreamDefinition stream, String workspaceId) {
    Load load = new Load(stream, Optional.of(workspaceId));
    PastRun last = lastRuns.get(load);
    return refused.contains(load) || last != null && last.status().equals("forbidden");
  }

  @Override
  public boolean isCarried(StreamDefinition stream, String workspaceId) {
    return continuation(workspaceId)
        .carried()
        .containsKey(new Load(stream, Optional.of(workspaceId)));
  }

  private Continuation continuation(String workspaceId) {
    return continuations.computeIfAbsent(
        workspaceId, id -> Continuation.of(runs, inspection, plan, command, settings, id, now));
  }

  /** True for the stream that a path names as its parent. */
  private boolean namesParents(StreamDefinition stream) {
    return plan.releases(stream).stream().anyMatch(CascadePlan.Release::primary);
  }

  /** The rows of a stream at the service, when that is a list that names parents. */
  private List<Row> list(StreamDefinition stream, String workspaceId) {
    Load load = new Load(stream, Optional.of(workspaceId));
    if (!listed.containsKey(load)) {
      boolean lists = stream.endpoint().isPresent() && stream.scope().size() == 1;
      listed.put(load, lists && namesParents(stream) ? read(load) : List.of());
    }
    return listed.get(load);
  }

  private List<Row> read(Load load) {
    List<Row> rows = new ArrayList<>();
    Scope scope = Scope.ROOT.with(Scope.WORKSPACE, load.workspaceId().orElseThrow());
    try {
      for (Map<String, String> variant : load.stream().endpoint().orElseThrow().variants()) {
        Source.SliceReader reader = source.open(new Slice(load.stream(), scope, variant));
        boolean last = false;
        while (!last) {
          Page page = reader.next();
          rows.addAll(page.rows());
          last = page.last();
        }
      }
    } catch (ConnectorException e) {
      if (e.code() == ErrorCode.FORBIDDEN) {
        refused.add(load);
      } else if (e.code() != ErrorCode.QUOTA) {
        throw e;
      }
    }
    return rows;
  }
}
