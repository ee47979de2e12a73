// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sync rewrites the files of the months in which something has changed, and no other. */
class ChangedMonthsTest {
  private static final StreamDefinition ENTRIES = TestSync.CATALOG.stream("time_entries");

  @TempDir private Path warehouse;
  private final ClockifySimulator simulator =
      ClockifySimulator.start(
          Account.tiny(45).with("workspace_users", 5).with("time_entries", 3000),
          SimulatorSettings.unlimited());
  private final VirtualClock clock = new VirtualClock(simulator.account().today());
  private final EntryChanges entries = new EntryChanges(simulator, clock);
  private final Workspace workspace = simulator.world().workspaces().get(0);

  @BeforeEach
  void load() throws IOException {
    assertThat(sync().exitCode()).isZero();
    assertThat(new HashSet<>(files().values())).hasSizeGreaterThan(4);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private SyncResult sync() {
    clock.advance(Duration.ofHours(1));
    return new TestSync(simulator, warehouse).streams("time_entries").time(clock).run();
  }

  /** Each data file of the table with its partition. */
  private Map<String, String> files() throws IOException {
    Table table =
        new HadoopTables(new Configuration())
            .load(warehouse.resolve("clockify").resolve("time_entries").toString());
    Map<String, String> files = new TreeMap<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(
          t -> files.put(t.file().location(), t.spec().partitionToPath(t.file().partition())));
    }
    return files;
  }

  private List<String> idsOf(YearMonth month) {
    List<String> ids = new ArrayList<>();
    for (String id : workspace.records("time_entries").ids()) {
      if (monthOf(startOf(id)).equals(month)) {
        ids.add(id);
      }
    }
    return ids;
  }

  private Instant startOf(String id) {
    return EntryChanges.startOf(workspace.records("time_entries").find(id).orElseThrow());
  }

  private static YearMonth monthOf(Instant instant) {
    return YearMonth.from(instant.atZone(ZoneOffset.UTC));
  }

  private String partition(YearMonth month) {
    return "workspace_id=" + workspace.id() + "/started_at_month=" + month;
  }

  private RowCounts assertTouchesOnly(Set<String> partitions) throws IOException {
    Map<String, String> before = files();
    SyncResult result = sync();
    Map<String, String> after = files();
    assertThat(result.exitCode()).isZero();
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
    Set<String> touched = new TreeSet<>();
    before.forEach((file, partition) -> add(touched, !after.containsKey(file), partition));
    after.forEach((file, partition) -> add(touched, !before.containsKey(file), partition));
    assertThat(touched).isEqualTo(partitions);
    return result.streams().get(0).rows();
  }

  private static void add(Set<String> touched, boolean isTouched, String partition) {
    if (isTouched) {
      touched.add(partition);
    }
  }

  @Test
  void changesInOneMonthRewriteThatMonth() throws IOException {
    YearMonth month = monthOf(clock.now());
    List<String> ids = idsOf(month);
    ids.subList(0, 20).forEach(id -> entries.describe(workspace, id, "edited"));
    ids.subList(20, 23).forEach(id -> workspace.records("time_entries").remove(id));
    String user = EntryChanges.userOf(workspace, ids.get(30));
    for (int i = 0; i < 10; i++) {
      entries.create(workspace, user, clock.now().minus(Duration.ofHours(2L * i)));
    }
    RowCounts rows = assertTouchesOnly(Set.of(partition(month)));
    assertThat(rows.changed()).isEqualTo(20);
    assertThat(rows.deleted()).isEqualTo(3);
    assertThat(rows.added()).isEqualTo(10);
  }

  @Test
  void anEntryThatMovedRewritesItsOldMonthAndItsNew() throws IOException {
    YearMonth month = monthOf(clock.now());
    YearMonth old = month.minusMonths(4);
    entries.move(workspace, idsOf(month).get(5), startOf(idsOf(old).get(0)));
    RowCounts rows = assertTouchesOnly(Set.of(partition(month), partition(old)));
    assertThat(rows.changed()).isEqualTo(1);
  }
}
