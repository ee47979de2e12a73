// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.FaultKind;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.SeededFaults;
import io.clockifylakehouse.simulator.SeededFaults.Rule;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.StreamResult.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A service and a network that fail for a while, or for good. */
class TransientFaultsTest {
  private static final int MOST_IN_FLIGHT = 32;
  private static final Account ACCOUNT = Account.tiny(31);

  /** So many that retries of each would be noticed: about 25 loads per workspace. */
  private static final Account MANY_LOADS = ACCOUNT.withWorkspaces(8);

  @TempDir private Path warehouse;

  private final VirtualClock clock = new VirtualClock(ACCOUNT.today());

  private ClockifySimulator start(Faults faults) {
    return start(ACCOUNT, faults);
  }

  private ClockifySimulator start(Account account, Faults faults) {
    return ClockifySimulator.start(
        account, SimulatorSettings.unlimited().withTime(clock).withFaults(faults));
  }

  private TestSync sync(ClockifySimulator simulator) {
    return new TestSync(simulator, warehouse).time(clock).retry(6, Duration.ofMinutes(2));
  }

  @Test
  void aMixOfAllFaultsThatPassEndsExact() {
    SeededFaults faults = new SeededFaults(6, clock, Rule.of("", 0.4, FaultKind.PASSING).inARow(3));
    try (ClockifySimulator simulator = start(faults)) {
      SyncResult result = sync(simulator).run();
      assertThat(faults.struck()).isGreaterThan(20);
      assertThat(result.exitCode()).as("%s", result.streams()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  static Stream<Fault> deadly() {
    return Stream.of(
        new Fault.Broken(),
        new Fault.Instead(502, Map.of("Content-Type", "text/html"), "<html>Bad gateway</html>"),
        new Fault.Instead(503, Map.of("Retry-After", "1"), ""),
        new Fault.Instead(200, Map.of("Content-Type", "text/html"), "<html>Maintenance</html>"));
  }

  @ParameterizedTest
  @MethodSource("deadly")
  void aServiceThatDiesEndsTheRunWithinTheRetriesOfARequest(Fault fault) {
    int last = 20;
    Faults dies = (number, method, target) -> number <= last ? new Fault.None() : fault;
    try (ClockifySimulator simulator = start(MANY_LOADS, dies)) {
      SyncResult result = sync(simulator).rate(50, 1, 50).run();
      assertThat(result.exitCode()).isEqualTo(75);
      assertThat(result.streams())
          .filteredOn(s -> s.reason().isPresent())
          .isNotEmpty()
          .allSatisfy(s -> assertThat(s.cause()).contains(ErrorCode.UNAVAILABLE));
      // Those in flight when it died and some after them, of two hundred loads, each tried six
      // times.
      assertThat(simulator.log().size() - last).isLessThan(3 * MOST_IN_FLIGHT * 6);
      assertThat(result.streams())
          .anySatisfy(s -> assertThat(s.reason().orElse("")).contains("was not sent"));
      committedIsWhole(simulator, result);
    }
  }

  @Test
  void aServiceThatHangsEndsTheRunWithinTheRetriesOfARequest() {
    Faults hangs = (number, method, target) -> number <= 12 ? new Fault.None() : new Fault.Hung();
    try (ClockifySimulator simulator = start(MANY_LOADS, hangs)) {
      SyncResult result =
          sync(simulator).timeout(Duration.ofMillis(400)).retry(3, Duration.ofSeconds(1)).run();
      assertThat(result.exitCode()).isEqualTo(75);
      assertThat(result.streams())
          .anySatisfy(s -> assertThat(s.reason().orElse("")).contains("no whole answer within"))
          .anySatisfy(s -> assertThat(s.reason().orElse("")).contains("was not sent"));
      assertThat(simulator.log().size()).isLessThan(12 + 2 * MOST_IN_FLIGHT * 3);
      committedIsWhole(simulator, result);
    }
  }

  @Test
  void aServerThatIsGoneIsRefusedByNameAndTheNextRunGoesOn() {
    ClockifySimulator gone = start(Faults.NONE);
    gone.close();
    SyncResult result = sync(gone).run();
    assertThat(result.exitCode()).isEqualTo(75);
    assertThat(result.streams())
        .allSatisfy(
            s ->
                assertThat(s.reason().orElseThrow())
                    .contains("GET " + gone.main())
                    .contains("ConnectException")
                    .contains("6 attempts"));
    recovers();
  }

  private void recovers() {
    try (ClockifySimulator simulator = start(Faults.NONE)) {
      assertThat(sync(simulator).run().exitCode()).isZero();
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  /** What a stopped run has committed is the truth, and every stream says how it ended. */
  private void committedIsWhole(ClockifySimulator simulator, SyncResult result) {
    assertThat(result.streams().stream().map(StreamResult::stream).collect(Collectors.toSet()))
        .containsAll(List.of("workspaces", "projects", "tasks", "time_entries"));
    for (StreamResult one : result.streams()) {
      if (one.status() == Status.OK) {
        StreamDefinition stream = TestSync.CATALOG.stream(one.stream());
        String workspace = one.workspaceId().orElse("");
        Map<String, Truth> truths = StoredRows.truths(stream, simulator);
        Map<String, Map<String, Object>> rows =
            StoredRows.byKey(stream, TableRows.read(warehouse, stream.name()));
        truths.keySet().removeIf(key -> stream.inWorkspace() && !key.startsWith(workspace));
        rows.keySet().removeIf(key -> stream.inWorkspace() && !key.startsWith(workspace));
        StoredRows.assertEqual(stream, truths, rows);
      }
    }
  }
}
