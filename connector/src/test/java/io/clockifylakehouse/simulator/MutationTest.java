// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The data can be changed while it is served. */
class MutationTest {
  private ClockifySimulator simulator;
  private Client client;

  @BeforeEach
  void start() {
    simulator = ClockifySimulator.start(Account.tiny(17), SimulatorSettings.unlimited());
    client = new Client(simulator);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void aRecordIsCreatedChangedAndDeleted() {
    Records clients = client.records().records("clients");
    String id = simulator.world().nextId();
    clients.put(Json.object().put("id", id).put("name", "New").put("brandNewField", 7));
    assertThat(client.get("workspaces/{ws}/clients/" + id).json().get("brandNewField").asInt())
        .isEqualTo(7);
    assertThat(clients.edit(id, record -> record.put("archived", true))).isTrue();
    assertThat(client.get("workspaces/{ws}/clients?archived=true&name=New").json()).hasSize(1);
    assertThat(clients.remove(id)).isTrue();
    assertThat(client.get("workspaces/{ws}/clients/" + id).code()).isEqualTo(501);
    assertThat(clients.remove(id)).isFalse();
    assertThat(clients.edit(id, record -> record.put("name", "never"))).isFalse();
  }

  @Test
  void aRemovedProjectTakesItsTasksAndAnswersLikeAMissingOne() {
    String project =
        client.records().records("tasks").find(task()).orElseThrow().get("projectId").asText();
    int tasks = simulator.truth("tasks").size();
    String path = "workspaces/{ws}/projects/" + project + "/tasks";
    int ofProject = client.get(path).json().size();
    client.records().removeProject(project);
    assertThat(client.get(path).code()).isEqualTo(501);
    assertThat(ofProject).isPositive();
    assertThat(simulator.truth("tasks")).hasSize(tasks - ofProject);
  }

  private String task() {
    return client.records().records("tasks").ids().get(0);
  }

  @Test
  void aRemovedUserVanishesFromTheListAndKeepsTheirEntries() {
    String user = client.records().records("workspace_users").ids().get(1);
    int entries = entriesOf(user).size();
    int profiles = simulator.truth("member_profiles").size();
    client.records().removeUser(user);
    assertThat(entriesOf(user)).hasSize(entries).isNotEmpty();
    assertThat(client.all("workspaces/{ws}/users?status=ALL", "", 50))
        .noneMatch(row -> row.get("id").asText().equals(user));
    assertThat(simulator.truth("member_profiles")).hasSize(profiles - 1);
    for (Truth membership : simulator.truth("project_memberships")) {
      if (Json.text(membership.record(), "userId").equals(user)) {
        assertThat(Json.text(membership.record(), "membershipStatus")).isEqualTo("INACTIVE");
      }
    }
  }

  private List<JsonNode> entriesOf(String user) {
    return client.all("workspaces/{ws}/user/" + user + "/time-entries", "", 50);
  }

  @Test
  void aRemovedInvoiceTakesItsPayments() {
    String invoice = client.records().records("invoices").ids().get(0);
    int payments = simulator.truth("invoice_payments").size();
    client.records().removeInvoice(invoice);
    assertThat(client.get("workspaces/{ws}/invoices/" + invoice).code()).isEqualTo(501);
    assertThat(simulator.truth("invoice_payments")).hasSize(payments - 1);
  }

  @Test
  void aStoppedTimerLeavesTheRunningOnesAndCountsForItsProject() {
    Records entries = client.records().records("time_entries");
    JsonNode timer = client.get("workspaces/{ws}/time-entries/status/in-progress").json().get(0);
    String project = client.records().records("projects").ids().get(0);
    String before = duration(project);
    entries.edit(
        timer.get("id").asText(),
        entry -> {
          entry.put("projectId", project);
          ((ObjectNode) entry.get("timeInterval"))
              .put("end", "2026-11-20T20:00:00Z")
              .put("duration", "PT6H");
        });
    assertThat(client.get("workspaces/{ws}/time-entries/status/in-progress").json()).hasSize(1);
    assertThat(duration(project)).isNotEqualTo(before);
  }

  private String duration(String project) {
    return client.get("workspaces/{ws}/projects/" + project).json().get("duration").asText();
  }

  @Test
  void aDeletedEntryIsGoneByIdAndFromTheListAndAmongTheDeletedOnes() {
    String user = simulator.world().ownerId();
    String id = entriesOf(user).get(3).get("id").asText();
    int before = entriesOf(user).size();
    client.records().records("time_entries").remove(id);
    assertThat(entriesOf(user)).hasSize(before - 1);
    assertThat(client.get("workspaces/{ws}/time-entries/" + id).code()).isEqualTo(501);
    JsonNode deleted = client.get("workspaces/{ws}/entities/deleted?type=TIME_ENTRY").json();
    assertThat(deleted).hasSize(1);
    assertThat(deleted.get(0).get("id").asText()).isEqualTo(id);
    assertThat(deleted.get(0).get("document").has("timeInterval")).isFalse();
  }

  @Test
  void aWorkspaceTakenAwayIsUnknown() {
    String id = client.workspace();
    simulator.world().removeWorkspace(id);
    assertThat(
            client.send("GET", simulator.main(), "workspaces/" + id + "/tags", "", key()).status())
        .isEqualTo(404);
    assertThat(client.send("GET", simulator.main(), "workspaces", "", key()).json()).isEmpty();
  }

  private Map<String, String> key() {
    return Map.of("X-Api-Key", simulator.apiKey());
  }

  @Test
  void severalChangesAtOnceAreSeenTogetherOrNotAtAll() throws Exception {
    Records tags = client.records().records("tags");
    List<String> ids = tags.ids();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (int i = 0; i < 300; i++) {
                  String name = "round " + i;
                  simulator
                      .world()
                      .change(() -> ids.forEach(id -> tags.edit(id, tag -> tag.put("name", name))));
                }
              });
      BooleanSupplier equal =
          () -> {
            JsonNode rows = client.get("workspaces/{ws}/tags?sort-column=ID").json();
            long names =
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.get("name").asText())
                    .filter(name -> name.startsWith("round"))
                    .distinct()
                    .count();
            return names <= 1;
          };
      do {
        assertThat(equal.getAsBoolean()).isTrue();
      } while (!writing.isDone());
      writing.get();
    } finally {
      writer.shutdown();
    }
  }

  @Test
  void namesTheKindsItHasWhenAskedForAnother() {
    assertThatThrownBy(() -> client.records().records("clocks"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("clocks")
        .hasMessageContaining("time_entries");
  }
}
