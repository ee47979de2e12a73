// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clockifylakehouse.cli.ConnectorProcess;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.iceberg.IcebergDestination;
import io.clockifylakehouse.iceberg.IcebergSettings;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.sync.StreamResult.Status;
import io.clockifylakehouse.time.SystemTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every catalog that takes several writers must bear: the whole main job, and two processes at
 * a time. Each test has a namespace of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CatalogFlow {
  /** Longer than any generated history: an incremental sync then sees every change at once. */
  private static final Reading ALL_HISTORY =
      new Reading.Incremental(Duration.ofDays(3650), Duration.ofDays(7), false);

  String namespace;
  private int rowsCompared;

  /** Iceberg's properties of the catalog under test. */
  abstract Map<String, String> catalog();

  @BeforeEach
  void name(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName();
  }

  /** One line of the build's log for each catalog. */
  @AfterAll
  void tellWhatWasCompared() {
    System.out.println(
        getClass().getSimpleName() + ": rows compared with Clockify's: " + rowsCompared);
  }

  /** How many workspaces share the tables. */
  int workspaces() {
    return 2;
  }

  ClockifySimulator simulator(long seed) {
    return ClockifySimulator.start(
        Account.tiny(seed).withWorkspaces(workspaces()), SimulatorSettings.unlimited());
  }

  TestSync sync(ClockifySimulator simulator, Map<String, String> properties) {
    return new TestSync(simulator, properties).namespace(namespace).reading(ALL_HISTORY);
  }

  TestSync sync(ClockifySimulator simulator) {
    return sync(simulator, catalog());
  }

  /** Asserts through the catalog itself that its tables hold what the service has. */
  void assertExact(ClockifySimulator simulator) {
    int rows = StoredRows.assertEqualTruth(simulator, sync(simulator).icebergSettings());
    assertThat(rows).isPositive();
    rowsCompared += rows;
  }

  static void assertOk(SyncResult result) {
    List<String> reasons =
        result.streams().stream()
            .filter(s -> s.reason().isPresent())
            .map(s -> s.stream() + ": " + s.reason().get())
            .toList();
    assertThat(result.exitCode()).as("%s %s", result.reason(), reasons).isZero();
  }

  static void change(ClockifySimulator simulator, int changes, long seed) {
    new WorldChanges(simulator, new SystemTime(), Duration.ofDays(35))
        .apply(changes, new SplittableRandom(seed));
  }

  @Test
  void fullUnchangedAndIncrementalSyncsAreExact() {
    try (ClockifySimulator simulator = simulator(21)) {
      assertOk(sync(simulator).run());
      assertExact(simulator);

      SyncResult unchanged = sync(simulator).run();
      assertOk(unchanged);
      assertThat(unchanged.streams())
          .allSatisfy(s -> assertThat(s.status()).as(s.stream()).isEqualTo(Status.UNCHANGED));

      change(simulator, 120, 1);
      SyncResult changed = sync(simulator).run();
      assertOk(changed);
      assertThat(changed.streams()).anyMatch(s -> s.rows().deleted() > 0);
      assertThat(changed.streams()).anyMatch(s -> s.rows().changed() > 0);
      assertExact(simulator);
    }
  }

  @Test
  void processesWithAWorkspaceEachWriteAtTheSameTime(@TempDir Path directory) throws Exception {
    try (ClockifySimulator simulator = simulator(22)) {
      for (int round = 0; round < 2; round++) {
        List<Process> processes = new ArrayList<>();
        for (Workspace workspace : simulator.world().workspaces()) {
          Path home = Files.createDirectories(directory.resolve(workspace.id() + round));
          processes.add(
              ConnectorProcess.start(home, Map.of(), command(simulator, workspace, home)));
        }
        for (Process process : processes) {
          String log = new String(process.getErrorStream().readAllBytes());
          assertThat(process.waitFor()).as(log).isZero();
        }
        assertExact(simulator);
        change(simulator, 40, round);
        simulator.world().workspaces().get(0).edit(w -> w.put("name", "Renamed"));
      }
    }
  }

  private String[] command(ClockifySimulator simulator, Workspace workspace, Path home)
      throws Exception {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("source.base_url", simulator.main().toString());
    settings.put("source.reports_url", simulator.reports().toString());
    settings.put("source.audit_url", simulator.audit().toString());
    Path key = Files.writeString(home.resolve("key"), simulator.apiKey());
    settings.put("source.auth.file", key.toString());
    settings.put("source.rate_limit", "{start: 1000, max: 1000}");
    settings.put("destination.namespace", namespace);
    settings.put("sync.lookback", "P3650D");
    catalog().forEach((name, value) -> settings.put("destination.catalog." + name, value));
    List<String> command = new ArrayList<>(List.of("sync", "--workspace", workspace.id()));
    settings.forEach((path, value) -> command.addAll(List.of("--set", path + "=" + value)));
    return command.toArray(String[]::new);
  }

  @Test
  void aSecondRunOfAWorkspaceIsToldToTryAgainLater() {
    SyncStamp other = new SyncStamp("other-run", Instant.now());
    try (ClockifySimulator simulator = simulator(23);
        IcebergDestination destination = IcebergDestination.open(settings())) {
      Optional<String> held = Optional.of(simulator.world().workspaces().get(0).id());
      TestSync sync = sync(simulator).streams("tags").workspaces(held.get());
      try (Lock lock = destination.lock(other, held, Duration.ZERO, new SystemTime())) {
        lock.renew();
        Optional<String> free = Optional.of("another-workspace");
        destination.lock(other, free, Duration.ZERO, new SystemTime()).close();
        ConnectorException refused =
            catchThrowableOfType(
                ConnectorException.class,
                () -> destination.lock(stamp(), held, Duration.ZERO, new SystemTime()));
        assertThat(refused.code()).isEqualTo(ErrorCode.LOCKED);
        assertThat(refused).hasMessageContaining("other-run");
      }
      assertOk(sync.run());
    }
  }

  private static SyncStamp stamp() {
    return new SyncStamp("this-run", Instant.now());
  }

  private IcebergSettings settings() {
    return new IcebergSettings(catalog(), "lakehouse", namespace, Map.of(), DeleteMode.HARD, 1);
  }
}
