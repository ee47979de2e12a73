// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Credentials;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.sync.StreamResult.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole syncs: real HTTP against the simulator, real Iceberg on disk, nothing in between faked. */
class SyncAgainstSimulatorTest {
  private static final SimulatorSettings UNLIMITED = SimulatorSettings.unlimited();

  @TempDir private Path warehouse;

  @Test
  void everyStreamEqualsTheService() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(7).withWorkspaces(3), UNLIMITED)) {
      SyncResult result = new TestSync(simulator, warehouse).run();
      assertThat(result.streams()).allSatisfy(s -> assertThat(s.reason()).as(s.stream()).isEmpty());
      assertThat(result.exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @Test
  void editsAndDeletesArriveAndTheRestStaysUntouched() {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(8), UNLIMITED)) {
      new TestSync(simulator, warehouse).run();
      Map<Object, Object> before = syncIds("clients");
      Workspace workspace = simulator.world().workspaces().get(0);
      List<String> clients = workspace.records("clients").ids();
      workspace.records("clients").edit(clients.get(0), c -> c.put("name", "Renamed"));
      workspace.records("clients").remove(clients.get(1));
      List<String> entries = workspace.records("time_entries").ids();
      workspace.records("time_entries").remove(entries.get(3));
      workspace.records("time_entries").edit(entries.get(5), e -> e.put("description", "edited"));

      SyncResult second = new TestSync(simulator, warehouse).full().run();

      assertThat(second.exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
      StreamResult result = resultOf(second, "clients");
      assertThat(result.rows().changed()).isEqualTo(1);
      assertThat(result.rows().deleted()).isEqualTo(1);
      assertThat(syncIds("clients").get(clients.get(2))).isEqualTo(before.get(clients.get(2)));
      assertThat(syncIds("clients").get(clients.get(0))).isEqualTo(second.stamp().syncId());
    }
  }

  @Test
  void aRunThatChangesNothingLeavesNoSnapshotAndNoDataFile() throws Exception {
    // Durations of projects with running timers do not move: the simulator counts ended time.
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(9), UNLIMITED)) {
      SyncResult first = new TestSync(simulator, warehouse).run();
      Set<Path> files = dataFiles();
      SyncResult second = new TestSync(simulator, warehouse).run();
      assertThat(second.streams()).allMatch(s -> s.status() == Status.UNCHANGED);
      assertThat(snapshots(second)).isEqualTo(snapshots(first));
      assertThat(dataFiles()).isEqualTo(files);
    }
  }

  @Test
  void membersWhoLeftKeepTheirHours() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(
            Account.tiny(10).with("former_users", 3).with("time_entries", 400), UNLIMITED)) {
      new TestSync(simulator, warehouse).run();
      Set<Object> users =
          TableRows.read(warehouse, "workspace_users").stream()
              .map(row -> row.get("id"))
              .collect(Collectors.toSet());
      assertThat(TableRows.read(warehouse, "time_entries"))
          .as("hours of people who are no longer listed")
          .anyMatch(row -> !users.contains(row.get("user_id")));
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @Test
  void aForbiddenStreamIsNamedAndTouchesNoOther() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(11).withPlan(Plan.FREE), UNLIMITED)) {
      SyncResult failing = new TestSync(simulator, warehouse).run();
      assertThat(failing.exitCode()).isEqualTo(3);
      assertThat(failing.status()).isEqualTo("partial");
      assertThat(resultOf(failing, "policies").status()).isEqualTo(Status.FORBIDDEN);
      assertThat(resultOf(failing, "time_off_balances").reason().orElseThrow())
          .startsWith("its parent policies is forbidden");
      assertThat(resultOf(failing, "projects").status()).isEqualTo(Status.OK);
      SyncResult skipping = new TestSync(simulator, warehouse).skipForbidden().run();
      assertThat(skipping.exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @Test
  void aWrongKeyStopsAtOnceAndLeavesNoTrace() throws Exception {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(12), UNLIMITED)) {
      SyncResult result =
          new TestSync(simulator, warehouse)
              .credentials(new Credentials.ApiKey("d3Jvbmcta2V5LXdyb25nLWtleQ"))
              .run();
      assertThat(result.exitCode()).isEqualTo(77);
      assertThat(result.status()).isEqualTo("failed");
      assertThat(result.reason().orElseThrow()).contains("4003").doesNotContain("d3Jvbm");
      // Requests that were on their way when the first 401 was answered may still arrive.
      assertThat(simulator.log().size()).isLessThanOrEqualTo(4);
      assertThat(dataFiles()).isEmpty();
      try (var top = Files.list(warehouse)) {
        assertThat(top.map(path -> path.getFileName().toString()))
            .containsOnly(".clockify-lakehouse.lock");
      }
    }
  }

  @Test
  void aKeyRevokedHalfwayStopsTheRunAndKeepsWhatWasCommitted() {
    Faults revoked =
        (number, method, target) ->
            number < 25
                ? new Faults.Fault.None()
                : new Faults.Fault.Instead(
                    401, Map.of(), "{\"message\":\"Api key does not exist\",\"code\":4003}");
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(13), UNLIMITED.withFaults(revoked))) {
      SyncResult result = new TestSync(simulator, warehouse).run();
      assertThat(result.exitCode()).isEqualTo(77);
      assertThat(simulator.log().arrivedAfter(401)).as("requests in flight then").isLessThan(32);
      assertThat(result.streams())
          .as("each stream is either whole or says why not")
          .allMatch(s -> s.reason().isPresent() == (s.status() != Status.OK));
      for (StreamResult stream : result.streams()) {
        if (stream.status() == Status.OK) {
          StoredRows.assertEqualTruth(
              TestSync.CATALOG.stream(stream.stream()), simulator, warehouse);
        }
      }
    }
  }

  @Test
  void aStreamThatStaysBrokenFailsAloneAndKeepsItsRows() {
    try (ClockifySimulator healthy = ClockifySimulator.start(Account.tiny(14), UNLIMITED)) {
      new TestSync(healthy, warehouse).run();
    }
    Faults broken =
        (number, method, target) ->
            target.contains("/tags")
                ? new Faults.Fault.Instead(200, Map.of(), "{\"oops\":true}")
                : new Faults.Fault.None();
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(14), UNLIMITED.withFaults(broken))) {
      SyncResult result = new TestSync(simulator, warehouse).run();
      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(resultOf(result, "tags").cause()).contains(ErrorCode.UNEXPECTED_ANSWER);
      assertThat(result.streams())
          .filteredOn(s -> !s.stream().equals("tags"))
          .allMatch(s -> s.reason().isEmpty());
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @Test
  void anAddonTokenReadsTheConfiguredWorkspaces() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(15).withWorkspaces(2), UNLIMITED)) {
      String id = simulator.world().workspaces().get(1).id();
      SyncResult result =
          new TestSync(simulator, warehouse)
              .credentials(new Credentials.AddonToken(simulator.addonToken()))
              .workspaces(id)
              .streams("-webhooks")
              .run();
      assertThat(result.streams()).allSatisfy(s -> assertThat(s.reason()).as(s.stream()).isEmpty());
      assertThat(TableRows.read(warehouse, "workspaces"))
          .extracting(row -> row.get("id"))
          .containsExactly(id);
      assertThat(TableRows.read(warehouse, "time_entries")).isNotEmpty();
    }
  }

  @Test
  void selectedStreamsBringTheirParentsAlongWithoutWritingThem() {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(16), UNLIMITED)) {
      SyncResult result = new TestSync(simulator, warehouse).streams("tasks").run();
      assertThat(result.streams()).extracting(StreamResult::stream).containsExactly("tasks");
      StoredRows.assertEqualTruth(TestSync.CATALOG.stream("tasks"), simulator, warehouse);
      assertThat(warehouse.resolve("clockify/projects")).doesNotExist();
    }
  }

  @Test
  void anUnknownWorkspaceIsNamed() {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(17), UNLIMITED)) {
      SyncResult result = new TestSync(simulator, warehouse).workspaces("Nowhere").run();
      assertThat(result.exitCode()).isEqualTo(78);
      assertThat(result.reason().orElseThrow()).contains("'Nowhere'").contains("browse workspaces");
    }
  }

  @Test
  void webhookSecretsAreStoredNowhere() throws Exception {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(18), UNLIMITED)) {
      new TestSync(simulator, warehouse).run();
      String rows = TableRows.read(warehouse, "webhooks").toString();
      assertThat(simulator.truth("webhooks")).isNotEmpty();
      simulator
          .truth("webhooks")
          .forEach(t -> assertThat(rows).doesNotContain(t.record().get("authToken").asText()));
    }
  }

  private Map<Object, Object> syncIds(String table) {
    return TableRows.read(warehouse, table).stream()
        .collect(Collectors.toMap(row -> row.get("id"), row -> row.get("_sync_id")));
  }

  private Set<Path> dataFiles() throws Exception {
    try (var paths = Files.walk(warehouse)) {
      return paths
          .filter(p -> p.toString().endsWith(".parquet"))
          .filter(p -> !p.toString().contains("sync_runs"))
          .collect(Collectors.toSet());
    }
  }

  private static List<Object> snapshots(SyncResult result) {
    return result.streams().stream().map(s -> (Object) s.snapshotId()).toList();
  }

  private static StreamResult resultOf(SyncResult result, String stream) {
    Optional<StreamResult> found =
        result.streams().stream().filter(s -> s.stream().equals(stream)).findFirst();
    return found.orElseThrow(() -> new AssertionError("no result of " + stream));
  }
}
