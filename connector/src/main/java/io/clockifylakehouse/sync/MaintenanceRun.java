// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.TableCare;
import io.clockifylakehouse.destination.TableOverview;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.Time;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Maintenance under the locks that a sync of every workspace takes: it rewrites what they write.
 * For one thread.
 */
public final class MaintenanceRun {
  private final Destination destination;
  private final Time time;
  private final List<StreamDefinition> streams;

  /**
   * @param patterns names or globs of streams; empty for all
   * @throws ConnectorException of code CONFIGURATION for an unknown stream
   */
  public MaintenanceRun(
      Destination destination, StreamCatalog catalog, List<String> patterns, Time time) {
    this.destination = destination;
    this.time = time;
    Set<String> selected = StreamSelection.select(catalog, patterns);
    this.streams =
        catalog.streams().stream().filter(stream -> selected.contains(stream.name())).toList();
  }

  /**
   * @return one for each table that there is
   * @throws ConnectorException of code LOCKED when another run holds a workspace or the warehouse;
   *     what the tables throw
   */
  public List<TableCare> run(MaintenancePlan plan) {
    Instant now = time.now();
    SyncStamp stamp = new SyncStamp("maintain-" + UUID.randomUUID(), now);
    Inspection inspection = destination.inspection();
    Set<String> workspaces = new TreeSet<>();
    boolean anyTable = false;
    for (StreamDefinition stream : streams) {
      Optional<TableOverview> table = inspection.table(stream);
      anyTable |= table.isPresent();
      table.ifPresent(found -> workspaces.addAll(found.rowsByWorkspace().keySet()));
    }
    if (!anyTable) {
      return List.of(); // and no lock file where there is no warehouse yet
    }
    try (RunLocks locks = new RunLocks(destination, stamp, time)) {
      locks.acquire(Optional.empty());
      workspaces.forEach(id -> locks.acquire(Optional.of(id)));
      return destination.maintain(streams, plan, stamp);
    }
  }
}
