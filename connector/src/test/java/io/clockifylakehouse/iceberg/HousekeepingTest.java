// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DriftSummary;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HousekeepingTest {
  /** Iceberg dates snapshots by the machine's clock: all of them are old by then. */
  private static final Instant LATER = Instant.parse("2099-01-01T00:00:00Z");

  private static final StreamDefinition WORK = Streams.work();
  private static final StreamDefinition TAGS = Streams.tags();

  @TempDir Path directory;

  private static SyncStamp later(String id) {
    return new SyncStamp(id, LATER);
  }

  private static Row work(int i, String note) {
    long start = Micros.of(Instant.parse("2026-03-01T00:00:00Z").plusSeconds(3600L * i));
    return Row.of(W1, "u1", "id%03d".formatted(i), start, note, null);
  }

  @Test
  void aHundredHourlySyncsLeaveFewFilesAndSnapshots() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(WORK));
      for (int hour = 0; hour < 100; hour++) {
        SyncStamp stamp = later("hour-" + hour);
        Region region =
            new Region(
                Period.since((Long) work(Math.max(0, hour - 5), "").get(3)),
                Optional.empty(),
                Set.of());
        try (Sink sink = lakehouse.destination.open(WORK, Optional.of(W1), region, stamp)) {
          sink.write(List.of(work(hour, "x")));
          sink.commit(Coverage.PART, Optional.of("{\"hour\": " + hour + "}"));
        }
        lakehouse.destination.record(stamp, List.of(runRow()));
        lakehouse.destination.expire(List.of(WORK), stamp, Duration.ofHours(1));
      }

      assertThat(lakehouse.rows("work")).hasSize(100);
      assertThat(lakehouse.column("work", "_sync_id"))
          .containsEntry("id000", "hour-0")
          .containsEntry("id050", "hour-50");
      assertThat(lakehouse.dataFiles("work")).hasSizeLessThanOrEqualTo(SmallFiles.MANY + 1);
      assertThat(lakehouse.snapshots("work")).isLessThanOrEqualTo(SnapshotExpiry.FEW + 1);
      assertThat(TableRows.read(lakehouse.table("sync_runs"))).hasSize(100);
      assertThat(lakehouse.dataFiles("sync_runs"))
          .hasSizeLessThanOrEqualTo(SyncRunsTable.FILES_MAX + 1);
      assertThat(lakehouse.snapshots("sync_runs")).isLessThanOrEqualTo(SnapshotExpiry.FEW + 2);
      assertThat(lakehouse.destination.state(WORK, Optional.of(W1))).contains("{\"hour\": 99}");
      // Some 20 snapshots of 3 metadata files and at most 9 live data files, and 21 versions.
      assertThat(lakehouse.files()).filteredOn(f -> f.contains("/work/")).hasSizeLessThan(120);
    }
  }

  private static SyncRunRow runRow() {
    return new SyncRunRow(
        "sync",
        "work",
        Optional.of(W1),
        "ok",
        Optional.empty(),
        RowCounts.NONE,
        DriftSummary.NONE,
        OptionalLong.empty(),
        LATER,
        "incremental",
        Optional.empty(),
        Optional.empty());
  }

  private static void change(Lakehouse lakehouse, int from, int to) {
    for (int i = from; i < to; i++) {
      lakehouse.sync(TAGS, W1, Coverage.WHOLE, Row.of(W1, "a", "version " + i, null));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hadoop", "jdbc"})
  void keepsWhatATagNamesAndTheLastFew(String catalog) throws Exception {
    try (Lakehouse lakehouse =
        catalog.equals("jdbc") ? Lakehouse.jdbc(directory) : Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      change(lakehouse, 0, 3);
      lakehouse.tag(new SyncStamp("kept", Instant.now()), List.of(TAGS));
      change(lakehouse, 3, SnapshotExpiry.FEW + 5);

      lakehouse.destination.expire(List.of(TAGS), later("x"), Duration.ofDays(1));

      assertThat(lakehouse.snapshots("tags")).isEqualTo(SnapshotExpiry.KEPT + 1);
      Table table = lakehouse.table("tags");
      try (CloseableIterable<Record> rows =
          IcebergGenerics.read(table)
              .useSnapshot(table.refs().get("sync-kept").snapshotId())
              .build()) {
        assertThat(rows)
            .singleElement()
            .satisfies(row -> assertThat(row.getField("name")).isEqualTo("version 2"));
      }
      assertThat(lakehouse.column("tags", "name"))
          .isEqualTo(Map.of("a", "version " + (SnapshotExpiry.FEW + 4)));
      // One file for each snapshot that is left.
      assertThat(lakehouse.files())
          .filteredOn(file -> file.endsWith(".parquet"))
          .hasSize(SnapshotExpiry.KEPT + 1);
      assertThat(lakehouse.sync(TAGS, W1, Coverage.WHOLE).rows().deleted()).isEqualTo(1);
    }
  }

  @Test
  void forgetsTagsThatHaveOutlivedTheirTime() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      change(lakehouse, 0, 1);
      lakehouse.tag(new SyncStamp("old", Instant.now()), List.of(TAGS));
      lakehouse.tag(new SyncStamp("young", Instant.now()), List.of(TAGS));
      // As if it had been set long ago.
      lakehouse.table("tags").manageSnapshots().setMaxRefAgeMs("sync-old", 1).commit();

      lakehouse.destination.expire(
          List.of(TAGS),
          new SyncStamp("x", Instant.now().plus(Duration.ofDays(1))),
          Duration.ofDays(1));

      assertThat(lakehouse.table("tags").refs()).containsOnlyKeys("main", "sync-young");
    }
  }

  @Test
  void aRunsTagEndsOnAllTablesTogetherAndWithItWhatItProtected() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      List<StreamDefinition> both = List.of(TAGS, WORK);
      lakehouse.destination.prepare(both);
      // One table is older than the run, the other changed while it ran.
      change(lakehouse, 0, 1);
      Instant start = now(lakehouse, "tags").plusMillis(5);
      lakehouse.sync(WORK, W1, Coverage.WHOLE, work(1, "x"));
      lakehouse.tag(new SyncStamp("first", start), both);
      Instant end = start.plus(Lakehouse.TAGS_KEPT);
      change(lakehouse, 1, SnapshotExpiry.FEW + 2);

      tag(lakehouse, "second", both, end);
      for (StreamDefinition stream : both) {
        assertThat(lakehouse.table(stream.name()).refs())
            .containsOnlyKeys("main", "sync-first", "sync-second");
      }
      lakehouse.destination.expire(both, new SyncStamp("x", end), Duration.ofDays(1));
      assertThat(lakehouse.snapshots("tags")).isEqualTo(SnapshotExpiry.KEPT + 1);

      tag(lakehouse, "third", both, end.plusMillis(1));
      for (StreamDefinition stream : both) {
        assertThat(lakehouse.table(stream.name()).refs())
            .containsOnlyKeys("main", "sync-second", "sync-third");
      }
      change(lakehouse, 0, SnapshotExpiry.FEW);
      lakehouse.destination.expire(both, new SyncStamp("x", end), Duration.ofDays(1));
      // The second and the third tag name the same snapshot of this table.
      assertThat(lakehouse.snapshots("tags")).isEqualTo(SnapshotExpiry.KEPT + 1);
    }
  }

  private static void tag(
      Lakehouse lakehouse, String id, List<StreamDefinition> streams, Instant now) {
    lakehouse.destination.tag(streams, new SyncStamp(id, now), now, Lakehouse.TAGS_KEPT);
  }

  private static Instant now(Lakehouse lakehouse, String table) {
    return Instant.ofEpochMilli(lakehouse.table(table).currentSnapshot().timestampMillis());
  }

  @Test
  void processesThatTagOneTableAtTheSameTimeAllDo() throws Exception {
    try (Lakehouse one = Lakehouse.jdbc(directory);
        Lakehouse other = Lakehouse.jdbc(directory)) {
      one.destination.prepare(List.of(TAGS));
      change(one, 0, 1);
      ExecutorService processes = Executors.newFixedThreadPool(2);
      List<Future<?>> ends = new ArrayList<>();
      for (Lakehouse lakehouse : List.of(one, other)) {
        ends.add(processes.submit(() -> tagTenTimes(lakehouse, lakehouse == one ? "a" : "b")));
      }
      processes.shutdown();
      for (Future<?> end : ends) {
        end.get();
      }
      assertThat(one.table("tags").refs()).hasSize(1 + 20);
    }
  }

  private static void tagTenTimes(Lakehouse lakehouse, String name) {
    for (int i = 0; i < 10; i++) {
      lakehouse.tag(new SyncStamp(name + i, Instant.now()), List.of(TAGS));
    }
  }

  @Test
  void aTagOfATableThatHasLongNotChangedLastsAsLongAsAnyOther() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      change(lakehouse, 0, 1);
      Instant now = now(lakehouse, "tags");

      lakehouse.tag(new SyncStamp("x", now.plus(Duration.ofDays(100))), List.of(TAGS));

      assertThat(lakehouse.table("tags").refs().get("sync-x").maxRefAgeMs())
          .isEqualTo(Duration.ofDays(100).plus(Lakehouse.TAGS_KEPT).toMillis());
    }
  }

  @Test
  void commitsNothingWhereNothingIsOld() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      change(lakehouse, 0, SnapshotExpiry.FEW + 5);
      Set<String> before = lakehouse.files();

      lakehouse.destination.expire(
          List.of(TAGS, WORK), new SyncStamp("x", Instant.now()), Duration.ofDays(1));

      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void leavesATableWithFewSnapshotsAlone() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      change(lakehouse, 0, SnapshotExpiry.FEW);
      Set<String> before = lakehouse.files();

      lakehouse.destination.expire(List.of(TAGS), later("x"), Duration.ZERO);

      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void rewritesTheSmallFilesOfOneWorkspaceAndNoRow() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(WORK));
      for (int i = 0; i < 6; i++) {
        lakehouse.sync(WORK, W1, Coverage.PART, work(40 - i, "x"));
        lakehouse.sync(
            WORK, W2, Coverage.PART, Row.of(W2, "u", "other" + i, 1_000_000L * i, "y", null));
      }
      Map<String, Map<String, Object>> before = lakehouse.rows("work");
      assertThat(lakehouse.dataFiles("work")).hasSize(12);

      lakehouse.destination.compact(WORK, Optional.of(W1), lakehouse.nextRun());

      assertThat(lakehouse.rows("work")).isEqualTo(before);
      assertThat(lakehouse.table("work").currentSnapshot().operation()).isEqualTo("replace");
      Map<String, Long> files =
          lakehouse.dataFiles("work").stream()
              .collect(
                  Collectors.groupingBy(
                      f -> f.partition().get(0, String.class), Collectors.counting()));
      assertThat(files).isEqualTo(Map.of(W1, 1L, W2, 6L));
      List<Object> order =
          TableRows.read(lakehouse.table("work")).stream()
              .filter(row -> row.get("workspace_id").equals(W1))
              .map(row -> row.get("started_at"))
              .toList();
      assertThat(order).isSorted();

      Set<String> after = lakehouse.files();
      lakehouse.destination.compact(WORK, Optional.of(W1), lakehouse.nextRun());
      lakehouse.destination.compact(TAGS, Optional.of(W1), lakehouse.nextRun());
      assertThat(lakehouse.files()).isEqualTo(after);
    }
  }

  @Test
  void aSinkOpenedBeforeACompactionOfItsFilesLosesNothing() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(WORK));
      for (int i = 0; i < 6; i++) {
        lakehouse.sync(WORK, W1, Coverage.PART, work(i, "x"));
      }
      try (Sink sink = lakehouse.destination.open(WORK, Optional.of(W1), lakehouse.nextRun())) {
        sink.write(List.of(work(50, "new")));
        lakehouse.destination.compact(WORK, Optional.of(W1), lakehouse.nextRun());
        sink.commit(Coverage.PART);
      }
      assertThat(lakehouse.rows("work")).hasSize(7);
      assertThat(lakehouse.dataFiles("work")).extracting(DataFile::recordCount).contains(6L, 1L);
    }
  }
}
