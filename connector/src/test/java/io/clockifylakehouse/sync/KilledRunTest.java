// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.http.ApiExchange;
import io.clockifylakehouse.http.Credentials;
import io.clockifylakehouse.http.JdkTransport;
import io.clockifylakehouse.http.RateSettings;
import io.clockifylakehouse.http.RetrySettings;
import io.clockifylakehouse.iceberg.IcebergDestination;
import io.clockifylakehouse.iceberg.IcebergSettings;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.source.ClockifySource;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process of its own that dies in the middle of a run, at each moment that matters: the next
 * run's tables are those of an undisturbed one.
 */
class KilledRunTest {
  private static final int KILLED = 137;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "WRITE, 1",
    "WRITE, 40",
    "BEFORE_COMMIT, 1",
    "BEFORE_COMMIT, 12",
    "AFTER_COMMIT, 1",
    "AFTER_COMMIT, 14",
    "BEFORE_TAG, 1",
    "BEFORE_RECORD, 1"
  })
  void theNextRunIsExact(String moment, int count) throws Exception {
    try (ClockifySimulator simulator = simulator()) {
      Path warehouse = directory.resolve("lakehouse");
      assertThat(runProcess(simulator, warehouse, moment, count)).isEqualTo(KILLED);
      assertThat(new TestSync(simulator, warehouse).run().exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @ParameterizedTest
  @CsvSource({"BEFORE_COMMIT, 3", "AFTER_COMMIT, 2", "BEFORE_TAG, 1", "BEFORE_RECORD, 1"})
  void aKilledUpdateIsMadeGoodByTheNextRun(String moment, int count) throws Exception {
    try (ClockifySimulator simulator = simulator()) {
      Path warehouse = directory.resolve("lakehouse");
      assertThat(new TestSync(simulator, warehouse).run().exitCode()).isZero();
      change(simulator);
      assertThat(runProcess(simulator, warehouse, moment, count)).isEqualTo(KILLED);
      change(simulator);
      assertThat(new TestSync(simulator, warehouse).full().run().exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @Test
  void aRunKilledInTheMiddleOfAFileLeavesNothingThatIsRead() throws Exception {
    try (ClockifySimulator simulator = simulator()) {
      Path warehouse = directory.resolve("lakehouse");
      Process process = start(simulator, warehouse, "NEVER", 0);
      while (process.isAlive() && !hasDataFile(warehouse.resolve("clockify/time_entries"))) {
        Thread.onSpinWait(); // the moment is gone in milliseconds
      }
      process.destroyForcibly().waitFor();
      assertThat(new TestSync(simulator, warehouse).run().exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @Test
  void whatAKilledRunLeavesIsRemovedByMaintenance() throws Exception {
    try (ClockifySimulator simulator = simulator()) {
      Path warehouse = directory.resolve("lakehouse");
      Process process = start(simulator, warehouse, "NEVER", 0);
      while (process.isAlive() && !hasDataFile(warehouse.resolve("clockify/time_entries"))) {
        Thread.onSpinWait(); // the moment is gone in milliseconds
      }
      process.destroyForcibly().waitFor();
      TestSync sync = new TestSync(simulator, warehouse);
      assertThat(sync.run().exitCode()).isZero();
      Tables before = Tables.read(warehouse, Set.copyOf(workspaceIds(simulator)));
      MaintenancePlan plan =
          new MaintenancePlan(
              EnumSet.of(MaintenancePlan.Step.ORPHANS),
              false,
              1 << 20,
              Duration.ofDays(1),
              Duration.ofNanos(1));
      try (IcebergDestination destination = IcebergDestination.open(sync.icebergSettings())) {
        new MaintenanceRun(destination, TestSync.CATALOG, List.of(), new SystemTime()).run(plan);
      }
      // Each table has one snapshot with files, which needs every data file that is left.
      assertThat(dataFiles(warehouse.resolve("clockify")))
          .isEqualTo(StoredRows.dataFiles(warehouse));
      Tables after = Tables.read(warehouse, Set.copyOf(workspaceIds(simulator)));
      assertThat(after.rows()).isEqualTo(before.rows());
      assertThat(after.snapshots()).isEqualTo(before.snapshots());
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  private static List<String> workspaceIds(ClockifySimulator simulator) {
    return simulator.world().workspaces().stream().map(Workspace::id).toList();
  }

  private static Set<String> dataFiles(Path namespace) throws IOException {
    try (Stream<Path> files = Files.walk(namespace)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".parquet"))
          .collect(Collectors.toSet());
    }
  }

  private static boolean hasDataFile(Path table) throws IOException {
    if (!Files.isDirectory(table.resolve("data"))) {
      return false;
    }
    try (Stream<Path> files = Files.walk(table.resolve("data"))) {
      return files.anyMatch(file -> file.toString().endsWith(".parquet"));
    }
  }

  private static ClockifySimulator simulator() {
    return ClockifySimulator.start(
        Account.tiny(61).with("time_entries", 600), SimulatorSettings.unlimited());
  }

  private static void change(ClockifySimulator simulator) {
    Workspace workspace = simulator.world().workspaces().get(0);
    for (String kind : List.of("clients", "tags", "time_entries")) {
      List<String> ids = workspace.records(kind).ids();
      workspace.records(kind).remove(ids.get(ids.size() - 1));
      String field = kind.equals("time_entries") ? "description" : "name";
      workspace
          .records(kind)
          .edit(ids.get(0), r -> r.put(field, r.path(field).asText() + " (edited)"));
    }
  }

  private int runProcess(ClockifySimulator simulator, Path warehouse, String moment, int count)
      throws IOException, InterruptedException {
    return start(simulator, warehouse, moment, count).waitFor();
  }

  private Process start(ClockifySimulator simulator, Path warehouse, String moment, int count)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledRunTest.class.getName(),
            warehouse.toString(),
            simulator.main().toString(),
            simulator.reports().toString(),
            simulator.apiKey(),
            moment,
            Integer.toString(count))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("process.log").toFile())
        .start();
  }

  /** The process that dies; ends with 0 when its moment never came. */
  public static void main(String[] arguments) {
    URI main = URI.create(arguments[1]);
    URI reports = URI.create(arguments[2]);
    ApiExchange exchange =
        new ApiExchange(
            new JdkTransport(Duration.ofSeconds(30)),
            new Credentials.ApiKey(arguments[3]),
            Set.of(main, reports),
            new RateSettings(2000, 1, 2000),
            new RetrySettings(4, Duration.ofSeconds(5)),
            new SystemTime());
    IcebergDestination real =
        IcebergDestination.open(
            new IcebergSettings(
                Map.of("type", "hadoop", "warehouse", arguments[0]),
                "lakehouse",
                "clockify",
                Map.of(),
                DeleteMode.HARD,
                1));
    Destination destination =
        arguments[4].equals("NEVER")
            ? real
            : HaltingDestination.of(
                real,
                HaltingDestination.Moment.valueOf(arguments[4]),
                Integer.parseInt(arguments[5]));
    new SyncRun(
            new ClockifySource(
                exchange, TestSync.CATALOG, Map.of(Host.MAIN, main, Host.REPORTS, reports)),
            exchange,
            destination,
            TestSync.CATALOG,
            new SyncSettings(
                "sync",
                List.of(),
                List.of(),
                false,
                new Reading.Incremental(Duration.ofDays(35), Duration.ofDays(7), true),
                false,
                Duration.ofDays(30),
                Duration.ofDays(7)),
            new SystemTime(),
            new SyncListener() {})
        .run();
    System.exit(0);
  }
}
