// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.StreamResult.Status;
import io.clockifylakehouse.time.SystemTime;
import io.clockifylakehouse.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to tables, state and clocks between two runs, and during one. */
class OperatorMistakesTest {
  private static final SimulatorSettings UNLIMITED = SimulatorSettings.unlimited();
  private static final String STATE = "clockify.state.";

  @TempDir private Path warehouse;

  @ParameterizedTest
  @ValueSource(strings = {"time_entries", "projects", "workspaces", "user", "sync_runs"})
  void aTableThatWasDroppedIsLoadedWholeByTheNextRun(String table) throws IOException {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(21), UNLIMITED)) {
      new TestSync(simulator, warehouse).run();
      try (Stream<Path> paths = Files.walk(warehouse.resolve("clockify").resolve(table))) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
      assertExact(simulator, new TestSync(simulator, warehouse).run());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{\"v\":1",
        "{\"v\":2,\"cursor\":\"from a later version\"}",
        "{\"v\":1,\"synced_at\":\"9998-01-01T00:00:00Z\"}",
        "{\"v\":1,\"synced_at\":\"-1000000000-01-01T00:00:00Z\"}",
        "{\"v\":1,\"synced_at\":\"2026-01-01T00:00:00Z\",\"full_passes\":[1,2,3]}",
        "{\"v\":1,\"synced_at\":\"2026-01-01T00:00:00Z\",\"full_passes\":{\"a\":[]}}",
        "{\"v\":\"x\",\"synced_at\":{},\"backfill\":7}"
      })
  void aCheckpointThatSomebodyEditedMeansAFullPass(String state) {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(22), UNLIMITED)) {
      new TestSync(simulator, warehouse).run();
      Workspace workspace = simulator.world().workspaces().get(0);
      changeOldEntries(workspace);
      String property = STATE + workspace.id();
      entries().updateProperties().set(property, state).commit();
      assertExact(simulator, new TestSync(simulator, warehouse).run());
      assertThat(entries().properties().get(property)).startsWith("{\"v\":1,\"synced_at\":\"");
    }
  }

  @Test
  void aClockThatWasWrongByYearsHidesNoChangeOnceItIsRight() {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(23), UNLIMITED)) {
      Workspace workspace = simulator.world().workspaces().get(0);
      for (int years : List.of(0, -30, 0, 10, 0, 1, 0)) {
        changeOldEntries(workspace);
        Time time = new WrongClock(() -> Duration.ofDays(365L * years));
        assertExact(simulator, new TestSync(simulator, warehouse).time(time).run());
      }
    }
  }

  @Test
  void aClockThatJumpsDuringARunChangesNothing() {
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(24), UNLIMITED)) {
      SplittableRandom random = new SplittableRandom(24);
      Time time = new WrongClock(() -> Duration.ofHours(random.split().nextInt(-9_000, 9_000)));
      for (int run = 0; run < 3; run++) {
        changeOldEntries(simulator.world().workspaces().get(0));
        assertExact(simulator, new TestSync(simulator, warehouse).time(time).full().run());
      }
    }
  }

  @Test
  void twoKeysInOneNamespaceLeaveEachOthersRowsAlone() {
    try (ClockifySimulator one = ClockifySimulator.start(Account.tiny(25), UNLIMITED);
        ClockifySimulator other =
            ClockifySimulator.start(Account.tiny(26).withWorkspaces(2), UNLIMITED)) {
      for (int round = 0; round < 2; round++) {
        for (ClockifySimulator simulator : List.of(one, other)) {
          changeOldEntries(simulator.world().workspaces().get(0));
          SyncResult result = new TestSync(simulator, warehouse).full().run();
          assertThat(result.exitCode()).isZero();
        }
      }
      new TestSync(other, warehouse).streams("workspaces").run();
      for (StreamDefinition stream : TestSync.CATALOG.streams()) {
        Map<String, Truth> truths = new TreeMap<>(StoredRows.truths(stream, one));
        truths.putAll(StoredRows.truths(stream, other));
        StoredRows.assertEqual(
            stream, truths, StoredRows.byKey(stream, TableRows.read(warehouse, stream.name())));
      }
    }
  }

  @Test
  void theOnlyKeyOfANamespaceStillLosesWorkspacesThatAreGone() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(27).withWorkspaces(3), UNLIMITED)) {
      new TestSync(simulator, warehouse).run();
      String gone = simulator.world().workspaces().get(2).id();
      simulator.world().removeWorkspace(gone);
      SyncResult result = new TestSync(simulator, warehouse).run();
      assertThat(result.exitCode()).isZero();
      Set<Object> ids =
          TableRows.read(warehouse, "workspaces").stream()
              .map(row -> row.get("id"))
              .collect(Collectors.toCollection(HashSet::new));
      assertThat(ids).hasSize(2).doesNotContain(gone);
    }
  }

  private Table entries() {
    return new HadoopTables(new Configuration())
        .load(warehouse.resolve("clockify/time_entries").toString());
  }

  private void assertExact(ClockifySimulator simulator, SyncResult result) {
    assertThat(result.streams())
        .allSatisfy(s -> assertThat(s.status()).isIn(Status.OK, Status.UNCHANGED));
    assertThat(result.exitCode()).isZero();
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  /** An edit and a delete among the oldest entries, which no trailing window shows. */
  private static void changeOldEntries(Workspace workspace) {
    List<String> ids =
        workspace.records("time_entries").ids().stream()
            .sorted(Comparator.comparing(id -> start(workspace, id)))
            .toList();
    workspace.records("time_entries").remove(ids.get(0));
    workspace
        .records("time_entries")
        .edit(ids.get(1), e -> e.put("description", "edited " + System.nanoTime()));
  }

  private static String start(Workspace workspace, String id) {
    return workspace
        .records("time_entries")
        .find(id)
        .orElseThrow()
        .path("timeInterval")
        .path("start")
        .asText();
  }

  /** The true clock, and what is wrong with it; the count of nanoseconds is right. */
  private record WrongClock(Supplier<Duration> error) implements Time {
    private static final Time TRUE = new SystemTime();

    @Override
    public Instant now() {
      return TRUE.now().plus(error.get());
    }

    @Override
    public long nanos() {
      return TRUE.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      TRUE.sleep(duration);
    }
  }
}
