// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.RequestLog;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes around each page limit, many parents, and what the request log says of a sync. */
class SyncSizesTest {
  private static final SimulatorSettings UNLIMITED = SimulatorSettings.unlimited();

  @TempDir private Path warehouse;

  @ParameterizedTest
  @CsvSource({
    "tags, 5000", "clients, 5000", "expenses, 5000", "time_entries_in_progress, 1000",
    "time_off_requests, 200", "policies, 200", "approval_requests, 200", "shared_reports, 50",
    "holidays, 50"
  })
  void everySizeAroundAPageArrives(String stream, int page) {
    for (int size : List.of(0, 1, page - 1, page, page + 1, 2 * page + 1)) {
      Account account = Account.tiny(size).with(stream, size);
      if (stream.equals("time_entries_in_progress")) {
        account = account.with("time_entries", 2 * page + 50).with("workspace_users", 2500);
      }
      try (ClockifySimulator simulator = ClockifySimulator.start(account, UNLIMITED)) {
        Path own = warehouse.resolve(Integer.toString(size));
        SyncResult result = new TestSync(simulator, own).streams(stream).run();
        assertThat(result.exitCode()).as("%s, %d records", stream, size).isZero();
        assertThat(StoredRows.truthSize(simulator, stream)).isEqualTo(size);
        StoredRows.assertEqualTruth(TestSync.CATALOG.stream(stream), simulator, own);
      }
    }
  }

  @Test
  void oneUserWithMoreEntriesThanTwoPagesLosesNone() {
    Account account =
        Account.tiny(3)
            .with("workspace_users", 1)
            .with("former_users", 0)
            .with("time_entries", 10_001);
    try (ClockifySimulator simulator = ClockifySimulator.start(account, UNLIMITED)) {
      assertThat(new TestSync(simulator, warehouse).streams("time_entries").run().exitCode())
          .isZero();
      StoredRows.assertEqualTruth(TestSync.CATALOG.stream("time_entries"), simulator, warehouse);
    }
  }

  @Test
  void sixHundredUsersAndThreeHundredProjectsCostOneRequestEach() {
    Account account =
        Account.tiny(4)
            .with("workspace_users", 600)
            .with("former_users", 12)
            .with("projects", 300)
            .with("tasks", 900)
            .with("time_entries", 6_000);
    try (ClockifySimulator simulator = ClockifySimulator.start(account, UNLIMITED)) {
      SyncResult result = new TestSync(simulator, warehouse).run();
      assertThat(result.exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
      RequestLog log = simulator.log();
      assertThat(result.traffic().sent()).isEqualTo(log.size());
      assertThat(result.traffic().retried()).isZero();
      assertThat(log.entries()).as("no request is sent twice").doesNotHaveDuplicates();
      assertThat(log.count(e -> e.path().endsWith("/tasks"))).isEqualTo(300);
      assertThat(log.count(e -> e.path().endsWith("/member-profile/"))).isZero();
      assertThat(log.count(e -> e.path().contains("/member-profile/"))).isEqualTo(600);
    }
  }

  @Test
  void anHourlySyncReadsTheTrailingWindowOnly() {
    Account account = Account.tiny(44).with("workspace_users", 40).with("time_entries", 40_000);
    try (ClockifySimulator simulator = ClockifySimulator.start(account, UNLIMITED)) {
      new TestSync(simulator, warehouse).streams("time_entries").run();
      long without = simulator.log().count(e -> isEntries(e) && !e.target().contains("start="));
      SyncResult hourly = new TestSync(simulator, warehouse).streams("time_entries").run();
      assertThat(hourly.streams().get(0).rows().read()).isBetween(1L, 10_000L);
      // One bucket of users has its turn for a full pass; unknown ids are asked for in full.
      assertThat(simulator.log().count(e -> isEntries(e) && !e.target().contains("start=")))
          .isLessThan(without + 20);
      StoredRows.assertEqualTruth(TestSync.CATALOG.stream("time_entries"), simulator, warehouse);
    }
  }

  private static boolean isEntries(RequestLog.Entry entry) {
    return entry.path().endsWith("/time-entries");
  }

  @Test
  void theServicesCapIsHardlyEverReached() {
    // The real rate: begins at 5 a second, and may rise to 9.5 against a cap of 10.
    try (ClockifySimulator simulator =
        ClockifySimulator.start(
            Account.tiny(5).with("projects", 60), SimulatorSettings.defaults())) {
      SyncResult result = new TestSync(simulator, warehouse).rate(5, 0.2, 9.5).run();
      assertThat(result.exitCode()).isZero();
      // What left the limiter evenly may arrive in a bunch on a machine that is short of time.
      assertThat(result.traffic().throttled())
          .isLessThanOrEqualTo(result.traffic().sent() / 50)
          .isEqualTo(simulator.log().answeredWith(429));
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @Test
  void aTighterCapThanExpectedCostsRetriesAndNothingElse() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(
            Account.tiny(6), SimulatorSettings.defaults().withRequestsPerSecond(4))) {
      SyncResult result = new TestSync(simulator, warehouse).rate(5, 0.2, 50).run();
      assertThat(result.exitCode()).isZero();
      assertThat(result.traffic().throttled()).isPositive();
      assertThat(result.traffic().throttled()).isEqualTo(simulator.log().answeredWith(429));
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }
}
