// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.DriftSummary;
import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IcebergDestinationTest {
  @TempDir Path directory;

  private static Row tag(String workspace, String id, String name) {
    return Row.of(workspace, id, name, null);
  }

  private Lakehouse lakehouse(String catalog) {
    return catalog.equals("jdbc") ? Lakehouse.jdbc(directory) : Lakehouse.hadoop(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hadoop", "jdbc"})
  void provesThatItCanWriteAndLeavesNoTrace(String catalog) {
    try (Lakehouse lakehouse = lakehouse(catalog)) {
      lakehouse.destination.checkWritable();
      assertThat(lakehouse.files()).isEmpty();
      assertThat(lakehouse.warehouse).doesNotExist();

      lakehouse.destination.prepare(List.of(Streams.tags()));
      Set<String> before = lakehouse.files();
      lakehouse.destination.checkWritable();
      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void saysWhatCannotBeWritten() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    try (Lakehouse lakehouse = Lakehouse.hadoop(file)) {
      assertThatThrownBy(lakehouse.destination::checkWritable)
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining(lakehouse.warehouse.toString())
          .extracting(e -> ((ConnectorException) e).code())
          .isEqualTo(ErrorCode.CONFIGURATION);
    }
  }

  @Test
  void refusesACatalogThatIcebergDoesNotKnow() {
    assertThatThrownBy(
            () ->
                IcebergDestination.open(
                    Lakehouse.settings(Map.of("type", "nonsense"), DeleteMode.HARD, 1)))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("destination.catalog");
  }

  @Test
  void putsARelativeWarehouseUnderTheWorkingDirectory() {
    IcebergSettings settings = Lakehouse.settings(Map.of("type", "hadoop"), DeleteMode.HARD, 1);
    try (IcebergDestination destination = IcebergDestination.open(settings)) {
      assertThat(destination.location(Streams.tags()))
          .isEqualTo(Path.of("lakehouse/clockify/tags").toAbsolutePath().toString());
    }
  }

  @Test
  void knowsTheValuesOfAColumn() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      assertThat(lakehouse.destination.values(tags, W1, "name")).isEmpty();
      lakehouse.destination.prepare(List.of(tags));
      assertThat(lakehouse.destination.values(tags, W1, "name")).isEmpty();
      lakehouse.sync(
          tags, W1, Coverage.WHOLE, tag(W1, "a", "A"), tag(W1, "b", "A"), tag(W1, "c", null));
      lakehouse.sync(tags, W2, Coverage.WHOLE, tag(W2, "d", "D"));
      assertThat(lakehouse.destination.values(tags, W1, "name")).containsExactly("A");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hadoop", "jdbc"})
  void tagsEveryTable(String catalog) {
    try (Lakehouse lakehouse = lakehouse(catalog)) {
      List<StreamDefinition> streams = List.of(Streams.tags(), Streams.entries());
      lakehouse.destination.prepare(streams);
      lakehouse.sync(Streams.tags(), W1, Coverage.WHOLE, tag(W1, "a", "A"));
      SyncStamp stamp = new SyncStamp("run-1", Instant.now());

      lakehouse.tag(stamp, streams);
      lakehouse.tag(stamp, streams);

      for (StreamDefinition stream : streams) {
        Table table = lakehouse.table(stream.name());
        SnapshotRef tag = table.refs().get("sync-" + stamp.syncId());
        assertThat(tag.isTag()).isTrue();
        assertThat(tag.snapshotId()).isEqualTo(table.currentSnapshot().snapshotId());
        assertThat(table.currentSnapshot().timestampMillis() + tag.maxRefAgeMs())
            .isEqualTo(stamp.startedAt().plus(Lakehouse.TAGS_KEPT).toEpochMilli());
        assertThat(lakehouse.snapshots(stream.name())).isEqualTo(1);
      }
      assertThat(lakehouse.table("entries").currentSnapshot().summary())
          .containsEntry("clockify.sync-id", stamp.syncId());
      assertThat(TableRows.read(lakehouse.table("entries"))).isEmpty();
    }
  }

  @Test
  void recordsRuns() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      SyncStamp stamp = lakehouse.nextRun();
      Instant end = Instant.parse("2026-01-01T01:02:03Z");
      SyncRunRow good =
          new SyncRunRow(
              "sync",
              "tags",
              Optional.of(W1),
              "ok",
              Optional.empty(),
              new RowCounts(5, 1, 2, 3, 4),
              new DriftSummary(List.of("newField"), List.of("tags[0].name"), 7, 2),
              OptionalLong.of(42),
              end,
              "full",
              Optional.empty(),
              Optional.empty());
      SyncRunRow bad =
          new SyncRunRow(
              "sync",
              "user",
              Optional.empty(),
              "failed",
              Optional.of("why"),
              RowCounts.NONE,
              DriftSummary.NONE,
              OptionalLong.empty(),
              end,
              "full",
              Optional.of("quota"),
              Optional.of(new EarlierRead(Optional.of("before"), end.minusSeconds(9))));
      lakehouse.destination.record(stamp, List.of(good, bad));
      lakehouse.destination.record(lakehouse.nextRun(), List.of(good));

      List<Map<String, Object>> rows = TableRows.read(lakehouse.table("sync_runs"));
      assertThat(rows).hasSize(3);
      assertThat(rows)
          .filteredOn(row -> row.get("status").equals("ok") && row.get("sync_id").equals("run-1"))
          .singleElement()
          .satisfies(
              row ->
                  assertThat(row)
                      .containsEntry("workspace_id", W1)
                      .containsEntry("reason", null)
                      .containsEntry("rows_read", 5L)
                      .containsEntry("rows_added", 1L)
                      .containsEntry("rows_changed", 2L)
                      .containsEntry("rows_deleted", 3L)
                      .containsEntry("rows_unchanged", 4L)
                      .containsEntry("unknown_fields", List.of("newField"))
                      .containsEntry("type_mismatches", List.of("tags[0].name"))
                      .containsEntry("unknown_values", 7L)
                      .containsEntry("mismatched_values", 2L)
                      .containsEntry("snapshot_id", 42L)
                      .containsEntry("started_at", stamp.startedAt())
                      .containsEntry("finished_at", end));
      assertThat(rows)
          .filteredOn(row -> row.get("status").equals("failed"))
          .singleElement()
          .satisfies(
              row ->
                  assertThat(row)
                      .containsEntry("reason", "why")
                      .containsEntry("cause", "quota")
                      .containsEntry("reading", "full")
                      .containsEntry("read_by", "before")
                      .containsEntry("read_since", end.minusSeconds(9)));
    }
  }

  @Test
  void readsAndGoesOnWithRunsOfAVersionThatKeptLess() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      SyncRunRow row =
          new SyncRunRow(
              "sync",
              "tags",
              Optional.of(W1),
              "failed",
              Optional.of("why"),
              RowCounts.NONE,
              DriftSummary.NONE,
              OptionalLong.empty(),
              Instant.EPOCH,
              "full",
              Optional.of("quota"),
              Optional.empty());
      lakehouse.destination.record(lakehouse.nextRun(), List.of(row));
      lakehouse
          .table("sync_runs")
          .updateSchema()
          .deleteColumn("reading")
          .deleteColumn("cause")
          .deleteColumn("read_by")
          .deleteColumn("read_since")
          .commit();
      assertThat(lakehouse.destination.inspection().lastRuns())
          .singleElement()
          .satisfies(
              run -> {
                assertThat(run.reason()).contains("why");
                assertThat(run.reading()).isEmpty();
                assertThat(run.cause()).isEmpty();
                assertThat(run.readSince()).isEqualTo(run.startedAt());
              });
      lakehouse.destination.record(lakehouse.nextRun(), List.of(row));
      assertThat(lakehouse.destination.inspection().lastRuns())
          .singleElement()
          .satisfies(run -> assertThat(run.cause()).contains("quota"));
    }
  }

  @Test
  void losesToAnotherWriterOfTheSameWorkspace() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag(W1, "a", "A"));
      try (Sink slow = lakehouse.destination.open(tags, Optional.of(W1), lakehouse.nextRun())) {
        slow.write(List.of(tag(W1, "a", "slow")));
        lakehouse.sync(tags, W1, Coverage.WHOLE, tag(W1, "a", "fast"));
        Set<String> before = lakehouse.files();

        assertThatThrownBy(() -> slow.commit(Coverage.WHOLE))
            .isInstanceOf(ConnectorException.class)
            .hasMessageContaining("clockify.tags")
            .extracting(e -> ((ConnectorException) e).code())
            .isEqualTo(ErrorCode.COMMIT_CONFLICT);
        assertThat(lakehouse.files()).isEqualTo(before);
      }
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "fast"));
    }
  }

  @Test
  void doesNotMindAnotherWorkspaceCommittingMeanwhile() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      try (Sink slow = lakehouse.destination.open(tags, Optional.of(W1), lakehouse.nextRun())) {
        slow.write(List.of(tag(W1, "a", "A")));
        lakehouse.sync(tags, W2, Coverage.WHOLE, tag(W2, "b", "B"));
        slow.commit(Coverage.WHOLE);
      }
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A", "b", "B"));
    }
  }

  @Test
  void comparesAgainWhenAnotherRunWasFasterAboveTheWorkspaces() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition spaces = Streams.workspaces();
      lakehouse.destination.prepare(List.of(spaces));
      try (Sink slow = lakehouse.destination.open(spaces, Optional.empty(), lakehouse.nextRun())) {
        slow.write(List.of(Row.of("a", "A", null), Row.of("b", "B", null)));
        lakehouse.sync(spaces, null, Coverage.WHOLE, Row.of("a", "A", null));

        assertThat(slow.commit(Coverage.WHOLE).rows()).isEqualTo(new RowCounts(2, 1, 0, 0, 1));
      }
      assertThat(lakehouse.column("spaces", "name")).isEqualTo(Map.of("a", "A", "b", "B"));
      assertThat(lakehouse.column("spaces", "_sync_id"))
          .isEqualTo(Map.of("a", "run-2", "b", "run-1"));
    }
  }

  @Test
  void dropsWhatWasNotCommitted() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      Set<String> before = lakehouse.files();
      Sink sink = lakehouse.destination.open(tags, Optional.of(W1), lakehouse.nextRun());
      sink.write(List.of(tag(W1, "a", "A")));
      sink.close();
      sink.close();
      assertThatThrownBy(() -> sink.commit(Coverage.WHOLE)).hasMessageContaining("closed");
      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void setsPropertiesTogetherWithTheRows() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      int versions = metadataVersions(lakehouse);
      try (Sink sink = lakehouse.destination.open(tags, Optional.of(W1), lakehouse.nextRun())) {
        sink.write(List.of(tag(W1, "a", "A")));
        sink.commit(Coverage.WHOLE, Optional.of("{}"));
      }
      assertThat(lakehouse.table("tags").properties()).containsEntry("clockify.state." + W1, "{}");
      assertThat(metadataVersions(lakehouse)).isEqualTo(versions + 1);

      // No row changed: the property alone is set, without a snapshot.
      try (Sink sink = lakehouse.destination.open(tags, Optional.of(W1), lakehouse.nextRun())) {
        sink.write(List.of(tag(W1, "a", "A")));
        sink.commit(Coverage.WHOLE, Optional.of("{2}"));
      }
      assertThat(lakehouse.table("tags").properties()).containsEntry("clockify.state." + W1, "{2}");
      assertThat(lakehouse.snapshots("tags")).isEqualTo(1);
    }
  }

  private static int metadataVersions(Lakehouse lakehouse) {
    return (int) lakehouse.files().stream().filter(f -> f.endsWith(".metadata.json")).count();
  }

  @Test
  void threeRunsOnThreeWorkspacesOfADatabaseLoseNothing() throws Exception {
    int rounds = 50;
    List<String> workspaces = List.of(W1, W2, "5f2c0a0000000000000000w3");
    StreamDefinition tags = Streams.tags();
    try (Lakehouse first = Lakehouse.jdbc(directory)) {
      first.destination.prepare(List.of(tags, Streams.workspaces()));
    }
    ExecutorService pool = Executors.newFixedThreadPool(workspaces.size());
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (String workspace : workspaces) {
        runs.add(pool.submit(() -> writeRounds(tags, workspace, rounds)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      pool.shutdownNow();
    }
    try (Lakehouse lakehouse = Lakehouse.jdbc(directory)) {
      assertThat(lakehouse.rows("tags")).hasSize(workspaces.size() * rounds);
      for (String workspace : workspaces) {
        assertThat(lakehouse.destination.state(tags, Optional.of(workspace)))
            .contains("{" + (rounds - 1) + "}");
      }
      assertThat(lakehouse.rows("spaces")).containsOnlyKeys("w");
      assertThat(lakehouse.table("sync_runs").properties().keySet())
          .noneMatch(key -> key.startsWith("clockify.lock"));
    }
  }

  /** A destination of its own, as if it were a process of its own. */
  private void writeRounds(StreamDefinition tags, String workspace, int rounds) {
    ManualClock clock = new ManualClock();
    SyncStamp run = new SyncStamp(workspace, clock.now());
    try (Lakehouse lakehouse = Lakehouse.jdbc(directory);
        Lock lock =
            lakehouse.destination.lock(run, Optional.of(workspace), Duration.ofMinutes(1), clock)) {
      for (int round = 0; round < rounds; round++) {
        lock.renew();
        lakehouse.sync(
            Streams.workspaces(), null, Coverage.WHOLE, run, List.of(Row.of("w", "W", null)));
        try (Sink sink = lakehouse.destination.open(tags, Optional.of(workspace), run)) {
          sink.write(List.of(tag(workspace, workspace + round, "x")));
          sink.commit(Coverage.PART, Optional.of("{" + round + "}"));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hadoop", "jdbc"})
  void losesNothingWhenTwoWorkspacesCommitAtOnce(String catalog) throws Exception {
    int rounds = 20;
    try (Lakehouse lakehouse = lakehouse(catalog);
        Lakehouse stranger = lakehouse(catalog)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        List<Future<?>> writers = new ArrayList<>();
        for (String workspace : List.of(W1, W2)) {
          // The JDBC catalog's writers share no lock, as if they were two processes.
          Lakehouse writer = catalog.equals("jdbc") && workspace.equals(W2) ? stranger : lakehouse;
          writers.add(
              pool.submit(
                  () -> {
                    for (int round = 0; round < rounds; round++) {
                      SyncStamp stamp =
                          new SyncStamp(workspace + "-" + round, Instant.EPOCH.plusSeconds(round));
                      Row row = tag(workspace, workspace + round, "x");
                      writer.sync(tags, workspace, Coverage.PART, stamp, List.of(row));
                    }
                  }));
        }
        for (Future<?> writer : writers) {
          writer.get();
        }
      } finally {
        pool.shutdownNow();
      }
      assertThat(lakehouse.rows("tags")).hasSize(2 * rounds);
      Set<String> ids = new HashSet<>();
      for (Snapshot snapshot : lakehouse.table("tags").snapshots()) {
        ids.add(snapshot.summary().get("clockify.sync-id"));
      }
      assertThat(ids).hasSize(2 * rounds);
    }
  }
}
