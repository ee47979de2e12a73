// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.iceberg.CatalogTables;
import io.clockifylakehouse.iceberg.IcebergSettings;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.server.CatalogProxy;
import io.clockifylakehouse.server.RestServer;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that a quota cuts, on a catalog that takes all tables of a run at once. */
class QuotaOnRestIT {
  private static final Account ACCOUNT =
      Account.tiny(43)
          .withPlan(Plan.ENTERPRISE)
          .with("workspace_users", 24)
          .with("projects", 6)
          .with("invoices", 35)
          .with("time_entries", 200);

  @Test
  void eachRunCommitsItsPartsAtOnceAndTheLastOneTagsThemAll(@TempDir Path directory) {
    VirtualClock clock = new VirtualClock(ACCOUNT.today());
    SimulatorSettings service =
        SimulatorSettings.unlimited().withTime(clock).withFaults(new HourlyCap(clock));
    Map<String, String> warehouse = Map.of("warehouse", directory.resolve("warehouse").toString());
    try (ClockifySimulator simulator = ClockifySimulator.start(ACCOUNT, service);
        RestServer server = RestServer.start(directory, warehouse);
        CatalogProxy proxy = new CatalogProxy(server.port())) {
      TestSync sync =
          new TestSync(simulator, Map.of("type", "rest", "uri", "http://127.0.0.1:" + proxy.port()))
              .time(clock)
              .retry(6, Duration.ofMinutes(2))
              .reading(new Reading.Incremental(Duration.ofDays(35), Duration.ofDays(7), false));
      SyncResult result;
      int runs = 0;
      do {
        clock.advance(Duration.ofHours(1));
        proxy.forget();
        result = sync.run();
        runs++;
        assertThat(result.exitCode()).as("%s", result.streams()).isIn(0, 75);
        assertThat(proxy.requests())
            .as("commits of run %d", runs)
            .filteredOn(request -> request.is("POST", "/v1/transactions/commit"))
            .hasSize(1);
      } while (result.exitCode() != 0 && runs < 14);
      assertThat(result.exitCode()).as("%s", result.reason()).isZero();
      assertThat(runs).isGreaterThan(3);
      IcebergSettings tables = sync.icebergSettings();
      for (StreamDefinition stream : TestSync.CATALOG.streams()) {
        StoredRows.assertEqual(
            stream,
            StoredRows.truths(stream, simulator),
            StoredRows.byKey(stream, TableRows.read(tables, stream.name())));
        assertThat(CatalogTables.tags(tables, stream.name()))
            .as("%s: no other run was a cut", stream.name())
            .containsExactly("sync-" + result.stamp().syncId());
      }
    }
  }
}
