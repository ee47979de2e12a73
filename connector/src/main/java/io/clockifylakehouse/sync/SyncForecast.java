// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.source.Page;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds out what the next sync will cost: asks the service for its workspaces, and the tables for
 * everything else. Writes nothing.
 *
 * <p>To be used by one thread.
 */
public final class SyncForecast {
  /** The command whose next run is forecast. */
  private static final String NEXT = "sync";

  private final Source source;
  private final Exchange exchange;
  private final Destination destination;
  private final SyncSettings settings;
  private final Time time;
  private final CascadePlan plan;

  /**
   * @throws ConnectorException of code CONFIGURATION when the settings name an unknown stream
   */
  public SyncForecast(
      Source source,
      Exchange exchange,
      Destination destination,
      StreamCatalog catalog,
      SyncSettings settings,
      Time time) {
    this.source = source;
    this.exchange = exchange;
    this.destination = destination;
    this.settings = settings;
    this.time = time;
    this.plan = CascadePlan.of(catalog, StreamSelection.select(catalog, settings.streams()));
  }

  /**
   * @throws ConnectorException of code CONFIGURATION for a workspace that the key does not see, and
   *     whatever the service or the tables answer
   */
  public Forecast run() {
    Map<String, Row> workspaces = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    readWorkspaces(workspaces, names);
    TableInventory inventory =
        new TableInventory(
            source, destination, plan, NEXT, settings.reading(), time.now(), workspaces);
    List<StreamForecast> streams =
        RequestForecast.of(
            plan, List.copyOf(workspaces.keySet()), settings.workspacesByIdOnly(), inventory);
    Set<String> unsynced = new TreeSet<>();
    for (StreamDefinition stream : plan.written()) {
      boolean counted = stream.endpoint().isPresent() && stream.inWorkspace();
      if (counted && workspaces.keySet().stream().anyMatch(id -> !inventory.isKnown(stream, id))) {
        unsynced.add(stream.name());
      }
    }
    return new Forecast(streams, exchange.traffic().sent(), unsynced, names);
  }

  private void readWorkspaces(Map<String, Row> workspaces, Map<String, String> names) {
    StreamDefinition stream =
        plan.read().stream().filter(CascadePlan::isWorkspaces).findFirst().orElseThrow();
    int id = stream.position(stream.key().get(0));
    int name = stream.position("name");
    WorkspaceSelection selection = new WorkspaceSelection(settings.workspaces());
    for (Row row : workspaceRows(stream)) {
      String workspaceId = (String) row.get(id);
      String workspaceName = row.get(name) == null ? workspaceId : (String) row.get(name);
      if (selection.selects(workspaceId, workspaceName)) {
        workspaces.put(workspaceId, row);
        names.put(workspaceId, workspaceName);
      }
    }
    if (!selection.missing(names).isEmpty()) {
      throw ConnectorException.configuration(
          "no workspace has the id or exact name '"
              + String.join("', '", selection.missing(names))
              + "' among those this key sees; run 'browse workspaces' to list them");
    }
  }

  private List<Row> workspaceRows(StreamDefinition stream) {
    List<Row> rows = new ArrayList<>();
    if (settings.workspacesByIdOnly()) {
      settings.workspaces().forEach(id -> source.find(stream, Scope.ROOT, id).ifPresent(rows::add));
      return rows;
    }
    Source.SliceReader reader = source.open(new Slice(stream, Scope.ROOT, Map.of()));
    boolean last = false;
    while (!last) {
      Page page = reader.next();
      rows.addAll(page.rows());
      last = page.last();
    }
    return rows;
  }
}
