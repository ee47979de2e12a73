// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import io.clockifylakehouse.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs on one warehouse: the second says who holds the lock, and touches nothing. */
class LockedSyncTest {
  @TempDir private Path warehouse;

  @Test
  void aSecondRunOnAHadoopWarehouseIsToldToTryAgainLater() {
    IcebergSettings settings =
        new IcebergSettings(
            Map.of("type", "hadoop", "warehouse", warehouse.toString()),
            "lakehouse",
            "clockify",
            Map.of(),
            DeleteMode.HARD,
            1);
    SyncStamp other = new SyncStamp("other-run", Instant.now());
    try (ClockifySimulator simulator =
            ClockifySimulator.start(Account.tiny(1), SimulatorSettings.unlimited());
        IcebergDestination destination = IcebergDestination.open(settings)) {
      TestSync sync = new TestSync(simulator, warehouse).streams("tags");
      try (Lock lock = destination.lock(other, Optional.empty(), Duration.ZERO, new SystemTime())) {
        lock.renew();
        ConnectorException refused = catchThrowableOfType(ConnectorException.class, sync::run);
        assertThat(refused.code()).isEqualTo(ErrorCode.LOCKED);
        assertThat(refused.code().exitCode()).isEqualTo(75);
        assertThat(refused).hasMessageContaining("other-run");
        assertThat(simulator.log().size()).isZero();
      }
      assertThat(sync.run().exitCode()).isZero();
    }
  }
}
