// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.Comparison.Differences;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Difference;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.Reading;
import io.clockifylakehouse.sync.Standing;
import io.clockifylakehouse.sync.StreamResult;
import io.clockifylakehouse.sync.SyncListener;
import io.clockifylakehouse.sync.SyncResult;
import io.clockifylakehouse.sync.SyncRun;
import io.clockifylakehouse.sync.SyncSettings;
import io.clockifylakehouse.time.Time;
import io.clockifylakehouse.verification.EntryDifferences.Judged;
import io.clockifylakehouse.verification.ReadOnlyDestination.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A fresh walk through the service: a full sync that compares its rows with the tables in place of
 * writing them. For one thread.
 */
final class RowWalk {
  private final Source source;
  private final Exchange exchange;
  private final Destination tables;
  private final StreamCatalog catalog;
  private final VerificationSettings settings;
  private final Time time;
  private final SyncListener listener;
  private final Consumer<SyncRun> running;
  private final Map<Place, Standing> standings = new HashMap<>();

  /**
   * @param running told of each walk before it begins, to stop it
   */
  RowWalk(
      Source source,
      Exchange exchange,
      Destination tables,
      StreamCatalog catalog,
      VerificationSettings settings,
      Time time,
      SyncListener listener,
      Consumer<SyncRun> running) {
    this.source = source;
    this.exchange = exchange;
    this.tables = tables;
    this.catalog = catalog;
    this.settings = settings;
    this.time = time;
    this.listener = listener;
    this.running = running;
  }

  /** How one stream of one workspace compares; no differences are known where it was not read. */
  record Walked(StreamResult result, Optional<Differences> differences) {}

  /** Says since when a table is what it is; before the walk. */
  void standing(Standing standing) {
    standings.put(new Place(standing.stream(), standing.workspaceId()), standing);
  }

  /** Walks through streams and workspaces. */
  Map<Place, Walked> run(List<String> streams, List<String> workspaces) {
    ReadOnlyDestination destination = new ReadOnlyDestination(tables);
    SyncSettings sync =
        new SyncSettings(
            "verify",
            streams,
            workspaces,
            settings.workspacesByIdOnly(),
            new Reading.Incremental(
                settings.lookback(), settings.lookback(), true, Integer.MAX_VALUE),
            settings.skipForbidden(),
            settings.lookback(), // neither tags nor snapshots are touched
            settings.lookback());
    SyncRun run = new SyncRun(source, exchange, destination, catalog, sync, time, listener);
    running.accept(run);
    SyncResult result = run.run();
    Map<Place, Walked> walked = new HashMap<>();
    for (StreamResult stream : result.streams()) {
      Place place = new Place(stream.stream(), stream.workspaceId());
      boolean whole = stream.cause().isEmpty();
      walked.put(
          place,
          new Walked(
              stream,
              Optional.ofNullable(destination.comparisons().get(place))
                  .filter(c -> whole)
                  .map(c -> c.differences())));
    }
    return walked;
  }

  /**
   * Why a figure of a stream is not the table's; empty when each row of the service's list is in
   * the table, and no other.
   */
  Optional<Explanation> explain(StreamDefinition stream, String workspaceId) {
    Place place = new Place(stream.name(), Optional.of(workspaceId));
    Walked walked = run(List.of(stream.name()), List.of(workspaceId)).get(place);
    if (walked == null || walked.differences().isEmpty()) {
      return Optional.of(
          new Explanation(
              Agreement.UNDECIDED,
              "the service's rows could not be read: "
                  + (walked == null
                      ? "not reached"
                      : walked.result().reason().orElse("not reached")),
              List.of()));
    }
    Differences differences = walked.differences().get();
    return differences.total() == 0 ? Optional.empty() : Optional.of(explain(place, differences));
  }

  /** What rows that differ mean. */
  Explanation explain(Place place, Differences differences) {
    Sight sight = sight(Optional.ofNullable(standings.get(place)));
    List<Judged> judged = new ArrayList<>();
    for (Difference difference : differences.list()) {
      judged.add(
          new Judged(
              difference,
              switch (difference.kind()) {
                case MISSING -> sight.missing(difference.key());
                case SURPLUS, STALE -> Agreement.UNDECIDED;
                case ALTERED, DOUBLED -> Agreement.DIFFERENT;
              }));
    }
    return Explanation.of(judged, differences.total());
  }

  private static Sight sight(Optional<Standing> standing) {
    Optional<Instant> last = standing.flatMap(Standing::lastSync).map(run -> run.readSince());
    if (last.isEmpty()) {
      return Sight.UNKNOWN;
    }
    Instant surely = standing.flatMap(Standing::oldestFullPass).orElse(last.get());
    return new Sight(surely, last.get());
  }
}
