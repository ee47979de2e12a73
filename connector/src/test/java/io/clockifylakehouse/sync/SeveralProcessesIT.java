// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.cli.ConnectorProcess;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.iceberg.IcebergSettings;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes on one JDBC catalog, each with a workspace of its own. {@code -Drounds=N} makes it
 * longer; {@code -Djdbc.uri=...} (with user and password in it) puts the catalog elsewhere than
 * into SQLite.
 */
class SeveralProcessesIT {
  private static final int ROUNDS = Integer.getInteger("rounds", 2);

  @TempDir private Path directory;

  private Map<String, String> catalog() {
    String sqlite = "jdbc:sqlite:" + directory.resolve("catalog.db") + "?busy_timeout=60000";
    Map<String, String> catalog = new HashMap<>();
    catalog.put("type", "jdbc");
    catalog.put("uri", System.getProperty("jdbc.uri", sqlite));
    catalog.put("warehouse", directory.resolve("lakehouse").toString());
    catalog.put("jdbc.schema-version", "V1");
    return catalog;
  }

  @Test
  @Timeout(3600)
  void eachSyncsItsWorkspaceAndNothingIsLost() throws Exception {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(
            Account.tiny(11).withWorkspaces(2), SimulatorSettings.unlimited())) {
      SplittableRandom random = new SplittableRandom(11);
      WorldChanges changes =
          new WorldChanges(
              simulator, new VirtualClock(simulator.account().today()), Duration.ofDays(35));
      for (int round = 0; round < ROUNDS; round++) {
        List<Process> processes = new ArrayList<>();
        for (Workspace workspace : simulator.world().workspaces()) {
          processes.add(start(simulator, workspace.id()));
        }
        for (int i = 0; i < processes.size(); i++) {
          String log =
              new String(processes.get(i).getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
          assertThat(processes.get(i).waitFor()).as("round %d: %s", round, log).isZero();
        }
        assertTablesEqualTheService(simulator);
        changes.apply(20, random);
      }
    }
  }

  private Process start(ClockifySimulator simulator, String workspaceId) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("sync", "--full", "--workspace", workspaceId, "--output", "json"));
    Map<String, String> settings = new HashMap<>();
    catalog().forEach((key, value) -> settings.put("destination.catalog." + key, value));
    settings.put("source.base_url", simulator.main().toString());
    settings.put("source.reports_url", simulator.reports().toString());
    settings.put("source.audit_url", simulator.audit().toString());
    settings.put("source.rate_limit", "{start: 500, min: 1, max: 500}");
    settings.put("sync.max_shrink", "1");
    settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return ConnectorProcess.start(
        Files.createDirectories(directory.resolve(workspaceId)),
        Map.of("CLOCKIFY_API_KEY", simulator.apiKey()),
        arguments.toArray(String[]::new));
  }

  private void assertTablesEqualTheService(ClockifySimulator simulator) {
    IcebergSettings settings =
        new IcebergSettings(catalog(), "lakehouse", "clockify", Map.of(), DeleteMode.HARD, 1);
    for (StreamDefinition stream : TestSync.CATALOG.streams()) {
      StoredRows.assertEqual(
          stream,
          StoredRows.truths(stream, simulator),
          StoredRows.byKey(stream, TableRows.read(settings, stream.name())));
    }
  }
}
