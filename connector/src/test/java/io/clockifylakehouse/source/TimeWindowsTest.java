// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.ApiExchange;
import io.clockifylakehouse.http.Credentials;
import io.clockifylakehouse.http.JdkTransport;
import io.clockifylakehouse.http.RateSettings;
import io.clockifylakehouse.http.RetrySettings;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time entries by time and one by one, over real HTTP. */
class TimeWindowsTest {
  private static final int ENTRIES = 300;

  /** The packaged stream, in pages of a few rows. */
  private static final String SMALL_PAGES =
      """
      stream: time_entries
      doc: Time entries.
      endpoint:
        path: /workspaces/{workspaces.id}/user/{workspace_users.id}/time-entries
        one: /workspaces/{workspaces.id}/time-entries/{time_entries.id}
        query: {hydrated: false}
        paging: {max: %d}
      key: [id]
      window: {column: started_at, from: start, to: end}
      fields:
        id: {type: string, doc: Id.}
        timeInterval.start: {column: started_at, type: timestamp, doc: Start.}
      example: {}
      """;

  private static final String USERS =
      """
      stream: workspace_users
      doc: Users.
      endpoint: {path: "/workspaces/{workspaces.id}/users"}
      reference: user_id
      key: [id]
      fields: {id: {type: string, doc: Id.}}
      example: {}
      """;

  private final ClockifySimulator simulator =
      ClockifySimulator.start(
          Account.tiny(3).withWorkspaces(2).with("time_entries", ENTRIES),
          SimulatorSettings.unlimited());
  private final Workspace workspace = simulator.world().workspaces().get(0);
  private final String user = busiest();
  private final Scope scope =
      Scope.ROOT.with(Scope.WORKSPACE, workspace.id()).with("user_id", user);

  @AfterEach
  void close() {
    simulator.close();
  }

  /** Edges at midnights, among them the days on which clocks change there. */
  @ParameterizedTest
  @CsvSource({
    "Pacific/Niue,       2026-03-28T00:00:00Z, 2026-04-02T11:00:00Z",
    "UTC,                2026-03-29T00:00:00Z, 2026-03-30T00:00:00Z",
    "Asia/Kathmandu,     2026-03-29T18:15:00Z, 2026-03-30T00:00:00.5Z",
    "Pacific/Kiritimati, 2026-03-28T10:00:00Z, 2026-03-29T00:00:00Z",
    "Europe/Berlin,      2026-03-29T01:00:00Z, 2026-03-29T22:00:00Z",
    "Europe/Berlin,      2026-10-25T00:30:00Z, 2026-10-25T01:00:00Z",
    "America/New_York,   2026-03-08T07:00:00Z, 2026-03-09T04:00:00Z",
    "America/New_York,   2026-11-01T05:00:00Z, 2026-11-01T06:00:00Z",
  })
  void adjacentSlicesHoldEachEntryOnce(String zone, Instant begin, Instant end) {
    workspace
        .records("workspace_users")
        .edit(user, record -> record.withObject("/settings").put("timeZone", zone));
    List<String> ids = truth();
    List<Instant> starts = new ArrayList<>();
    for (Instant edge : List.of(begin, end)) {
      Stream.of(
              -86_401L, -50_401L, -50_400L, -3_600L, -1L, 0L, 1L, 3_600L, 39_600L, 43_201L, 86_400L)
          .forEach(seconds -> starts.add(Instant.ofEpochSecond(edge.getEpochSecond() + seconds)));
    }
    Records entries = workspace.records("time_entries");
    for (int i = 0; i < starts.size(); i++) {
      start(entries, ids.get(i), starts.get(i).toString());
    }
    List<Period> periods =
        List.of(
            new Period(Long.MIN_VALUE, micros(begin)),
            new Period(micros(begin), micros(end)),
            Period.since(micros(end)));
    for (int size : List.of(5_000, 20, 7)) {
      StreamCatalog catalog = catalog(size);
      List<String> found = new ArrayList<>();
      for (Period period : periods) {
        for (Row row : read(catalog, period)) {
          StreamDefinition stream = catalog.stream("time_entries");
          assertThat(period.contains((Long) row.get(stream.position("started_at")))).isTrue();
          found.add((String) row.get(stream.position("id")));
        }
      }
      assertThat(found).as("pages of %d", size).containsExactlyInAnyOrderElementsOf(truth());
    }
  }

