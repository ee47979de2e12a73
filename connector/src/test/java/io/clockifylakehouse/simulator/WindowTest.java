// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bounds of a list of time entries are a wall clock in the user's zone. */
class WindowTest {
  private ClockifySimulator simulator;
  private Client client;
  private String user;

  @BeforeEach
  void start() {
    Account account = Account.tiny(4).with("time_entries", 0).with("time_entries_in_progress", 0);
    simulator = ClockifySimulator.start(account, SimulatorSettings.unlimited());
    client = new Client(simulator);
    user = simulator.world().ownerId();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String entry(String start, String end) {
    String id = simulator.world().nextId();
    ObjectNode entry = Json.object().put("id", id).put("description", start);
    entry.putNull("tagIds").put("userId", user).put("billable", true).putNull("taskId");
    entry.putNull("projectId").put("workspaceId", client.workspace());
    entry
        .putObject("timeInterval")
        .put("start", start)
        .put("end", end)
        .put("duration", end == null ? null : "PT1H");
    entry.putArray("customFieldValues");
    entry.put("type", "REGULAR").putNull("kioskId").putNull("hourlyRate").putNull("costRate");
    client.records().records("time_entries").put(entry.put("isLocked", false));
    return id;
  }

  private void zone(String zone) {
    client
        .records()
        .records("workspace_users")
        .edit(user, record -> record.putObject("settings").put("timeZone", zone));
  }

  private List<String> list(String parameters) {
    List<String> starts = new ArrayList<>();
    Client.Reply reply =
        client.get("workspaces/{ws}/user/" + user + "/time-entries?page-size=100" + parameters);
    assertThat(reply.status()).isEqualTo(200);
    for (JsonNode row : reply.json()) {
      starts.add(row.at("/timeInterval/start").asText());
    }
    return starts;
  }

  @ParameterizedTest
  @CsvSource({
    // zone, last second before the window, first in it, last in it, first after it
    "UTC,2026-08-07T23:59:59Z,2026-08-08T00:00:00Z,2026-08-08T23:59:59Z,2026-08-09T00:00:00Z",
    "Europe/Belgrade,2026-08-07T21:59:59Z,2026-08-07T22:00:00Z,2026-08-08T21:59:59Z,2026-08-08T22:00:00Z",
    "Pacific/Kiritimati,2026-08-07T09:59:59Z,2026-08-07T10:00:00Z,2026-08-08T09:59:59Z,2026-08-08T10:00:00Z",
    "Pacific/Pago_Pago,2026-08-08T10:59:59Z,2026-08-08T11:00:00Z,2026-08-09T10:59:59Z,2026-08-09T11:00:00Z"
  })
  void readsTheBoundsInTheZoneOfTheUser(
      String zone, String before, String first, String last, String after) {
    zone(zone);
    for (String start : List.of(before, first, last, after)) {
      entry(start, "2026-08-20T00:00:00Z");
    }
    assertThat(list("&start=2026-08-08T00:00:00Z&end=2026-08-09T00:00:00Z"))
        .containsExactly(last, first);
  }

  @Test
  void honoursAnOffsetOfTheBoundBeforeReadingItsWallClock() {
    zone("Europe/Belgrade");
    entry("2026-08-07T19:59:59Z", "2026-08-20T00:00:00Z");
    entry("2026-08-07T20:00:00Z", "2026-08-20T00:00:00Z");
    assertThat(list("&start=2026-08-08T00:00:00%2B02:00")).containsExactly("2026-08-07T20:00:00Z");
  }

  @Test
  void readsUtcForAUserWithoutSettings() {
    client.records().records("workspace_users").edit(user, record -> record.putNull("settings"));
    entry("2026-08-08T00:00:00Z", "2026-08-20T00:00:00Z");
    assertThat(list("&start=2026-08-08T00:00:00Z")).hasSize(1);
    assertThat(list("&start=2026-08-08T00:00:01Z")).isEmpty();
  }

  @Test
  void listsTheLatestStartFirstWithTheFutureAndRunningTimersAmongThem() {
    zone("UTC");
    entry("2026-08-08T00:00:00Z", "2026-08-08T01:00:00Z");
    entry("2031-01-01T00:00:00Z", "2031-01-01T01:00:00Z");
    entry("2026-11-20T10:00:00Z", null);
    assertThat(list(""))
        .containsExactly("2031-01-01T00:00:00Z", "2026-11-20T10:00:00Z", "2026-08-08T00:00:00Z");
    assertThat(list("&in-progress=true")).containsExactly("2026-11-20T10:00:00Z");
    assertThat(list("&in-progress=false")).hasSize(2);
  }

  @Test
  void anEntryAcrossTheEdgeBelongsToTheWindowOfItsStart() {
    zone("UTC");
    entry("2026-08-07T23:00:00Z", "2026-08-08T05:00:00Z");
    assertThat(list("&start=2026-08-08T00:00:00Z&end=2026-08-09T00:00:00Z")).isEmpty();
    assertThat(list("&start=2026-08-07T00:00:00Z&end=2026-08-08T00:00:00Z")).hasSize(1);
  }

  @Test
  void refusesABoundThatIsNoTime() {
    Client.Reply reply =
        client.get("workspaces/{ws}/user/" + user + "/time-entries?start=2026-08-08");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo(3000);
  }

  @Test
  void aMovedEntryIsListedAtItsNewStartOnly() {
    zone("UTC");
    String id = entry("2026-08-08T00:00:00Z", "2026-08-08T01:00:00Z");
    client
        .records()
        .records("time_entries")
        .edit(
            id,
            entry -> ((ObjectNode) entry.get("timeInterval")).put("start", "2025-01-01T00:00:00Z"));
    assertThat(list("")).containsExactly("2025-01-01T00:00:00Z");
    assertThat(list("&start=2026-01-01T00:00:00Z")).isEmpty();
  }
}
