// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lists of several pages, without a look-up by id, that are never the same twice: no row that is
 * there goes.
 */
class RestlessListTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StreamDefinition CLIENTS = TestSync.CATALOG.stream("clients");
  private static final Pattern QUERY =
      Pattern.compile(".*/clients\\?.*archived=false.*&page=(\\d+)&page-size=(\\d+).*");

  @TempDir private Path warehouse;
  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);
  private final ClockifySimulator simulator =
      ClockifySimulator.start(
          Account.tiny(61).with("clients", 150),
          SimulatorSettings.unlimited()
              .withFaults((number, method, target) -> faults.get().on(number, method, target)));
  private TestSync sync;
  private final List<JsonNode> active = new ArrayList<>();

  @BeforeEach
  void syncOnce() throws IOException, InterruptedException {
    sync = new TestSync(simulator, warehouse).streams("clients").maxShrink(1);
    assertThat(sync.run().exitCode()).isZero();
    String id = simulator.world().workspaces().get(0).id();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    simulator.main()
                        + "/workspaces/"
                        + id
                        + "/clients?archived=false&page=1&page-size=200"))
            .header("X-Api-Key", simulator.apiKey())
            .build();
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    JSON.readTree(response.body()).forEach(active::add);
    assertThat(active).hasSizeGreaterThan(100);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  /** What a page of the list holds. */
  private interface Pages {
    List<JsonNode> page(int number, int size);
  }

  /** Answers in pages of fifty at most, as any endpoint may (400, as for a parent that is gone). */
  private void serve(Pages pages) {
    faults.set(
        (number, method, target) -> {
          Matcher query = QUERY.matcher(target);
          if (!query.matches()) {
            return new Fault.None();
          }
          int page = Integer.parseInt(query.group(1));
          int size = Integer.parseInt(query.group(2));
          if (size > 50) {
            return new Fault.Instead(400, Map.of(), "{\"message\":\"size\",\"code\":501}");
          }
          ArrayNode body = JSON.createArrayNode();
          body.addAll(pages.page(page, size));
          boolean last = page * size >= active.size();
          Map<String, String> headers =
              Map.of("Last-Page", Boolean.toString(last), "Content-Type", "application/json");
          return new Fault.Instead(200, headers, body.toString());
        });
  }

  private static List<JsonNode> cut(List<JsonNode> rows, int from, int size) {
    int begin = Math.min(rows.size(), from);
    return rows.subList(begin, Math.min(rows.size(), begin + size));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aListInAnotherOrderWithEachPageLosesNothing(long seed) {
    Random random = new Random(seed);
    serve(
        (page, size) -> {
          List<JsonNode> shuffled = new ArrayList<>(active);
          synchronized (random) {
            Collections.shuffle(shuffled, random);
          }
          return cut(shuffled, (page - 1) * size, size);
        });
    SyncResult result = sync.run();
    faults.set(Faults.NONE);
    StoredRows.assertEqualTruth(CLIENTS, simulator, warehouse);
    assertThat(result.exitCode()).isIn(0, 3);
    if (result.exitCode() == 3) {
      StreamResult clients = result.streams().get(0);
      assertThat(clients.cause()).contains(ErrorCode.UNEXPECTED_ANSWER);
      assertThat(clients.reason().orElseThrow()).contains("clients", "nothing is deleted");
    }
  }

  @Test
  void aListThatShiftsByARowBetweenAnyTwoPagesLosesNothing() {
    serve((page, size) -> cut(active, (page - 1) * (size + 1), size));
    SyncResult result = sync.run();
    faults.set(Faults.NONE);
    assertThat(result.exitCode()).isZero();
    StoredRows.assertEqualTruth(CLIENTS, simulator, warehouse);
  }

  /** A row repeated shows that the list moved; what moved the other way was lost from sight. */
  @Test
  void rowsThatMovedOutOfSightInAFirstLoadAreReadAfterAll() {
    AtomicInteger asked = new AtomicInteger();
    serve(
        (page, size) -> {
          boolean first = asked.incrementAndGet() <= 3;
          int shift = !first ? 0 : page == 2 ? -1 : page == 3 ? 1 : 0;
          return cut(active, (page - 1) * size + shift, size);
        });
    Path other = warehouse.resolve("other");
    assertThat(new TestSync(simulator, other).streams("clients").run().exitCode()).isZero();
    assertThat(asked).hasValueGreaterThan(3);
    StoredRows.assertEqualTruth(CLIENTS, simulator, other);
  }

  @Test
  void aListAtRestLosesWhatIsGone() {
    Records clients = simulator.world().workspaces().get(0).records("clients");
    for (JsonNode gone : List.copyOf(active.subList(45, 55))) {
      clients.remove(gone.path("id").asText());
      active.remove(gone);
    }
    serve((page, size) -> cut(active, (page - 1) * size, size));
    SyncResult result = sync.run();
    assertThat(result.exitCode()).isZero();
    assertThat(result.streams().get(0).rows().deleted()).isEqualTo(10);
    StoredRows.assertEqualTruth(CLIENTS, simulator, warehouse);
  }
}
