// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Inspection;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.Placeholder;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.Standing;
import io.clockifylakehouse.sync.SyncListener;
import io.clockifylakehouse.sync.SyncRun;
import io.clockifylakehouse.sync.SyncStatus;
import io.clockifylakehouse.time.Time;
import io.clockifylakehouse.verification.ReadOnlyDestination.Place;
import io.clockifylakehouse.verification.RowWalk.Walked;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One verification: the tables' figures against the service's own, and on demand every row against
 * a fresh walk. What comes out is appended to the table {@code verifications}; no other table is
 * touched. To be run once, by one thread.
 */
public final class Verification {
  private static final Duration LOCK_WAIT = Duration.ofSeconds(10);
  private static final String ROWS = "rows";
  private static final String COUNT = "count";
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final ServiceFigures service;
  private final Source source;
  private final Exchange exchange;
  private final Destination destination;
  private final StreamCatalog catalog;
  private final VerificationSettings settings;
  private final Time time;
  private final SyncListener listener;
  private final RowWalk walk;
  private final Instant startedAt;
  private final String id;
  private final Ledger ledger;
  private int figures;

  /**
   * @param bases the base URL of each host of the service
   * @param listener told of each figure that has been compared, and of walks through the service
   * @param running told of each walk before it begins, to stop it
   */
  public Verification(
      Source source,
      Exchange exchange,
      Map<Host, URI> bases,
      Destination destination,
      StreamCatalog catalog,
      VerificationSettings settings,
      Time time,
      SyncListener listener,
      Consumer<SyncRun> running) {
    this.service = new ServiceFigures(exchange, bases);
    this.source = source;
    this.exchange = exchange;
    this.destination = destination;
    this.catalog = catalog;
    this.settings = settings;
    this.time = time;
    this.listener = listener;
    this.walk =
        new RowWalk(source, exchange, destination, catalog, settings, time, listener, running);
    this.startedAt = time.now();
    this.id = ID_TIME.format(startedAt) + "-" + UUID.randomUUID().toString().substring(0, 8);
    this.ledger = new Ledger(id, startedAt);
  }

  /**
   * Compares everything that is selected, and keeps the result.
   *
   * @throws ConnectorException of code CONFIGURATION for an unknown stream or workspace;
   *     DESTINATION when a table cannot be read; UNAUTHORIZED and INTERRUPTED; LOCKED when the
   *     result cannot be kept because another run holds the tables
   */
  public VerificationResult run() {
    SyncStatus status =
        SyncStatus.read(destination, catalog, settings.streams(), settings.workspaces());
    if (status.isEmpty()) {
      throw new ConnectorException(
          ErrorCode.DESTINATION, "nothing is synced yet, so there is nothing to verify; run sync");
    }
    status.standings().forEach(walk::standing);
    for (Standing standing : status.standings()) {
      compareFigures(standing);
    }
    if (settings.deep()) {
      compareRows(status);
    }
    keep();
    return new VerificationResult(
        id,
        startedAt,
        time.now(),
        ledger.exitCode(settings.skipForbidden()),
        exchange.traffic(),
        ledger.rows(),
        status.workspaceNames());
  }

  private void compareFigures(Standing standing) {
    Ledger.Subject subject =
        new Ledger.Subject(standing.stream(), standing.workspaceId(), Optional.empty());
    if (standing.lastSync().isEmpty()) {
      Agreement agreement =
          standing.state().equals("forbidden") ? Agreement.FORBIDDEN : Agreement.SKIPPED;
      ledger.left(
          subject,
          ROWS,
          agreement,
          standing.lastRun().flatMap(run -> run.reason()).orElse("never synced in full; run sync"));
      return;
    }
    StreamDefinition stream = catalog.stream(standing.stream());
    if (!standing.listed()) {
      ledger.left(
          subject, ROWS, Agreement.SKIPPED, "the key no longer sees the workspace; its rows stay");
    } else if (standing.workspaceId().isPresent()) {
      compareFigures(stream, standing.workspaceId().get(), subject);
    }
  }

  private void compareFigures(StreamDefinition stream, String workspaceId, Ledger.Subject subject) {
    LocalDate today = LocalDate.ofInstant(startedAt, ZoneOffset.UTC);
    Inspection tables = destination.inspection();
    if (stream.name().equals(EntryCheck.STREAM)) {
      Optional<WindowState> state =
          destination.state(stream, Optional.of(workspaceId)).map(WindowState::parse);
      new EntryCheck(
              stream, workspaceId, service, source, tables, state, settings.lookback(), ledger)
          .run(settings.from(), settings.to(), today, this::compared);
    } else if (stream.name().equals(ExpenseCheck.STREAM)) {
      new ExpenseCheck(stream, workspaceId, service, tables, ledger, walk)
          .run(settings.from(), settings.to(), today, this::compared);
    } else if (CountCheck.STREAMS.contains(stream.name())) {
      compareCount(stream, workspaceId, subject, tables);
      compared(stream.name());
    }
  }

  private void compareCount(
      StreamDefinition stream, String workspaceId, Ledger.Subject subject, Inspection tables) {
    try {
      long expected =
          new CountCheck(service).count(stream, workspaceId, parents(stream, workspaceId));
      long found =
          tables.table(stream).map(table -> table.rows(Optional.of(workspaceId))).orElse(0L);
      ledger.compared(
          subject,
          COUNT,
          expected,
          found,
          expected == found
              ? Optional.empty()
              : walk.explain(stream, workspaceId).or(() -> Optional.of(Explanation.CONTRADICTION)));
    } catch (ConnectorException e) {
      ledger.failed(subject, COUNT, e);
    }
  }

  private void compared(String stream) {
    figures++;
    listener.slices(figures, figures);
  }

  private Set<String> parents(StreamDefinition stream, String workspaceId) {
    List<Placeholder> placeholders = stream.placeholders();
    if (placeholders.size() < 2) {
      return Set.of();
    }
    StreamDefinition parent = catalog.stream(placeholders.get(1).stream());
    return destination.values(parent, workspaceId, parent.key().get(0));
  }

  private void compareRows(SyncStatus status) {
    Map<Place, Walked> walked = walk.run(settings.streams(), settings.workspaces());
    Inspection tables = destination.inspection();
    for (Standing standing : status.standings()) {
      Place place = new Place(standing.stream(), standing.workspaceId());
      Walked one = walked.get(place);
      if (one == null || standing.lastSync().isEmpty()) {
        continue;
      }
      Ledger.Subject subject =
          new Ledger.Subject(standing.stream(), standing.workspaceId(), Optional.empty());
      if (one.differences().isEmpty()) {
        ErrorCode cause = one.result().cause().orElse(ErrorCode.DESTINATION);
        ledger.failed(
            subject,
            ROWS,
            new ConnectorException(cause, one.result().reason().orElse("there is no table")));
        continue;
      }
      long found =
          tables
              .table(catalog.stream(standing.stream()))
              .map(table -> table.rows(standing.workspaceId()))
              .orElse(0L);
      Optional<Explanation> explanation =
          one.differences()
              .filter(differences -> differences.total() > 0)
              .map(differences -> walk.explain(place, differences));
      ledger.compared(subject, ROWS, one.result().rows().read(), found, explanation);
    }
  }

  /** Appends the result, under the lock that keeps other runs' commits apart. */
  private void keep() {
    SyncStamp stamp = new SyncStamp("verify", id, startedAt);
    Lock lock = destination.lock(stamp, Optional.empty(), LOCK_WAIT, time);
    try {
      destination.record(ledger.rows(), stamp);
    } finally {
      lock.close();
    }
  }
}
