// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.StreamResult.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A read that would empty a table is refused until somebody says that it is true. */
class ShrinkTest {
  private static final StreamDefinition PROJECTS = TestSync.CATALOG.stream("projects");

  @TempDir private Path warehouse;
  private ClockifySimulator simulator;
  private Workspace workspace;
  private Tables before;

  @BeforeEach
  void syncOnce() {
    Account account = Account.tiny(31).with("projects", 20).with("tasks", 60);
    simulator = ClockifySimulator.start(account, SimulatorSettings.unlimited());
    workspace = simulator.world().workspaces().get(0);
    assertThat(sync(0.5).exitCode()).isZero();
    before = Tables.read(warehouse, Set.of(workspace.id()));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private SyncResult sync(double maxShrink) {
    return new TestSync(simulator, warehouse).maxShrink(maxShrink).run();
  }

  private void deleteProjects(int count) {
    List<String> ids = workspace.records("projects").ids();
    ids.subList(0, count).forEach(workspace::removeProject);
  }

  @Test
  void mostProjectsGoneIsRefusedAndNamed() {
    deleteProjects(12);
    SyncResult result = sync(0.5);
    assertThat(result.exitCode()).isEqualTo(3);
    StreamResult projects = resultOf(result, "projects");
    assertThat(projects.status()).isEqualTo(Status.FAILED);
    assertThat(projects.cause()).contains(ErrorCode.SHRINK_REFUSED);
    assertThat(projects.reason().orElseThrow())
        .contains("projects", workspace.id(), "12 of 20", "max_shrink");
    Tables after = Tables.read(warehouse, Set.of(workspace.id()));
    after.assertSameRows(before, "projects", Optional.empty());
    Set<String> refused =
        result.streams().stream()
            .filter(s -> s.reason().isPresent())
            .map(StreamResult::stream)
            .collect(Collectors.toSet());
    assertThat(refused).contains("projects").doesNotContain("clients", "time_entries");
    for (StreamDefinition stream : TestSync.CATALOG.streams()) {
      if (refused.contains(stream.name())) {
        after.assertSameRows(before, stream.name(), Optional.empty());
      } else {
        StoredRows.assertEqualTruth(stream, simulator, warehouse);
      }
    }
  }

  @Test
  void mostProjectsGoneIsBelievedWhenToldTo() {
    deleteProjects(12);
    sync(0.5);
    SyncResult result = sync(1);
    assertThat(result.exitCode()).isZero();
    assertThat(resultOf(result, "projects").rows().deleted()).isEqualTo(12);
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  @Test
  void halfOfTheProjectsMayGoUnasked() {
    deleteProjects(10);
    sync(0.5);
    StoredRows.assertEqualTruth(PROJECTS, simulator, warehouse);
  }

  @Test
  void everyRunningTimerMayStop() {
    EntryChanges entries =
        new EntryChanges(simulator, new VirtualClock(simulator.account().today()));
    List<String> running = entries.running(workspace);
    assertThat(running).hasSize(2);
    running.forEach(id -> entries.stop(workspace, id));
    SyncResult result = sync(0.5);
    assertThat(result.exitCode()).isZero();
    assertThat(resultOf(result, "time_entries_in_progress").rows().deleted()).isEqualTo(2);
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  private static StreamResult resultOf(SyncResult result, String stream) {
    return result.streams().stream()
        .filter(s -> s.stream().equals(stream))
        .findFirst()
        .orElseThrow();
  }
}
