// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lists of several pages that change between two of them: rows shift over the edge of a page and
 * are not seen, but they are still there.
 */
class MultiPageDeleteTest {
  private static final String POLICIES = "GET .*/policies\\?.*";
  private static final StreamDefinition BALANCES = TestSync.CATALOG.stream("time_off_balances");

  @TempDir private Path warehouse;
  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);

  private ClockifySimulator start(Account account) {
    return ClockifySimulator.start(
        account,
        SimulatorSettings.unlimited()
            .withFaults((number, method, target) -> faults.get().on(number, method, target)));
  }

  /** Changes the world before each request of a kind but the first. */
  private void betweenPages(String requests, Runnable change) {
    AtomicInteger seen = new AtomicInteger();
    faults.set(
        (number, method, target) -> {
          if ((method + " " + target).matches(requests) && seen.incrementAndGet() > 1) {
            synchronized (seen) {
              change.run();
            }
          }
          return new Fault.None();
        });
  }

  private void assertNothingFalselyDeleted(
      ClockifySimulator simulator, List<StreamDefinition> streams, TestSync sync) {
    Set<String> ids = Set.of(simulator.world().workspaces().get(0).id());
    Tables before = Tables.read(warehouse, ids);
    List<Set<String>> there =
        streams.stream().map(s -> StoredRows.truths(s, simulator).keySet()).toList();
    SyncResult result = sync.run();
    faults.set(Faults.NONE);
    assertThat(result.exitCode()).isZero();
    Tables after = Tables.read(warehouse, ids);
    for (int i = 0; i < streams.size(); i++) {
      Set<String> alwaysThere = new HashSet<>(there.get(i));
      Set<String> now = StoredRows.truths(streams.get(i), simulator).keySet();
      assertThat(now).as("the world has changed").isNotEqualTo(alwaysThere);
      alwaysThere.retainAll(now);
      after.assertNothingLost(before, streams.get(i), alwaysThere);
    }
    assertThat(sync.run().exitCode()).isZero();
    streams.forEach(s -> StoredRows.assertEqualTruth(s, simulator, warehouse));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aListThatShiftsLosesNothing(long seed) {
    try (ClockifySimulator simulator = start(Account.tiny(seed).with("approval_requests", 650))) {
      TestSync sync = new TestSync(simulator, warehouse).streams("approval_requests");
      sync.run();
      Records records = simulator.world().workspaces().get(0).records("approval_requests");
      SplittableRandom random = new SplittableRandom(seed);
      betweenPages(
          "GET .*/approval-requests\\?.*",
          () -> {
            List<String> ids = records.ids();
            records.remove(ids.get(random.nextInt(ids.size())));
            records.remove(ids.get(0));
            records.remove(ids.get(ids.size() - 1));
          });
      assertNothingFalselyDeleted(
          simulator, List.of(TestSync.CATALOG.stream("approval_requests")), sync);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void insertedRowsPushOthersOverTheEdgeAndLoseNothing(long seed) {
    try (ClockifySimulator simulator = start(Account.tiny(seed).with("policies", 420))) {
      TestSync sync = new TestSync(simulator, warehouse).streams("policies");
      sync.run();
      Records records = simulator.world().workspaces().get(0).records("policies");
      SplittableRandom random = new SplittableRandom(seed);
      betweenPages(
          POLICIES,
          () -> {
            List<String> ids = records.ids();
            String like = ids.get(random.nextInt(ids.size()));
            ObjectNode record = records.find(like).orElseThrow();
            records.put(record.put("id", simulator.world().nextId()).put("name", "A new one"));
            records.remove(ids.get(random.nextInt(ids.size())));
            records.remove(ids.get(random.nextInt(20)));
          });
      assertNothingFalselyDeleted(simulator, List.of(TestSync.CATALOG.stream("policies")), sync);
    }
  }

  @Test
  void childrenOfAParentThatWasShiftedOutOfSightStay() {
    try (ClockifySimulator simulator =
        start(Account.tiny(6).with("policies", 420).with("workspace_users", 2))) {
      TestSync sync = new TestSync(simulator, warehouse).streams("policies", "time_off_balances");
      sync.run();
      Workspace workspace = simulator.world().workspaces().get(0);
      SplittableRandom random = new SplittableRandom(6);
      betweenPages(
          POLICIES,
          () -> {
            Records policies = workspace.records("policies");
            for (int i = 0; i < 12; i++) {
              List<String> ids = policies.ids();
              removePolicy(workspace, ids.get(random.nextInt(ids.size() / 3)));
            }
          });
      assertNothingFalselyDeleted(
          simulator, List.of(TestSync.CATALOG.stream("policies"), BALANCES), sync);
    }
  }

  @Test
  void childrenInsideTheRecordsOfAParentThatWasShiftedOutOfSightStay() {
    Account account = Account.tiny(8).with("invoices", 300).with("invoice_items", 400);
    try (ClockifySimulator simulator = start(account.with("invoice_payments", 100))) {
      TestSync sync = new TestSync(simulator, warehouse).streams("invoice*");
      sync.run();
      Workspace workspace = simulator.world().workspaces().get(0);
      AtomicInteger seen = new AtomicInteger();
      faults.set(
          (number, method, target) -> {
            if (!target.contains("/invoices?")) {
              return new Fault.None();
            }
            if (target.matches(".*page-size=\\d{3,}.*")) { // small pages are all it gives today
              return new Fault.Instead(400, Map.of(), "{\"message\":\"size\",\"code\":501}");
            }
            if (target.contains("page=2") && seen.incrementAndGet() == 1) {
              List<String> ids = workspace.records("invoices").ids();
              ids.subList(0, 20).forEach(workspace::removeInvoice);
              ids.subList(ids.size() - 20, ids.size()).forEach(workspace::removeInvoice);
            }
            return new Fault.None();
          });
      List<StreamDefinition> streams =
          Stream.of("invoices", "invoice_details", "invoice_items", "invoice_payments")
              .map(TestSync.CATALOG::stream)
              .toList();
      assertNothingFalselyDeleted(simulator, streams, sync);
      assertThat(seen).hasValueGreaterThan(0);
    }
  }

  private static void removePolicy(Workspace workspace, String id) {
    workspace.records("policies").remove(id);
    Records balances = workspace.records("time_off_balances");
    for (String balance : balances.ids()) {
      boolean own =
          balances.find(balance).map(b -> b.path("policyId").asText().equals(id)).orElse(false);
      if (own) {
        balances.remove(balance);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void entriesReadOverSeveralPagesLoseNothing(boolean full) {
    Account account =
        Account.tiny(7)
            .with("workspace_users", 1)
            .with("former_users", 0)
            .with("time_entries", 10_400);
    try (ClockifySimulator simulator = start(account)) {
      TestSync sync = new TestSync(simulator, warehouse).streams("time_entries");
      sync.run();
      if (full) {
        sync.full();
      }
      Workspace workspace = simulator.world().workspaces().get(0);
      Records records = workspace.records("time_entries");
      EntryChanges entries =
          new EntryChanges(simulator, new VirtualClock(simulator.account().today()));
      SplittableRandom random = new SplittableRandom(7);
      AtomicInteger seen = new AtomicInteger();
      faults.set(
          (number, method, target) -> {
            if (target.contains("/time-entries?") && seen.incrementAndGet() <= 4) {
              List<String> ids = records.ids();
              for (int i = 0; i < 40; i++) {
                records.remove(ids.get(random.nextInt(ids.size())));
              }
              String user = simulator.world().ownerId();
              entries.create(workspace, user, simulator.account().today().minusSeconds(60));
            }
            return new Fault.None();
          });
      Set<String> ids = Set.of(workspace.id());
      StreamDefinition stream = TestSync.CATALOG.stream("time_entries");
      Tables before = Tables.read(warehouse, ids);
      Set<String> alwaysThere = new HashSet<>(StoredRows.truths(stream, simulator).keySet());
      assertThat(sync.run().exitCode()).isZero();
      faults.set(Faults.NONE);
      alwaysThere.retainAll(StoredRows.truths(stream, simulator).keySet());
      Tables.read(warehouse, ids).assertNothingLost(before, stream, alwaysThere);
      assertThat(sync.full().run().exitCode()).isZero();
      StoredRows.assertEqualTruth(stream, simulator, warehouse);
    }
  }
}
