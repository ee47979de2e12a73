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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Tasks come in two lists, payments and balances in one; entries are asked for by their ids. */
  @ParameterizedTest
  @CsvSource({
    "tasks, project_id, /projects/%s/tasks, []",
    "invoice_payments, invoice_id, /invoices/%s/payments, []",
    "time_off_balances, policy_id, /balance/policy/%s, '{\"count\": 0, \"balances\": []}'",
    "time_entries, user_id, /user/%s/time-entries, []",
  })
  void aListThatComesEmptyOnceIsAskedForAgain(
      String stream, String parent, String path, String empty) {
    assertThat(sync().exitCode()).isZero();
    Object id = TableRows.read(warehouse, stream).get(0).get(parent);
    ScriptedFaults once = new ScriptedFaults();
    once.add(String.format(path, id), 1, new Fault.Instead(200, Map.of(), empty));
    faults.set(once);
    SyncResult result = sync();
    assertThat(result.exitCode()).as("%s", result.streams()).isZero();
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  /** As a project that was deleted since it was listed, which none of them was. */
  @Test
  void aListedParentThatIsCalledGoneOnceIsAskedForAgain() {
    assertThat(sync().exitCode()).isZero();
    Pattern child =
        Pattern.compile(
            "/(projects/\\w+/tasks|invoices/\\w+|balance/policy/|user/\\w+/time-entries)");
    Set<String> asked = ConcurrentHashMap.newKeySet();
    faults.set(
        (number, method, target) ->
            child.matcher(target).find() && asked.add(target.replaceAll("\\?.*", ""))
                ? new Fault.Instead(400, Map.of(), "{\"message\":\"it is gone\",\"code\":501}")
                : new Fault.None());
    SyncResult result = new TestSync(simulator, warehouse).time(clock).maxShrink(1).full().run();
    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(result.exitCode()).as("%s", result.streams()).isZero();
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "its last three"})
  void aListThatStaysShortIsNotBelievedAgainstTheEntriesThatAreThere(String kind) {
    TestSync sync = new TestSync(simulator, warehouse).time(clock).streams("time_entries").full();
    Map<Object, Integer> entries = new HashMap<>();
    assertThat(sync.run().exitCode()).isZero();
    TableRows.read(warehouse, "time_entries")
        .forEach(row -> entries.merge(row.get("user_id"), 1, Integer::sum));
    Object user =
        entries.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    assertThat(entries.get(user)).isGreaterThan(DeleteProof.ASKED_ONE_BY_ONE + 3);
    Fault fault =
        kind.equals("[]")
            ? new Fault.Instead(200, Map.of(), "[]")
            : new Fault.Changed(kind, HostileAnswersTest::lastThree);
    faults.set(new ScriptedFaults().add("/user/" + user + "/time-entries", 1000, fault));
    SyncResult result = sync.run();
    assertThat(result.exitCode()).as("%s", result.streams()).isEqualTo(3);
    assertThat(result.streams().get(0).reason().orElseThrow()).contains("nothing is deleted");
    StoredRows.assertEqualTruth(TestSync.CATALOG.stream("time_entries"), simulator, warehouse);
  }

  private static Faults.Reply lastThree(Faults.Reply reply) {
    String[] records = new String(reply.body(), StandardCharsets.UTF_8).split("(?<=}),(?=\\{\"id)");
    String body =
        "[" + String.join(",", List.of(records).subList(records.length - 3, records.length));
    return new Faults.Reply(reply.status(), reply.headers(), body.getBytes(StandardCharsets.UTF_8));
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
