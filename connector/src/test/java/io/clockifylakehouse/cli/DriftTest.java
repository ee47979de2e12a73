// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.ScriptedFaults;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service that has changed its answers leaves in tables, results and status. */
class DriftTest {
  private static final String CLIENTS =
      """
      [{"id": "c1", "name": "One", "archived": "yes", "newField": 1, "\\u001b[31m": [true]},
       {"id": "c2", "name": 7, "newField": {"deep": null}},
       {"id": "c3"}]
      """;

  @TempDir private Path directory;
  private final ScriptedFaults faults = new ScriptedFaults();
  private ClockifySimulator simulator;

  @BeforeEach
  void start() {
    simulator =
        ClockifySimulator.start(Account.tiny(51), SimulatorSettings.unlimited().withFaults(faults));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void unknownAndUnfitValuesAreKeptCountedAndNamedEverywhere() {
    instead("/clients\\?.*archived=false", CLIENTS);
    instead("/clients\\?.*archived=true", "[]");
    Ended synced = run("sync", "--stream", "clients", "--output", "json");
    assertThat(synced.exitCode()).as(synced.err()).isZero();
    JsonNode drift = synced.json().at("/streams/0/drift");
    assertThat(texts(drift.path("unknown_fields"))).containsExactly("\u001b[31m", "newField");
    assertThat(texts(drift.path("type_mismatches"))).containsExactly("archived", "name");
    assertThat(drift.path("unknown_values").asInt()).isEqualTo(3);
    assertThat(drift.path("mismatched_values").asInt()).isEqualTo(2);

    Map<Object, Map<String, Object>> rows = rows("clients");
    assertThat(rows.get("c1")).containsEntry("archived", null).containsEntry("name", "One");
    assertThat(rows.get("c1").get("_extra"))
        .isEqualTo("{\"\\u001B[31m\":[true],\"archived\":\"yes\",\"newField\":1}");
    assertThat(rows.get("c2")).containsEntry("name", null);
    assertThat(rows.get("c2").get("_extra")).isEqualTo("{\"name\":7,\"newField\":{\"deep\":null}}");
    assertThat(rows.get("c3")).containsEntry("name", null).containsEntry("_extra", null);

    assertThat(TableRows.read(lakehouse(), "sync_runs"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("unknown_fields", List.of("\u001b[31m", "newField"))
                    .containsEntry("type_mismatches", List.of("archived", "name"))
                    .containsEntry("unknown_values", 3L)
                    .containsEntry("mismatched_values", 2L));
    String line =
        "clients: 3 values of unknown ?[31m, newField, 2 values unfit for archived, name; kept in";
    assertThat(run("status").out().replaceAll("\\s+", " ")).contains(line);
    JsonNode status = run("status", "--output", "json").json();
    JsonNode clients =
        StreamSupport.stream(status.path("streams").spliterator(), false)
            .filter(stream -> stream.path("stream").asText().equals("clients"))
            .findFirst()
            .orElseThrow();
    assertThat(clients.at("/drift/unknown_values").asInt()).isEqualTo(3);
    assertThat(texts(clients.at("/drift/type_mismatches"))).containsExactly("archived", "name");
  }

  @Test
  void thousandsOfNewNamesAreCountedButNotNamed() {
    StringBuilder record = new StringBuilder("[{\"id\": \"c1\"");
    for (int i = 0; i < 5_000; i++) {
      record.append(",\"f").append(i).append("\":1");
    }
    instead("/clients\\?.*archived=false", record + "}]");
    instead("/clients\\?.*archived=true", "[]");
    JsonNode drift =
        run("sync", "--stream", "clients", "--output", "json").json().at("/streams/0/drift");
    assertThat(drift.path("unknown_fields")).hasSize(100);
    assertThat(drift.path("unknown_values").asInt()).isEqualTo(5_000);
  }

  @Test
  void anotherTypeOfTheKeyOrTheWindowFailsThatStreamAlone() {
    String streams = "sync.streams=[clients, tags, time_entries]";
    assertThat(run("sync", "--set", streams).exitCode()).isZero();
    List<Map<String, Object>> clients = TableRows.read(lakehouse(), "clients");
    List<Map<String, Object>> entries = TableRows.read(lakehouse(), "time_entries");
    instead("/clients\\?.*archived=false", "[{\"id\": 5, \"name\": \"One\"}]");
    faults.add(
        "/user/[0-9a-f]+/time-entries",
        100,
        new Faults.Fault.Instead(
            200,
            Map.of("Last-Page", "true"),
            "[{\"id\": \"e1\", \"timeInterval\": {\"start\": 1767225600}}]"));
    Ended ended = run("sync", "--full", "--set", streams, "--output", "json");
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(reason(ended, "clients")).contains("has a number at 'id', which is part of the key");
    assertThat(reason(ended, "time_entries")).contains("[e1] has a number at 'timeInterval.start'");
    assertThat(ended.json().at("/streams/1/status").asText()).isEqualTo("unchanged");
    assertThat(TableRows.read(lakehouse(), "clients")).hasSameElementsAs(clients);
    assertThat(TableRows.read(lakehouse(), "time_entries")).hasSameElementsAs(entries);
  }

  @Test
  void aNewWordOfAnEnumIsAWordLikeAnother() {
    instead("/users\\?", "[{\"id\": \"u1\", \"status\": \"HIBERNATING\"}]");
    JsonNode result =
        run("sync", "--stream", "workspace_users", "--output", "json").json().at("/streams/0");
    assertThat(result.at("/drift/mismatched_values").asInt()).isZero();
    assertThat(rows("workspace_users").get("u1")).containsEntry("status", "HIBERNATING");
  }

  private void instead(String requests, String body) {
    Map<String, String> headers = Map.of("Last-Page", "true");
    faults.add(requests, 100, new Faults.Fault.Instead(200, headers, body));
  }

  private static String reason(Ended ended, String stream) {
    for (JsonNode result : ended.json().path("streams")) {
      if (result.path("stream").asText().equals(stream)) {
        return result.path("reason").asText();
      }
    }
    throw new AssertionError(stream + " has no result");
  }

  private Map<Object, Map<String, Object>> rows(String table) {
    Map<Object, Map<String, Object>> rows = new java.util.HashMap<>();
    TableRows.read(lakehouse(), table).forEach(row -> rows.put(row.get("id"), row));
    return rows;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }

  private Path lakehouse() {
    return directory.resolve("lakehouse");
  }

  private Ended run(String... command) {
    return CommandLineFixture.of(simulator, lakehouse()).run(command);
  }
}