  @Test
  void readsAUserWithOneRequestWhenAllFitsInOnePage() {
    int before = simulator.log().size();
    assertThat(read(StreamCatalog.packaged(), Period.ALWAYS)).hasSize(truth().size());
    assertThat(simulator.log().size() - before).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void readsAllThroughAGatewayThatHidesTheLastPage(boolean passesLastPage) {
    SimulatorSettings.Gateway gateway = new SimulatorSettings.Gateway("c-1", passesLastPage);
    try (ClockifySimulator behind =
        ClockifySimulator.start(
            simulator.account(), SimulatorSettings.unlimited().withGateway(gateway))) {
      ApiExchange exchange =
          exchange(behind, new Credentials.Maton(behind.gatewayKey(), Optional.of("c-1")));
      StreamCatalog catalog = catalog(20);
      assertThat(read(source(behind, exchange, catalog), catalog, Period.ALWAYS))
          .doesNotHaveDuplicates()
          .hasSize(truth().size());
    }
  }

  @Test
  void losesNothingThatStaysWhileOthersGo() {
    List<String> ids = truth();
    StreamCatalog catalog = catalog(20);
    Source.SliceReader reader =
        source(simulator, exchange(), catalog).open(slice(catalog, Period.ALWAYS));
    List<String> found = new ArrayList<>();
    int removed = 0;
    Page page;
    do {
      page = reader.next();
      page.rows()
          .forEach(
              row -> found.add((String) row.get(catalog.stream("time_entries").position("id"))));
      for (int i = 0; i < 3 && removed < ids.size() / 2; i++, removed++) {
        workspace.records("time_entries").remove(ids.get(removed));
      }
    } while (!page.last());
    assertThat(removed).isGreaterThan(9);
    assertThat(found).containsAll(truth()).doesNotHaveDuplicates();
  }

  @Test
  void findsOneRecordOrThatItIsGone() {
    StreamCatalog catalog = StreamCatalog.packaged();
    StreamDefinition stream = catalog.stream("time_entries");
    ClockifySource source = source(simulator, exchange(), catalog);
    String id = truth().get(5);
    assertThat(source.find(stream, scope, id))
        .hasValueSatisfying(row -> assertThat(row.get(stream.position("id"))).isEqualTo(id));
    assertThat(source.find(stream, scope, "64c777ddd3fcab07cfbb210c")).as("never was").isEmpty();
    String foreign = simulator.world().workspaces().get(1).records("time_entries").ids().get(0);
    assertThat(source.find(stream, scope, foreign)).as("of another workspace").isEmpty();
    workspace.records("time_entries").remove(id);
    assertThat(source.find(stream, scope, id)).as("deleted").isEmpty();
  }

  /** An unknown workspace is answered 404: that says nothing about the record. */
  @Test
  void takesNoOtherRefusalForARecordThatIsGone() {
    StreamCatalog catalog = StreamCatalog.packaged();
    ClockifySource source = source(simulator, exchange(), catalog);
    Scope unknown = scope.with(Scope.WORKSPACE, "64c777ddd3fcab07cfbb210c");
    assertThatThrownBy(() -> source.find(catalog.stream("time_entries"), unknown, truth().get(0)))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECTED));
  }

  private List<Row> read(StreamCatalog catalog, Period period) {
    return read(source(simulator, exchange(), catalog), catalog, period);
  }

  private List<Row> read(ClockifySource source, StreamCatalog catalog, Period period) {
    Source.SliceReader reader = source.open(slice(catalog, period));
    List<Row> rows = new ArrayList<>();
    Page page;
    do {
      page = reader.next();
      rows.addAll(page.rows());
    } while (!page.last());
    return rows;
  }

  private Slice slice(StreamCatalog catalog, Period period) {
    return new Slice(catalog.stream("time_entries"), scope, period, Map.of());
  }

  private static StreamCatalog catalog(int size) {
    return StreamCatalog.of(
        Document.parse("clockify.yaml", "page_ceiling: 200"),
        Stream.of(Fixture.WORKSPACES, USERS, SMALL_PAGES.formatted(size))
            .map(text -> Document.parse("stream.yaml", text))
            .toList());
  }

  private ApiExchange exchange() {
    return exchange(simulator, new Credentials.ApiKey(simulator.apiKey()));
  }

  private static ApiExchange exchange(ClockifySimulator simulator, Credentials credentials) {
    return new ApiExchange(
        new JdkTransport(Duration.ofSeconds(30)),
        credentials,
        Set.of(simulator.main()),
        new RateSettings(2000, 1, 2000),
        new RetrySettings(2, Duration.ofSeconds(5)),
        new SystemTime());
  }

  private static ClockifySource source(
      ClockifySimulator simulator, ApiExchange exchange, StreamCatalog catalog) {
    return new ClockifySource(exchange, catalog, Map.of(Host.MAIN, simulator.main()));
  }

  /** The user's entries, latest first. */
  private List<String> truth() {
    return simulator.truth("time_entries").stream()
        .filter(truth -> ours(truth) && truth.ancestors().get("user_id").equals(user))
        .map(truth -> truth.record().get("id").asText())
        .toList();
  }

  private boolean ours(Truth truth) {
    return truth.ancestors().get("workspace_id").equals(workspace.id());
  }

  private String busiest() {
    List<String> users =
        simulator.truth("time_entries").stream()
            .filter(this::ours)
            .map(truth -> truth.ancestors().get("user_id"))
            .toList();
    return workspace.records("workspace_users").ids().stream()
        .max(Comparator.comparingLong(id -> users.stream().filter(id::equals).count()))
        .orElseThrow();
  }

  private static void start(Records entries, String id, String start) {
    assertThat(
            entries.edit(
                id, record -> ((ObjectNode) record.get("timeInterval")).put("start", start)))
        .isTrue();
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
