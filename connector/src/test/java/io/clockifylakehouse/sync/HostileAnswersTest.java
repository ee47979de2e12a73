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
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.ScriptedFaults;
import io.clockifylakehouse.simulator.SeededFaults;
import io.clockifylakehouse.simulator.SeededFaults.Rule;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers with 200 that are none, for tables that hold rows: no row goes and none is invented.
 * {@code -Dseed=N -Dseeds=N} tries others.
 */
class HostileAnswersTest {
  /**
   * An object without fields is a profile, a list without timers is one, and a second id of an
   * approval request, whose own is deeper, is a field like another.
   */
  private static final String STRUCK =
      "^(?!.*(member-profile|in-progress|/users/|approval-requests)).*$";

  private static final Set<FaultKind> KINDS =
      EnumSet.range(FaultKind.HTML_PAGE, FaultKind.REPEATED_RECORDS);
  private static final Account ACCOUNT = Account.tiny(51).withPlan(Plan.ENTERPRISE);

  @TempDir private Path warehouse;

  private final VirtualClock clock = new VirtualClock(ACCOUNT.today());
  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);
  private final ClockifySimulator simulator =
      ClockifySimulator.start(
          ACCOUNT,
          SimulatorSettings.unlimited()
              .withTime(clock)
              .withFaults((number, method, target) -> faults.get().on(number, method, target)));
  private final Set<String> workspaces =
      simulator.world().workspaces().stream().map(Workspace::id).collect(Collectors.toSet());

  static LongStream seeds() {
    long first = Long.getLong("seed", 1);
    return LongStream.range(first, first + Long.getLong("seeds", 3));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private SyncResult sync() {
    return new TestSync(simulator, warehouse).time(clock).maxShrink(0.5).full().run();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noWrongAnswerTakesOrInventsARow(long seed) {
    assertThat(sync().exitCode()).isZero();
    Tables before = Tables.read(warehouse, workspaces);
    clock.advance(Duration.ofHours(1));
    SeededFaults wrong = new SeededFaults(seed, clock, Rule.of(STRUCK, 0.3, KINDS).inARow(1));
    faults.set(wrong);
    SyncResult result = sync();
    faults.set(Faults.NONE);
    assertThat(wrong.struck()).isPositive();
    assertThat(result.exitCode()).as("%s", result.streams()).isIn(0, 3, 75);
    Tables after = Tables.read(warehouse, workspaces);
    assertThat(after.rows()).isEqualTo(before.rows());
    assertThat(sync().exitCode()).isZero();
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  @Test
  void aListThatComesEmptyOnceIsAskedForAgain() {
    assertThat(sync().exitCode()).isZero();
    Object project = TableRows.read(warehouse, "tasks").get(0).get("project_id");
    ScriptedFaults once = new ScriptedFaults();
    once.add("/projects/" + project + "/tasks", 1, new Fault.Instead(200, Map.of(), "[]"));
    faults.set(once);
    SyncResult result = sync();
    assertThat(result.exitCode()).as("%s", result.streams()).isZero();
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  @Test
  void aListThatStaysEmptyIsRefusedAsAShrink() {
    assertThat(sync().exitCode()).isZero();
    faults.set(new ScriptedFaults().add("/clients", 1000, new Fault.Instead(200, Map.of(), "[]")));
    SyncResult result = sync();
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.streams())
        .filteredOn(stream -> stream.stream().equals("clients"))
        .allSatisfy(stream -> assertThat(stream.cause()).contains(ErrorCode.SHRINK_REFUSED));
    StoredRows.assertEqualTruth(simulator, warehouse);
  }
}
