// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.destination.TableOverview;
import io.clockifylakehouse.destination.VerificationRow;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where every stream stands, from the tables alone.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param standings streams above workspaces first, then workspace by workspace, parents first
 * @param workspaceNames names of the workspaces by id, as far as the tables know them
 */
public record SyncStatus(List<Standing> standings, Map<String, String> workspaceNames) {
  /** The command whose runs read a part of the streams that can be read by time. */
  private static final String PARTIAL_COMMAND = "backfill";

  /** False when nothing has ever been synced here. */
  public boolean isEmpty() {
    return standings.stream().allMatch(standing -> standing.state().equals("never"));
  }

  /**
   * Reads the status. Costs no request.
   *
   * @param streams names or globs, as in {@link SyncSettings}
   * @param workspaces ids or exact names; empty for every workspace that the tables know
   * @throws ConnectorException of code CONFIGURATION for an unknown stream or workspace
   */
  public static SyncStatus read(
      Destination destination,
      StreamCatalog catalog,
      List<String> streams,
      List<String> workspaces) {
    Inspection inspection = destination.inspection();
    Set<String> selected = StreamSelection.select(catalog, streams);
    List<PastRun> runs = inspection.lastRuns();
    List<VerificationRow> verifications = inspection.lastVerifications();
    Map<String, String> listed = listed(inspection, catalog);
    Map<String, Optional<TableOverview>> tables = new LinkedHashMap<>();
    Set<String> ids = new TreeSet<>(listed.keySet());
    for (StreamDefinition stream : catalog.streams()) {
      if (selected.contains(stream.name())) {
        Optional<TableOverview> table = inspection.table(stream);
        tables.put(stream.name(), table);
        table.ifPresent(found -> ids.addAll(found.rowsByWorkspace().keySet()));
      }
    }
    runs.forEach(run -> run.workspaceId().ifPresent(ids::add));
    Map<String, String> names = new LinkedHashMap<>();
    ids.forEach(id -> names.put(id, listed.getOrDefault(id, id)));
    List<Optional<String>> groups = new ArrayList<>();
    groups.add(Optional.empty());
    names.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(String.CASE_INSENSITIVE_ORDER))
        .map(Map.Entry::getKey)
        .filter(id -> selects(workspaces, names, runs.isEmpty(), id))
        .forEach(id -> groups.add(Optional.of(id)));
    List<Standing> standings = new ArrayList<>();
    for (Optional<String> workspaceId : groups) {
      for (StreamDefinition stream : catalog.streams()) {
        boolean inGroup =
            workspaceId.isPresent() ? stream.inWorkspace() : !stream.inWorkspace() || ids.isEmpty();
        if (tables.containsKey(stream.name()) && inGroup) {
          boolean gone =
              workspaceId.isPresent()
                  && !listed.isEmpty()
                  && !listed.containsKey(workspaceId.get());
          standings.add(
              standing(
                  stream,
                  workspaceId,
                  !gone,
                  tables.get(stream.name()),
                  runs,
                  verifications,
                  state(destination, stream, workspaceId)));
        }
      }
    }
    return new SyncStatus(standings, names);
  }

  private static boolean selects(
      List<String> wanted, Map<String, String> names, boolean neverSynced, String id) {
    WorkspaceSelection selection = new WorkspaceSelection(wanted);
    if (!neverSynced && !selection.missing(names).isEmpty()) {
      throw ConnectorException.configuration(
          "no workspace has the id or exact name '"
              + String.join("', '", selection.missing(names))
              + "' among those in the tables; check --workspace and source.workspaces, or run sync");
    }
    return selection.selects(id, names.get(id));
  }

  private static Map<String, String> listed(Inspection inspection, StreamCatalog catalog) {
    return catalog.streams().stream()
        .filter(CascadePlan::isWorkspaces)
        .findFirst()
        .map(stream -> inspection.texts(stream, "name"))
        .orElse(Map.of());
  }

  private static Optional<WindowState> state(
      Destination destination, StreamDefinition stream, Optional<String> workspaceId) {
    return stream.window().isPresent() && workspaceId.isPresent()
        ? StoredState.of(destination, new Load(stream, workspaceId))
        : Optional.empty();
  }

  /**
   * What is known of one stream, put together.
   *
   * @param runs of all streams
   * @param verifications of all streams, each stream's last
   * @param state of a stream that is read by time
   */
  static Standing standing(
      StreamDefinition stream,
      Optional<String> workspaceId,
      boolean listed,
      Optional<TableOverview> table,
      List<PastRun> runs,
      List<VerificationRow> verifications,
      Optional<WindowState> state) {
    List<PastRun> own =
        runs.stream()
            .filter(run -> run.stream().equals(stream.name()))
            .filter(run -> run.workspaceId().equals(workspaceId))
            .sorted(Comparator.comparing(PastRun::startedAt).reversed())
            .toList();
    Optional<PastRun> lastSync =
        table.isEmpty()
            ? Optional.empty()
            : own.stream()
                .filter(PastRun::wentWell)
                .filter(run -> stream.window().isEmpty() || isComplete(run, state))
                .findFirst();
    return new Standing(
        stream.name(),
        workspaceId,
        listed,
        table.map(found -> found.rows(workspaceId)).orElse(0L),
        table.map(TableOverview::snapshotId).orElse(OptionalLong.empty()),
        table.flatMap(TableOverview::committedAt),
        table.flatMap(found -> own.stream().findFirst()),
        lastSync,
        table.flatMap(
            found -> own.stream().filter(run -> !run.wentWell() && !run.isCarried()).findFirst()),
        verified(stream, workspaceId, verifications),
        state.flatMap(known -> known.passes().stream().min(Comparator.naturalOrder())),
        state
            .flatMap(WindowState::backfill)
            .map(progress -> new Standing.Backfill(progress.period(), progress.through())));
  }

  private static Optional<Standing.Verified> verified(
      StreamDefinition stream, Optional<String> workspaceId, List<VerificationRow> rows) {
    return rows.stream()
        .filter(row -> row.stream().equals(stream.name()))
        .filter(row -> row.workspaceId().equals(workspaceId))
        .max(Comparator.comparing(VerificationRow::agreement))
        .map(
            worst ->
                new Standing.Verified(
                    worst.verificationId(), worst.verifiedAt(), worst.agreement(), worst.reason()));
  }

  /** A backfill of old years leaves the table no fresher; one up to now says so in the state. */
  private static boolean isComplete(PastRun run, Optional<WindowState> state) {
    Optional<Instant> syncedAt =
        state.flatMap(WindowState::syncedAt).map(instant -> instant.truncatedTo(ChronoUnit.MICROS));
    return syncedAt.isPresent()
        && (!run.command().equals(PARTIAL_COMMAND) || run.readSince().equals(syncedAt.get()));
  }
}
