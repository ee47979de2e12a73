// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole syncs: real HTTP against the simulator, real Iceberg on disk, nothing in between faked. */
class SyncAgainstSimulatorTest {
  @TempDir private Path warehouse;

  @Test
  void everyStreamEqualsTheService() {
    Account account = Account.tiny(7).withWorkspaces(3);
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited())) {
      SyncResult result = new TestSync(simulator, warehouse).run();
      assertThat(result.streams()).allSatisfy(s -> assertThat(s.reason()).as(s.stream()).isEmpty());
      assertThat(result.exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }
}
