// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.iceberg.IcebergDestination;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that a quota of requests cuts into pieces of one read: each command comes to its end. */
class QuotaChainTest {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Account ACCOUNT =
      Account.tiny(43)
          .withPlan(Plan.ENTERPRISE)
          .with("workspace_users", 34)
          .with("former_users", 2)
          .with("projects", 6)
          .with("tasks", 12)
          .with("invoices", 45)
          .with("invoice_items", 130)
          .with("invoice_payments", 10)
          .with("policies", 2)
          .with("time_entries", 300);

  @TempDir private Path warehouse;
  private final VirtualClock clock = new VirtualClock(ACCOUNT.today());
  private final HourlyCap cap = new HourlyCap(clock);
  private ClockifySimulator simulator;
  private Reading reading = new Reading.Incremental(Duration.ofDays(35), WEEK, false);

  @BeforeEach
  void start() {
    simulator =
        ClockifySimulator.start(
            ACCOUNT, SimulatorSettings.unlimited().withTime(clock).withFaults(cap));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private TestSync sync() {
    return new TestSync(simulator, warehouse)
        .time(clock)
        .retry(6, Duration.ofMinutes(2))
        .reading(reading);
  }

  private void full() {
    reading = new Reading.Incremental(Duration.ofDays(35), WEEK, true);
  }

  /** Runs hour after hour, until one ends well. */
  private List<SyncResult> chain(int runsMax) {
    List<SyncResult> chain = new ArrayList<>();
    do {
      clock.advance(Duration.ofHours(1));
      chain.add(sync().run());
      SyncResult last = chain.get(chain.size() - 1);
      assertThat(last.exitCode()).as("%s", last.streams()).isIn(0, 75);
      assertThat(chain.size()).as("%s", last.reason()).isLessThanOrEqualTo(runsMax);
    } while (chain.get(chain.size() - 1).exitCode() != 0);
    return chain;
  }

  private static SyncResult last(List<SyncResult> chain) {
    return chain.get(chain.size() - 1);
  }

  private long answered(String end) {
    return simulator
        .log()
        .count(entry -> entry.path().matches(".*" + end) && entry.status() == 200);
  }

  private long carried(SyncResult result) {
    return result.streams().stream()
        .filter(stream -> stream.earlier().flatMap(EarlierRead::syncId).isPresent())
        .count();
  }

  private void syncWithoutQuota() {
    cap.open(true);
    assertThat(sync().run().exitCode()).isZero();
    cap.open(false);
    simulator.log().clear();
  }

  @Test
  void theLastRunSaysWhichRunReadWhatAndSinceWhen() {
    List<SyncResult> chain = chain(14);
    assertThat(chain.size()).isGreaterThan(4);
    Map<String, Instant> starts = new TreeMap<>();
    chain.forEach(run -> starts.put(run.stamp().syncId(), run.stamp().startedAt()));
    SyncResult end = last(chain);
    assertThat(carried(end)).isGreaterThan(10);
    Map<String, StreamResult> results = new HashMap<>();
    end.streams().forEach(stream -> results.put(stream.stream(), stream));
    for (Map<String, Object> row : TableRows.read(warehouse, "sync_runs")) {
      if (!row.get("sync_id").equals(end.stamp().syncId())) {
        continue;
      }
      StreamResult result = results.get(row.get("stream").toString());
      Object readBy = row.get("read_by");
      assertThat(row).as("%s", result).containsEntry("reading", "incremental");
      assertThat(Optional.ofNullable(readBy))
          .isEqualTo(result.earlier().flatMap(EarlierRead::syncId));
      if (readBy != null) {
        StreamResult then =
            chain.stream()
                .filter(run -> run.stamp().syncId().equals(readBy))
                .flatMap(run -> run.streams().stream())
                .filter(stream -> stream.stream().equals(result.stream()))
                .findFirst()
                .orElseThrow();
        assertThat(then.whole()).as("%s", then).isTrue();
        assertThat((Instant) row.get("read_since"))
            .as(result.stream())
            .isIn(starts.values())
            .isBeforeOrEqualTo(starts.get(readBy));
      }
    }
    // Those that took more than one run say when the first of them began.
    assertThat(chain)
        .anySatisfy(
            run ->
                assertThat(run.streams())
                    .filteredOn(stream -> stream.stream().equals("invoice_details"))
                    .filteredOn(StreamResult::whole)
                    .singleElement()
                    .satisfies(
                        stream ->
                            assertThat(stream.earlier().orElseThrow().since())
                                .isBefore(run.stamp().startedAt())));
    assertStatusIsThatOf(starts, results);
  }

  private void assertStatusIsThatOf(
      Map<String, Instant> starts, Map<String, StreamResult> results) {
    try (IcebergDestination destination = IcebergDestination.open(sync().icebergSettings())) {
      SyncStatus status = SyncStatus.read(destination, TestSync.CATALOG, List.of(), List.of());
      for (Standing standing : status.standings()) {
        StreamResult result = results.get(standing.stream());
        assertThat(standing.state()).as("%s", standing).isIn("ok", "unchanged");
        result
            .earlier()
            .ifPresent(
                earlier ->
                    assertThat(standing.age(clock.now()).orElseThrow())
                        .as("%s", standing)
                        .isEqualTo(Duration.between(earlier.since(), clock.now())));
        assertThat(standing.lastFailure().flatMap(run -> run.cause()).orElse("quota"))
            .isEqualTo("quota");
      }
      assertThat(starts).isNotEmpty();
    }
  }

  @Test
  void rowsNameTheRunThatWroteThemAndEveryTableHasTheTagOfTheLast() {
    List<SyncResult> chain = chain(14);
    StoredRows.assertEqualTruth(simulator, warehouse);
    Map<String, Instant> starts = new TreeMap<>();
    chain.forEach(run -> starts.put(run.stamp().syncId(), run.stamp().startedAt()));
    String tag = "sync-" + last(chain).stamp().syncId();
    for (StreamDefinition stream : TestSync.CATALOG.streams()) {
      for (Map<String, Object> row : TableRows.read(warehouse, stream.name())) {
        assertThat(starts).as(stream.name()).containsKey(row.get("_sync_id").toString());
        assertThat(row.get("_synced_at"))
            .as(stream.name())
            .isEqualTo(starts.get(row.get("_sync_id").toString()));
      }
      Table table =
          new HadoopTables(new Configuration())
              .load(warehouse.resolve("clockify").resolve(stream.name()).toString());
      Map<String, SnapshotRef> refs = new TreeMap<>(table.refs());
      refs.remove("main");
      assertThat(refs.keySet()).as("%s: no other run was a cut", stream.name()).containsOnly(tag);
      assertThat(refs.get(tag).snapshotId()).isEqualTo(table.currentSnapshot().snapshotId());
    }
  }

  @Test
  void invoicesAndTheirItemsAreReadOnceThoughTheyTakeSeveralRuns() {
    chain(14);
    StoredRows.assertEqualTruth(simulator, warehouse);
    assertThat(answered("/invoices/[0-9a-f]{24}"))
        .as("45 invoices, each asked for about once, not in each of the runs")
        .isBetween(45L, 80L);
    new WorldChanges(simulator, clock, Duration.ofDays(35)).apply(40, new SplittableRandom(3));
    clock.advance(WEEK);
    chain(16);
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  @Test
  void itemsWithoutTheirInvoicesSayThatTheyBeginAnewEveryTime() {
    clock.advance(Duration.ofHours(1));
    SyncResult alone = sync().streams("invoice_items").run();
    assertThat(alone.exitCode()).isEqualTo(75);
    assertThat(alone.reason())
        .get()
        .asString()
        .contains("invoice_items comes in the records of invoice_details", "select both");
    clock.advance(Duration.ofHours(1));
    SyncResult both = sync().streams("invoice_items", "invoice_details").run();
    assertThat(both.exitCode()).isEqualTo(75);
    assertThat(both.reason()).get().asString().doesNotContain("select both");
    clock.advance(Duration.ofHours(1));
    assertThat(sync().streams("invoice_items", "invoice_details").run().exitCode()).isZero();
  }

  @Test
  void aFullSyncComesToItsEndByRunningAgain() {
    syncWithoutQuota();
    full();
    List<SyncResult> chain = chain(14);
    assertThat(chain.size()).isGreaterThan(4);
    assertThat(answered("/time-entries"))
        .as("36 people, each asked for about once")
        .isBetween(34L, 60L);
    StoredRows.assertEqualTruth(simulator, warehouse);
    clock.advance(Duration.ofHours(1));
    assertThat(carried(sync().run())).as("the next one reads everything anew").isZero();
  }

  @Test
  void aFullSyncGoesOnWithNothingThatReadLessOrWasAnotherWish() {
    syncWithoutQuota();
    assertThat(sync().run().exitCode()).isEqualTo(75);
    full();
    clock.advance(Duration.ofHours(1));
    SyncResult first = sync().run();
    assertThat(carried(first)).as("after an incremental one").isZero();
    clock.advance(Duration.ofHours(1));
    assertThat(carried(sync().run())).as("after a full one").isPositive();
    clock.advance(Duration.ofDays(2));
    simulator.log().clear();
    assertThat(carried(sync().run())).as("two days later").isZero();
    reading = new Reading.Incremental(Duration.ofDays(35), WEEK, false);
    clock.advance(Duration.ofHours(1));
    assertThat(carried(sync().run())).as("an incremental one after a full one").isPositive();
  }

  @Test
  void aBackfillComesToItsEndByRunningAgain() {
    reading = new Reading.Backfill(new Period(0, Long.MAX_VALUE), 200_000, WEEK);
    List<SyncResult> chain = chain(14);
    assertThat(chain.size()).isGreaterThan(4);
    assertThat(answered("/time-entries"))
        .as("36 people, each asked for about once")
        .isBetween(34L, 60L);
    StoredRows.assertEqualTruth(simulator, warehouse);
    assertThat(chain.get(0).reason().orElseThrow()).contains("the same command");
    try (IcebergDestination destination = IcebergDestination.open(sync().icebergSettings())) {
      Standing entries =
          SyncStatus.read(destination, TestSync.CATALOG, List.of("time_entries"), List.of())
              .standings()
              .get(0);
      assertThat(entries.backfill()).isEmpty();
      assertThat(entries.oldestFullPass().orElseThrow())
          .as("no later than the first of them was read")
          .isBefore(last(chain).stamp().startedAt());
    }
    reading = new Reading.Incremental(Duration.ofDays(35), WEEK, false);
    chain(14);
    StoredRows.assertEqualTruth(simulator, warehouse);
  }

  @Test
  void whatIsReadOfAPeriodDoesNotCountForAnother() {
    reading = new Reading.Backfill(new Period(0, Long.MAX_VALUE), 200_000, WEEK);
    assertThat(sync().run().exitCode()).isEqualTo(75);
    clock.advance(Duration.ofHours(1));
    reading = new Reading.Backfill(new Period(5, Long.MAX_VALUE), 200_000, WEEK);
    assertThat(carried(sync().run())).isZero();
  }
}
