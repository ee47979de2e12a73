// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T01:00:00Z");
  private static final Instant SECOND = Instant.parse("2026-01-01T02:00:00Z");
  private static final Instant FOURTH = Instant.parse("2026-01-01T04:00:00Z");

  @TempDir Path directory;

  private static Row tag(String id, String name) {
    return Row.of(W1, id, name, null);
  }

  private static Row entry(String id, String start, String note) {
    return Row.of(W1, id, "u1", Micros.of(Instant.parse(start)), note, null);
  }

  @Test
  void loadsAnEmptyTable() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));

      Committed committed = lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", null));

      assertThat(committed.rows()).isEqualTo(new RowCounts(2, 2, 0, 0, 0));
      Table table = lakehouse.table("tags");
      assertThat(committed.snapshotId()).hasValue(table.currentSnapshot().snapshotId());
      assertThat(table.currentSnapshot().summary())
          .containsEntry("clockify.sync-id", "run-1")
          .containsKey("clockify.attempt-id");
      assertThat(table.currentSnapshot().operation()).isEqualTo("append");
      assertThat(lakehouse.column("tags", "name")).containsEntry("a", "A").containsEntry("b", null);
      assertThat(lakehouse.column("tags", "_synced_at").values()).containsOnly(FIRST);
      assertThat(lakehouse.column("tags", "_sync_id").values()).containsOnly("run-1");
      assertThat(table.location())
          .isEqualTo(lakehouse.warehouse.resolve("clockify/tags").toString());
      assertThat(lakehouse.files()).noneMatch(file -> file.endsWith(".crc"));
    }
  }

  @Test
  void leavesNoTraceWhenNothingChanged() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      Committed first = lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"));
      Set<String> before = lakehouse.files();

      Committed second = lakehouse.sync(tags, W1, Coverage.WHOLE, tag("b", "B"), tag("a", "A"));

      assertThat(second.rows()).isEqualTo(new RowCounts(2, 0, 0, 0, 2));
      assertThat(second.snapshotId()).isEqualTo(first.snapshotId());
      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void commitsNothingForAnEmptyReadOfAnEmptyTable() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(Streams.tags()));
      Set<String> before = lakehouse.files();

      Committed committed = lakehouse.sync(Streams.tags(), W1, Coverage.WHOLE);

      assertThat(committed.rows()).isEqualTo(RowCounts.NONE);
      assertThat(committed.snapshotId()).isEmpty();
      assertThat(lakehouse.files()).isEqualTo(before);
      assertThat(lakehouse.table("tags").schema().findField("name")).isNotNull();
    }
  }

  @Test
  void addsChangesAndDeletesAndLeavesTheRestAlone() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"), tag("c", "C"));

      Committed committed =
          lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B2"), tag("d", "D"));

      assertThat(committed.rows()).isEqualTo(new RowCounts(3, 1, 1, 1, 1));
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A", "b", "B2", "d", "D"));
      assertThat(lakehouse.column("tags", "_synced_at"))
          .isEqualTo(Map.of("a", FIRST, "b", SECOND, "d", SECOND));
      assertThat(lakehouse.column("tags", "_sync_id"))
          .isEqualTo(Map.of("a", "run-1", "b", "run-2", "d", "run-2"));
      assertThat(lakehouse.deleteManifests("tags")).isZero();
    }
  }

  @Test
  void deletesNothingWhenOnlyAPartWasRead() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"));

      Committed committed = lakehouse.sync(tags, W1, Coverage.PART, tag("b", "B2"));

      assertThat(committed.rows()).isEqualTo(new RowCounts(1, 0, 1, 0, 0));
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A", "b", "B2"));
    }
  }

  @Test
  void rewritesOnlyFilesThatHoldAChange() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.PART, tag("a", "A"));
      lakehouse.sync(tags, W1, Coverage.PART, tag("b", "B"));

      lakehouse.sync(tags, W1, Coverage.PART, tag("b", "B2"));

      assertThat(lakehouse.table("tags").currentSnapshot().summary())
          .containsEntry("added-data-files", "1")
          .containsEntry("deleted-data-files", "1")
          .containsEntry("added-records", "1")
          .containsEntry("total-data-files", "2");
    }
  }

  @Test
  void takesTheLaterOfTwoRowsOfOneKey() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      Committed first =
          lakehouse.sync(
              tags,
              W1,
              Coverage.WHOLE,
              tag("a", "old"),
              tag("b", "B"),
              tag("a", "A"),
              tag("b", "B"));
      assertThat(first.rows()).isEqualTo(new RowCounts(2, 2, 0, 0, 0));
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A", "b", "B"));

      // b changes and changes back within one read: that is no change.
      Committed second =
          lakehouse.sync(
              tags,
              W1,
              Coverage.WHOLE,
              tag("b", "B2"),
              tag("a", "A"),
              tag("b", "B"),
              tag("a", "A"));
      assertThat(second.rows()).isEqualTo(new RowCounts(2, 0, 0, 0, 2));
      assertThat(second.snapshotId()).isEqualTo(first.snapshotId());
    }
  }

  @Test
  void movesARowToAnotherPartition() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition entries = Streams.entries();
      lakehouse.destination.prepare(List.of(entries));
      lakehouse.sync(
          entries,
          W1,
          Coverage.WHOLE,
          entry("a", "2026-01-15T00:00:00Z", "a"),
          entry("b", "2026-01-31T23:59:59.999999Z", "b"),
          entry("c", "1969-12-31T23:59:59.999999Z", "c"),
          Row.of(W1, "d", "u1", null, "d", null));

      Committed committed =
          lakehouse.sync(
              entries,
              W1,
              Coverage.PART,
              entry("a", "2026-03-01T00:00:00Z", "a"),
              entry("d", "2026-01-01T00:00:00Z", "d"));

      assertThat(committed.rows()).isEqualTo(new RowCounts(2, 0, 2, 0, 0));
      assertThat(lakehouse.column("entries", "started_at"))
          .isEqualTo(
              Map.of(
                  "a", Instant.parse("2026-03-01T00:00:00Z"),
                  "b", Instant.parse("2026-01-31T23:59:59.999999Z"),
                  "c", Instant.parse("1969-12-31T23:59:59.999999Z"),
                  "d", Instant.parse("2026-01-01T00:00:00Z")));
      assertThat(lakehouse.deleteManifests("entries")).isZero();
    }
  }

  @Test
  void keepsADeletedRowUnderSoftDeletesUntilItComesBack() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory, DeleteMode.SOFT, 1)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"));

      Committed gone = lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));
      assertThat(gone.rows()).isEqualTo(new RowCounts(1, 0, 0, 1, 1));
      Map<String, Object> marked = lakehouse.rows("tags").get("b");
      assertThat(marked)
          .containsEntry("name", "B")
          .containsEntry("_deleted_at", SECOND)
          .containsEntry("_synced_at", SECOND)
          .containsEntry("_sync_id", "run-2");
      assertThat(lakehouse.destination.values(tags, W1, "name")).containsExactly("A");

      Committed still = lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));
      assertThat(still.rows()).isEqualTo(new RowCounts(1, 0, 0, 0, 1));
      assertThat(still.snapshotId()).isEqualTo(gone.snapshotId());

      Committed back = lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"));
      assertThat(back.rows()).isEqualTo(new RowCounts(2, 1, 0, 0, 1));
      assertThat(lakehouse.rows("tags").get("b"))
          .containsEntry("_deleted_at", null)
          .containsEntry("_synced_at", FOURTH);
      assertThat(lakehouse.rows("tags").get("a")).containsEntry("_synced_at", FIRST);
    }
  }

  @Test
  void refusesToDeleteMoreThanTheShrinkLimit() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory, DeleteMode.HARD, 0.5)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"), tag("c", "C"));
      Set<String> before = lakehouse.files();

      assertThatThrownBy(() -> lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A2")))
          .isInstanceOf(ConnectorException.class)
          .extracting(e -> ((ConnectorException) e).code())
          .isEqualTo(ErrorCode.SHRINK_REFUSED);
      assertThatThrownBy(() -> lakehouse.sync(tags, W1, Coverage.WHOLE))
          .hasMessageContaining("clockify.tags")
          .hasMessageContaining(W1)
          .hasMessageContaining("3 of 3")
          .hasMessageContaining("sync.max_shrink");
      assertThat(lakehouse.files()).isEqualTo(before);

      // One of three is within the limit.
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"));
      assertThat(lakehouse.rows("tags")).containsOnlyKeys("a", "b");
    }
  }

  @Test
  void emptiesAWorkspaceAndTouchesNoOther() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));
      lakehouse.sync(tags, W2, Coverage.WHOLE, Row.of(W2, "b", "B", null));

      Committed committed = lakehouse.sync(tags, W1, Coverage.WHOLE);

      assertThat(committed.rows()).isEqualTo(new RowCounts(0, 0, 0, 1, 0));
      assertThat(lakehouse.table("tags").currentSnapshot().operation()).isEqualTo("delete");
      assertThat(lakehouse.rows("tags")).containsOnlyKeys("b");
      assertThat(lakehouse.column("tags", "_synced_at")).containsEntry("b", SECOND);
    }
  }

  @Test
  void mergesAStreamAboveWorkspaces() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition spaces = Streams.workspaces();
      lakehouse.destination.prepare(List.of(spaces));
      lakehouse.sync(
          spaces, null, Coverage.WHOLE, Row.of(W1, "One", null), Row.of(W2, "Two", null));

      Committed committed = lakehouse.sync(spaces, null, Coverage.WHOLE, Row.of(W1, "Uno", null));

      assertThat(committed.rows()).isEqualTo(new RowCounts(1, 0, 1, 1, 0));
      assertThat(lakehouse.column("spaces", "name")).isEqualTo(Map.of(W1, "Uno"));
      assertThat(lakehouse.table("spaces").spec().isUnpartitioned()).isTrue();
    }
  }

  @Test
  void keepsOneKeyInTwoWorkspacesApart() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "one"));
      Committed committed = lakehouse.sync(tags, W2, Coverage.WHOLE, Row.of(W2, "a", "two", null));

      assertThat(committed.rows().added()).isEqualTo(1);
      assertThat(TableRows.read(lakehouse.table("tags")))
          .extracting(row -> row.get("workspace_id") + " " + row.get("name"))
          .containsExactlyInAnyOrder(W1 + " one", W2 + " two");
      assertThat(lakehouse.destination.values(tags, W2, "name")).containsExactly("two");
    }
  }

  @Test
  void refusesARowOfAnotherWorkspace() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(Streams.tags()));
      assertThatThrownBy(
              () -> lakehouse.sync(Streams.tags(), W1, Coverage.PART, Row.of(W2, "a", "A", null)))
          .hasMessageContaining(W2);
    }
  }

  @Test
  void namesTheColumnThatARowLacks() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(Streams.tags()));
      assertThatThrownBy(
              () -> lakehouse.sync(Streams.tags(), W1, Coverage.PART, Row.of(W1, null, "A", null)))
          .hasMessageContaining("id, which is required");
    }
  }

  @Test
  void commitsSeveralTimesInOneRun() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      SyncStamp stamp = lakehouse.nextRun();
      for (String id : List.of("a", "b", "c")) {
        lakehouse.sync(tags, W1, Coverage.PART, stamp, List.of(tag(id, id)));
      }
      assertThat(lakehouse.rows("tags")).containsOnlyKeys("a", "b", "c");
      assertThat(lakehouse.dataFiles("tags"))
          .hasSize(3)
          .allMatch(file -> file.location().contains(stamp.syncId()));
    }
  }

  @Test
  void doesNotBringBackRowsThatAnotherEngineDeleted() throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"), tag("c", "C"));
      Table table = lakehouse.table("tags");
      DataFile file = lakehouse.dataFiles("tags").get(0);
      // The rows are sorted by id: position 1 is b.
      PositionDeleteWriter<Record> deletes =
          new GenericFileWriterFactory.Builder(table)
              .deleteFileFormat(FileFormat.PARQUET)
              .build()
              .newPositionDeleteWriter(
                  OutputFileFactory.builderFor(table, 1, 1)
                      .format(FileFormat.PARQUET)
                      .build()
                      .newOutputFile(table.spec(), file.partition()),
                  table.spec(),
                  file.partition());
      try (deletes) {
        deletes.write(PositionDelete.<Record>create().set(file.location(), 1));
      }
      table.newRowDelta().addDeletes(deletes.toDeleteFile()).commit();
      assertThat(lakehouse.rows("tags")).containsOnlyKeys("a", "c");

      assertThat(lakehouse.sync(tags, W1, Coverage.PART, tag("a", "A2")).rows())
          .isEqualTo(new RowCounts(1, 0, 1, 0, 0));
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A2", "c", "C"));
      assertThat(lakehouse.sync(tags, W1, Coverage.PART, tag("b", "B")).rows().added())
          .isEqualTo(1);
    }
  }

  @Test
  void healsAKeyThatTheTableHoldsTwice() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"));
      // Iceberg appends the same file twice without a word.
      Table table = lakehouse.table("tags");
      DataFile file = lakehouse.dataFiles("tags").get(0);
      table.newAppend().appendFile(file).commit();
      assertThat(TableRows.read(lakehouse.table("tags"))).hasSize(4);

      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"));

      assertThat(lakehouse.rows("tags")).containsOnlyKeys("a", "b");
      assertThat(lakehouse.column("tags", "_synced_at").values()).containsOnly(FIRST);
    }
  }
}
