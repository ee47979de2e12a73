// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.iceberg.CatalogTables;
import io.clockifylakehouse.iceberg.IcebergSettings;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.server.CatalogProxy;
import io.clockifylakehouse.server.CatalogProxy.Fate;
import io.clockifylakehouse.server.CatalogProxy.Request;
import io.clockifylakehouse.server.RestServer;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.ScriptedDestination.Stage;
import io.clockifylakehouse.sync.StreamResult.Status;
import io.clockifylakehouse.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole sync in one request to Iceberg's REST catalog server, seen on the wire. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestTransactionIT {
  private static final String TRANSACTION = "/v1/transactions/commit";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Reading ALL_HISTORY =
      new Reading.Incremental(Duration.ofDays(3650), Duration.ofDays(7), false);

  private static final Set<String> ALL =
      new TreeSet<>(TestSync.CATALOG.streams().stream().map(StreamDefinition::name).toList());

  private static final Set<String> SOME =
      new TreeSet<>(
          Set.of(
              "workspaces", "user", "clients", "projects", "project_memberships", "time_entries"));

  private RestServer server;
  private CatalogProxy proxy;
  private ClockifySimulator simulator;
  private String namespace;
  private Set<String> streams;

  @BeforeAll
  void start(@TempDir Path directory) {
    server =
        RestServer.start(directory, Map.of("warehouse", directory.resolve("warehouse").toString()));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void begin(TestInfo test) {
    namespace =
        test.getTestMethod().orElseThrow().getName() + test.getDisplayName().replaceAll("\\D", "");
    streams = SOME;
    proxy = new CatalogProxy(server.port());
    simulator =
        ClockifySimulator.start(Account.tiny(31).withWorkspaces(2), SimulatorSettings.unlimited());
  }

  @AfterEach
  void end() {
    simulator.close();
    proxy.close();
  }

  private static Map<String, String> catalog(int port) {
    return Map.of("type", "rest", "uri", "http://127.0.0.1:" + port);
  }

  private TestSync sync() {
    return new TestSync(simulator, catalog(proxy.port()))
        .namespace(namespace)
        .streams(streams.toArray(String[]::new))
        .reading(ALL_HISTORY);
  }

  /** Past the proxy. */
  private IcebergSettings settings() {
    return new TestSync(simulator, catalog(server.port())).namespace(namespace).icebergSettings();
  }

  private void change(int seed) {
    new WorldChanges(simulator, new SystemTime(), Duration.ofDays(35))
        .apply(120, new SplittableRandom(seed));
  }

  private void assertExact() {
    for (String name : streams) {
      StreamDefinition stream = TestSync.CATALOG.stream(name);
      StoredRows.assertEqual(
          stream,
          StoredRows.truths(stream, simulator),
          StoredRows.byKey(stream, TableRows.read(settings(), name)));
    }
  }

  private void assertTagged(SyncResult result) {
    String tag = "sync-" + result.stamp().syncId();
    streams.forEach(
        stream -> assertThat(CatalogTables.tags(settings(), stream)).as(stream).contains(tag));
  }

  private void assertUnchangedNow() {
    SyncResult next = sync().run();
    CatalogFlow.assertOk(next);
    assertThat(next.streams())
        .allSatisfy(s -> assertThat(s.status()).as(s.stream()).isEqualTo(Status.UNCHANGED));
  }

  private List<Request> transactions() {
    return proxy.requests().stream().filter(r -> r.is("POST", TRANSACTION)).toList();
  }

  /** The tables of a transaction, in its order. */
  private static List<String> tables(Request transaction) {
    List<String> tables = new ArrayList<>();
    read(transaction.body())
        .get("table-changes")
        .forEach(change -> tables.add(change.get("identifier").get("name").asText()));
    return tables;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits to tables one by one. The leases in sync_runs are such, and its compaction. */
  private Set<String> singleCommits() {
    Set<String> tables = new TreeSet<>();
    for (Request request : proxy.requests()) {
      if (request.is("POST", "/v1/namespaces/[^/]+/tables/[^/]+")) {
        tables.add(request.path().substring(request.path().lastIndexOf('/') + 1));
      }
    }
    tables.remove("sync_runs");
    return tables;
  }

  @Test
  void aSyncIsOneRequest() {
    streams = ALL;
    for (int run = 0; run < 3; run++) {
      proxy.forget();
      SyncResult result = sync().run();
      CatalogFlow.assertOk(result);
      assertThat(transactions()).hasSize(1);
      List<String> tables = tables(transactions().get(0));
      assertThat(tables).doesNotHaveDuplicates().endsWith("sync_runs");
      assertThat(new TreeSet<>(tables.subList(0, tables.size() - 1))).isEqualTo(streams);
      assertThat(singleCommits()).isEmpty();
      assertTagged(result);
      assertExact();
      assertThat(CatalogTables.runs(settings(), result.stamp().syncId()))
          .hasSize(result.streams().size());
      assertSnapshotsAreThere(result);
      change(run);
    }
  }

  /** What the result and sync_runs name as a table's snapshot is one of it. */
  private void assertSnapshotsAreThere(SyncResult result) {
    result
        .streams()
        .forEach(
            stream ->
                assertThat(CatalogTables.snapshots(settings(), stream.stream()))
                    .as(stream.stream())
                    .contains(stream.snapshotId().orElseThrow()));
  }

  /** Lets something happen just before the first transaction reaches the server. */
  private void before(Runnable other) {
    AtomicInteger seen = new AtomicInteger();
    proxy.rule(
        request -> {
          if (request.is("POST", TRANSACTION) && seen.getAndIncrement() == 0) {
            other.run();
          }
          return new Fate.Pass();
        });
  }

  @Test
  void anotherWritersCommitMakesItBuildAnewWhatMoved() {
    CatalogFlow.assertOk(sync().run());
    change(1);
    before(() -> CatalogTables.append(settings(), "time_entries"));
    proxy.forget();
    SyncResult result = sync().run();
    CatalogFlow.assertOk(result);
    assertThat(transactions()).hasSize(2);
    assertThat(differing(transactions().get(0), transactions().get(1)))
        .containsExactly("time_entries");
    assertTagged(result);
    assertExact();
    assertNothingIsLeftOver();
    assertUnchangedNow();
  }

  private static Set<String> differing(Request one, Request two) {
    Set<JsonNode> before = new HashSet<>();
    read(one.body()).get("table-changes").forEach(before::add);
    Set<String> names = new TreeSet<>();
    for (JsonNode change : read(two.body()).get("table-changes")) {
      if (!before.contains(change)) {
        names.add(change.get("identifier").get("name").asText());
      }
    }
    return names;
  }

  /** No file lies in a table's place that no snapshot refers to. */
  private void assertNothingIsLeftOver() {
    streams.forEach(
        stream -> assertThat(CatalogTables.orphans(settings(), stream)).as(stream).isEmpty());
  }

  @Test
  void rowsOfTheSameWorkspaceThatSomebodyElseWroteFailThatStreamAlone() {
    CatalogFlow.assertOk(sync().run());
    change(2);
    String workspace = simulator.world().workspaces().get(0).id();
    before(() -> CatalogTables.touch(settings(), "projects", workspace));
    SyncResult result = sync().run();
    assertThat(result.exitCode()).isEqualTo(75);
    StreamResult refused =
        result.streams().stream()
            .filter(
                s -> s.stream().equals("projects") && s.workspaceId().orElse("").equals(workspace))
            .findFirst()
            .orElseThrow();
    assertThat(refused.status()).isEqualTo(Status.FAILED);
    assertThat(refused.reason().orElseThrow()).contains("commit refused");
    assertThat(result.streams().stream().filter(s -> s.status() == Status.OK)).isNotEmpty();
    assertThat(CatalogTables.runs(settings(), result.stamp().syncId()))
        .hasSize(result.streams().size())
        .containsValue("failed")
        .containsValue("ok");
    assertNothingIsLeftOver();
    CatalogFlow.assertOk(sync().run());
    assertExact();
  }

  @Test
  void aTableAboveWorkspacesIsComparedOnceMore() {
    before(() -> CatalogTables.addUser(settings(), "another"));
    SyncResult result = sync().run();
    CatalogFlow.assertOk(result);
    assertThat(transactions()).hasSize(2);
    assertThat(CatalogTables.column(settings(), "user", "id")).contains("another").hasSize(2);
    assertNothingIsLeftOver();
  }

  @Test
  void aServerThatSaysDoneAndDidNothingIsAskedAgain() {
    AtomicInteger seen = new AtomicInteger();
    proxy.rule(
        request ->
            request.is("POST", TRANSACTION) && seen.getAndIncrement() < 2
                ? new Fate.Answer(204, "")
                : new Fate.Pass());
    CatalogFlow.assertOk(sync().run());
    assertThat(transactions()).hasSize(3);
    assertExact();
    assertUnchangedNow();
  }

  @Test
  void aServerThatStopsBetweenTwoTablesGetsTheRest() {
    AtomicInteger seen = new AtomicInteger();
    proxy.rule(
        request ->
            request.is("POST", TRANSACTION) && seen.getAndIncrement() == 0
                ? new Fate.PassAndAnswer(firstTables(request.body(), 3), 503)
                : new Fate.Pass());
    SyncResult result = sync().run();
    CatalogFlow.assertOk(result);
    List<Request> sent = transactions();
    List<String> all = tables(sent.get(0));
    assertThat(tables(sent.get(sent.size() - 1))).isEqualTo(all.subList(3, all.size()));
    assertTagged(result);
    assertExact();
    assertUnchangedNow();
  }

  private static String firstTables(String body, int count) {
    ObjectNode transaction = (ObjectNode) read(body);
    ArrayNode some = JSON.createArrayNode();
    for (int i = 0; i < count; i++) {
      some.add(transaction.get("table-changes").get(i));
    }
    return transaction.set("table-changes", some).toString();
  }

  @Test
  void aLostReplyIsNotRepeated() {
    CatalogFlow.assertOk(sync().run());
    change(3);
    proxy.forget();
    proxy.rule(
        request ->
            request.is("POST", TRANSACTION)
                ? new Fate.PassAndAnswer(request.body(), 502)
                : new Fate.Pass());
    SyncResult result = sync().run();
    CatalogFlow.assertOk(result);
    assertThat(transactions().stream().map(Request::body).distinct()).hasSize(1);
    assertTagged(result);
    assertExact();
    proxy.rule(request -> new Fate.Pass());
    assertUnchangedNow();
  }

  @Test
  void aServerThatNeverAnswersTheTransactionEndsTheRunForLater() {
    proxy.rule(
        request -> request.is("POST", TRANSACTION) ? new Fate.Answer(502, "") : new Fate.Pass());
    SyncResult result = sync().run();
    assertThat(result.exitCode()).isEqualTo(75);
    assertThat(result.streams().stream().filter(s -> s.rows().read() > 0)).isEmpty();
    assertThat(CatalogTables.column(settings(), "projects", "id")).isEmpty();
    proxy.rule(request -> new Fate.Pass());
    CatalogFlow.assertOk(sync().run());
    assertExact();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 501})
  void aServerThatDoesNotTakeThemGetsTheTablesOneByOne(int status) {
    proxy.rule(
        request ->
            request.is("POST", TRANSACTION)
                ? new Fate.Answer(
                    status,
                    "{\"error\": {\"message\": \"no\", \"type\": \"X\", \"code\": " + status + "}}")
                : new Fate.Pass());
    SyncResult result = sync().run();
    CatalogFlow.assertOk(result);
    assertThat(transactions()).hasSize(1);
    assertThat(singleCommits()).isEqualTo(streams);
    assertTagged(result);
    assertExact();
    assertSnapshotsAreThere(result);
    assertNothingIsLeftOver();
    assertUnchangedNow();
  }

  @Test
  void aServerThatDoesNotOfferThemIsNotAsked() {
    proxy.rule(
        request ->
            request.is("GET", "/v1/config.*")
                ? new Fate.Reword(RestTransactionIT::withoutTransactions)
                : new Fate.Pass());
    SyncResult result = sync().run();
    CatalogFlow.assertOk(result);
    assertThat(transactions()).isEmpty();
    assertThat(singleCommits()).isEqualTo(streams);
    assertTagged(result);
    assertExact();
  }

  private static String withoutTransactions(String config) {
    ObjectNode answer = (ObjectNode) read(config);
    ArrayNode endpoints = JSON.createArrayNode();
    for (JsonNode endpoint : answer.get("endpoints")) {
      if (!endpoint.asText().endsWith("transactions/commit")) {
        endpoints.add(endpoint);
      }
    }
    assertThat(endpoints.size()).isEqualTo(answer.get("endpoints").size() - 1);
    return answer.set("endpoints", endpoints).toString();
  }

  @Test
  void aServerThatRestartsBeforeTheTransactionCostsNothing() {
    SyncResult result =
        sync()
            .wrapping(
                destination ->
                    new ScriptedDestination(
                        destination,
                        (stage, stream, workspace) -> {
                          if (stage == Stage.BEFORE_TAG) {
                            server.kill();
                            server.comeBack();
                          }
                        }))
            .run();
    CatalogFlow.assertOk(result);
    assertTagged(result);
    assertExact();
  }

  @Test
  void aRunThatIsToldToStopCommitsWhatItHas() {
    AtomicReference<SyncRun> running = new AtomicReference<>();
    AtomicInteger commits = new AtomicInteger();
    SyncResult result =
        sync()
            .beforeRun(running::set)
            .wrapping(
                destination ->
                    new ScriptedDestination(
                        destination,
                        (stage, stream, workspace) -> {
                          if (stage == Stage.AFTER_COMMIT && commits.incrementAndGet() == 4) {
                            running.get().stop("told to");
                          }
                        }))
            .run();
    assertThat(result.exitCode()).isEqualTo(75);
    assertThat(transactions()).hasSize(1);
    List<StreamResult> whole =
        result.streams().stream().filter(s -> s.status() == Status.OK).toList();
    assertThat(whole).isNotEmpty();
    assertSnapshotsAreThere(
        new SyncResult(
            result.command(),
            result.stamp(),
            result.finishedAt(),
            result.exitCode(),
            result.reason(),
            result.traffic(),
            whole,
            result.workspaceNames()));
    whole.forEach(
        s ->
            assertThat(CatalogTables.tags(settings(), s.stream()))
                .doesNotContain("sync-" + result.stamp().syncId()));
    assertThat(CatalogTables.runs(settings(), result.stamp().syncId()))
        .hasSize(result.streams().size());
    CatalogFlow.assertOk(sync().run());
    assertExact();
  }

  @Test
  void aBackfillCommitsAsItGoes() {
    CatalogFlow.assertOk(
        sync().reading(new Reading.Backfill(Period.ALWAYS, 50, Duration.ofDays(7))).run());
    assertThat(transactions()).isEmpty();
    assertThat(singleCommits()).isEqualTo(streams);
    assertExact();
  }
}
