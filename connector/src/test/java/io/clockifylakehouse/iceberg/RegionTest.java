// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.MissingRow;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionTest {
  private static final StreamDefinition WORK = Streams.work();

  @TempDir Path directory;

  private static Row work(String user, String id, String start, String note) {
    return Row.of(W1, user, id, micros(start), note, null);
  }

  private static long micros(String start) {
    return Micros.of(Instant.parse(start + ":00Z"));
  }

  private static Region since(String start) {
    return new Region(Period.since(micros(start)), Optional.empty(), Set.of());
  }

  private static final Row JANUARY = work("u1", "a", "2026-01-10T00:00", "A");
  private static final Row MARCH_EARLY = work("u1", "b", "2026-03-02T00:00", "B");
  private static final Row MARCH_LATE = work("u1", "c", "2026-03-20T00:00", "C");
  private static final Row OTHER_USER = work("u2", "d", "2026-03-21T00:00", "D");
  private static final Row APRIL = work("u2", "e", "2026-04-01T00:00", "E");

  private Lakehouse filled() {
    return filled(DeleteMode.HARD);
  }

  private Lakehouse filled(DeleteMode deletes) {
    Lakehouse lakehouse = Lakehouse.hadoop(directory, deletes, 0.5);
    lakehouse.destination.prepare(List.of(WORK));
    lakehouse.sync(WORK, W1, Coverage.PART, JANUARY, MARCH_EARLY, MARCH_LATE, OTHER_USER, APRIL);
    return lakehouse;
  }

  private static Map<String, Object> starts(Lakehouse lakehouse) {
    return lakehouse.column("work", "started_at").entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toString().substring(5, 10)));
  }

  @Test
  void deletesOnlyFromTheFloorOn() {
    try (Lakehouse lakehouse = filled()) {
      Committed committed =
          lakehouse.sync(WORK, W1, since("2026-03-15T00:00"), Coverage.WHOLE, OTHER_USER, APRIL);

      assertThat(committed.rows()).isEqualTo(new RowCounts(2, 0, 0, 1, 2));
      assertThat(lakehouse.rows("work")).containsOnlyKeys("a", "b", "d", "e");
      assertThat(lakehouse.column("work", "_sync_id").values()).containsOnly("run-1");
    }
  }

  @Test
  void aRowAtTheFloorIsInAndARowAtTheEndIsNot() {
    try (Lakehouse lakehouse = filled()) {
      Region region =
          new Region(
              new Period(micros("2026-03-02T00:00"), micros("2026-03-20T00:00")),
              Optional.empty(),
              Set.of());

      lakehouse.sync(WORK, W1, region, Coverage.WHOLE);

      assertThat(lakehouse.rows("work")).containsOnlyKeys("a", "c", "d", "e");
    }
  }

  @Test
  void deletesOnlyOfTheScopesThatWereRead() {
    try (Lakehouse lakehouse = filled()) {
      Region region =
          new Region(Period.since(micros("2026-03-01T00:00")), Optional.of(Set.of("u2")), Set.of());

      Committed committed = lakehouse.sync(WORK, W1, region, Coverage.WHOLE, APRIL);

      assertThat(committed.rows()).isEqualTo(new RowCounts(1, 0, 0, 1, 1));
      assertThat(lakehouse.rows("work")).containsOnlyKeys("a", "b", "c", "e");
    }
  }

  @Test
  void holdsAllRowsOfAWholeScope() {
    try (Lakehouse lakehouse = filled()) {
      Region region =
          new Region(
              Period.since(micros("2026-03-21T00:00")), Optional.of(Set.of("u2")), Set.of("u1"));
      try (Sink sink =
          lakehouse.destination.open(WORK, Optional.of(W1), region, lakehouse.nextRun())) {
        assertThat(sink.presentCount()).isEqualTo(5);
        sink.write(List.of(APRIL, MARCH_LATE));
        assertThat(sink.missingCount()).isEqualTo(3);
        assertThat(sink.missing(10))
            .containsExactlyInAnyOrder(
                new MissingRow(Optional.of("u1"), List.of("a")),
                new MissingRow(Optional.of("u1"), List.of("b")),
                new MissingRow(Optional.of("u2"), List.of("d")));
        assertThat(sink.missing(2)).hasSize(2);
        sink.write(List.of(JANUARY));
        assertThat(sink.missingCount()).isEqualTo(2);
        sink.commit(Coverage.WHOLE);
      }
      assertThat(lakehouse.rows("work")).containsOnlyKeys("a", "c", "e");
    }
  }

  @Test
  void keepsTheRowsOfScopesThatWereNotReadAfterAll() {
    try (Lakehouse lakehouse = filled()) {
      Committed committed =
          lakehouse.sync(
              WORK,
              W1,
              since("2026-03-01T00:00"),
              new Coverage(true, Set.of("u2", "unknown")),
              MARCH_LATE);

      assertThat(committed.rows()).isEqualTo(new RowCounts(1, 0, 0, 1, 1));
      assertThat(lakehouse.rows("work")).containsOnlyKeys("a", "c", "d", "e");
    }
  }

  @Test
  void followsARowIntoTheRegionAcrossItAndBack() {
    try (Lakehouse lakehouse = filled()) {
      Row in = work("u1", "a", "2026-04-05T00:00", "A");
      Committed moved =
          lakehouse.sync(WORK, W1, since("2026-04-01T00:00"), Coverage.WHOLE, in, APRIL);
      assertThat(moved.rows()).isEqualTo(new RowCounts(2, 0, 1, 0, 1));
      assertThat(starts(lakehouse)).containsEntry("a", "04-05").hasSize(5);

      // Its start was moved out of the region: it is missing there, and was asked for by its id.
      Row out = work("u1", "a", "2026-01-11T00:00", "A");
      Committed back =
          lakehouse.sync(WORK, W1, since("2026-04-01T00:00"), Coverage.WHOLE, out, APRIL);
      assertThat(back.rows()).isEqualTo(new RowCounts(2, 0, 1, 0, 1));
      assertThat(starts(lakehouse)).containsEntry("a", "01-11").hasSize(5);

      // From one month outside to another one.
      Row elsewhere = work("u1", "a", "2025-07-01T00:00", "A");
      lakehouse.sync(WORK, W1, since("2026-04-01T00:00"), Coverage.WHOLE, elsewhere, APRIL);
      assertThat(lakehouse.rows("work")).hasSize(5);
      assertThat(lakehouse.rows("work").get("a").get("started_at").toString()).startsWith("2025");

      lakehouse.sync(WORK, W1, since("2026-04-01T00:00"), Coverage.WHOLE, JANUARY, APRIL);
      assertThat(starts(lakehouse)).containsEntry("a", "01-10").hasSize(5);
    }
  }

  @Test
  void followsARowWithinAFileOfTheRegion() {
    try (Lakehouse lakehouse = filled()) {
      Row moved = work("u1", "b", "2026-03-28T00:00", "B");

      Committed committed =
          lakehouse.sync(WORK, W1, since("2026-03-15T00:00"), Coverage.PART, moved, MARCH_LATE);

      assertThat(committed.rows()).isEqualTo(new RowCounts(2, 0, 1, 0, 1));
      assertThat(starts(lakehouse)).containsEntry("b", "03-28").hasSize(5);
    }
  }

  @Test
  void followsARowToAnotherScope() {
    try (Lakehouse lakehouse = filled()) {
      Region region = new Region(Period.ALWAYS, Optional.of(Set.of("u2")), Set.of());
      Row handedOver = work("u2", "a", "2026-01-10T00:00", "A");

      Committed committed =
          lakehouse.sync(WORK, W1, region, Coverage.WHOLE, handedOver, OTHER_USER, APRIL);

      assertThat(committed.rows()).isEqualTo(new RowCounts(3, 0, 1, 0, 2));
      assertThat(lakehouse.column("work", "user_id")).hasSize(5).containsEntry("a", "u2");
    }
  }

  @Test
  void anEqualRowOutsideIsUnchanged() {
    try (Lakehouse lakehouse = filled()) {
      Set<String> before = lakehouse.files();

      Committed committed =
          lakehouse.sync(
              WORK, W1, since("2026-04-01T00:00"), Coverage.WHOLE, JANUARY, MARCH_EARLY, APRIL);

      assertThat(committed.rows()).isEqualTo(new RowCounts(3, 0, 0, 0, 3));
      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void aMovedRowThatCarriesADeletionMarkComesBack() {
    try (Lakehouse lakehouse = filled(DeleteMode.SOFT)) {
      Region january =
          new Region(
              new Period(micros("2026-01-01T00:00"), micros("2026-02-01T00:00")),
              Optional.empty(),
              Set.of());
      lakehouse.sync(WORK, W1, january, Coverage.WHOLE.confirmed());
      assertThat(lakehouse.column("work", "_deleted_at").get("a")).isNotNull();

      Committed committed =
          lakehouse.sync(WORK, W1, since("2026-04-01T00:00"), Coverage.PART, JANUARY);

      assertThat(committed.rows()).isEqualTo(new RowCounts(1, 1, 0, 0, 0));
      assertThat(lakehouse.column("work", "_deleted_at")).containsEntry("a", null).hasSize(5);
    }
  }

  @Test
  void leavesFilesOutsideAlone() {
    try (Lakehouse lakehouse = filled()) {
      Set<String> january =
          lakehouse.dataFiles("work").stream()
              .filter(file -> file.location().contains("2026-01"))
              .map(DataFile::location)
              .collect(Collectors.toSet());
      lakehouse.sync(
          WORK,
          W1,
          since("2026-03-15T00:00"),
          Coverage.WHOLE,
          work("u1", "c", "2026-03-20T00:00", "C2"),
          OTHER_USER,
          APRIL,
          work("u3", "f", "2026-04-02T00:00", "F"));

      assertThat(lakehouse.column("work", "note")).containsEntry("c", "C2").hasSize(6);
      assertThat(lakehouse.column("work", "_sync_id"))
          .isEqualTo(
              Map.of(
                  "a", "run-1", "b", "run-1", "c", "run-2", "d", "run-1", "e", "run-1", "f",
                  "run-2"));
      assertThat(lakehouse.dataFiles("work").stream().map(DataFile::location)).containsAll(january);
    }
  }

  @Test
  void opensNoFileThatCannotHoldARowOfTheReadOrTheRegion() throws IOException {
    try (Lakehouse lakehouse = filled()) {
      for (DataFile file : lakehouse.dataFiles("work")) {
        if (!file.location().contains("2026-04")) {
          Files.delete(Path.of(file.location()));
        }
      }
      Committed committed =
          lakehouse.sync(
              WORK,
              W1,
              since("2026-04-01T00:00"),
              Coverage.WHOLE,
              work("u1", "f", "2026-04-02T00:00", "F"));
      assertThat(committed.rows()).isEqualTo(new RowCounts(1, 1, 0, 1, 0));

      // "b" may be in March: that file has to be looked into.
      assertThatThrownBy(
              () -> lakehouse.sync(WORK, W1, since("2026-04-01T00:00"), Coverage.PART, MARCH_EARLY))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("2026-03");
    }
  }

  @Test
  void losesToAWriterOfAnotherRegionOfTheWorkspace() {
    try (Lakehouse lakehouse = filled()) {
      try (Sink slow =
          lakehouse.destination.open(
              WORK, Optional.of(W1), since("2026-04-01T00:00"), lakehouse.nextRun())) {
        slow.write(List.of(work("u1", "x", "2026-04-05T00:00", "slow")));
        lakehouse.sync(WORK, W1, Coverage.PART, work("u1", "x", "2026-01-05T00:00", "fast"));

        assertThatThrownBy(() -> slow.commit(Coverage.PART))
            .extracting(e -> ((ConnectorException) e).code())
            .isEqualTo(ErrorCode.COMMIT_CONFLICT);
      }
      assertThat(lakehouse.column("work", "note")).containsEntry("x", "fast").hasSize(6);
    }
  }

  @Test
  void guardsARegionAgainstShrinkingUnlessItIsSmallOrConfirmed() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory, DeleteMode.HARD, 0.5)) {
      lakehouse.destination.prepare(List.of(WORK));
      Row[] rows =
          IntStream.range(0, 20)
              .mapToObj(i -> work("u1", "id" + i, "2026-03-10T00:%02d".formatted(i), "x"))
              .toArray(Row[]::new);
      lakehouse.sync(WORK, W1, Coverage.WHOLE, rows);
      Region march = since("2026-03-01T00:00");
      try (Sink sink =
          lakehouse.destination.open(WORK, Optional.of(W1), march, lakehouse.nextRun())) {
        sink.write(List.of(rows).subList(0, 9));
        assertThatThrownBy(() -> sink.checkShrink(Coverage.WHOLE))
            .isInstanceOf(ConnectorException.class)
            .hasMessageContaining("11 of 20 rows")
            .hasMessageContaining(W1)
            .extracting(e -> ((ConnectorException) e).code())
            .isEqualTo(ErrorCode.SHRINK_REFUSED);
        sink.checkShrink(Coverage.WHOLE.confirmed());
        sink.checkShrink(Coverage.PART);
        sink.checkShrink(new Coverage(true, Set.of("u1")));
        assertThatThrownBy(() -> sink.commit(Coverage.WHOLE)).hasMessageContaining("max_shrink");
      }
      assertThat(lakehouse.rows("work")).hasSize(20);

      Region lastFour = since("2026-03-10T00:16");
      assertThat(lakehouse.sync(WORK, W1, lastFour, Coverage.WHOLE, rows[16]).rows().deleted())
          .isEqualTo(3);
      assertThat(lakehouse.sync(WORK, W1, march, Coverage.WHOLE.confirmed()).rows().deleted())
          .isEqualTo(17);
    }
  }

  @Test
  void findsMovedRowsWhereMetricsSayNothing() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(WORK));
      lakehouse
          .table("work")
          .updateProperties()
          .set("write.metadata.metrics.default", "none")
          .set("write.metadata.metrics.column.id", "none")
          .set("write.metadata.metrics.column.workspace_id", "none")
          .commit();
      lakehouse.sync(WORK, W1, Coverage.PART, JANUARY, MARCH_EARLY, APRIL);
      assertThat(lakehouse.dataFiles("work")).allMatch(f -> f.lowerBounds() == null);

      Region region =
          new Region(Period.since(micros("2026-04-01T00:00")), Optional.of(Set.of("u2")), Set.of());
      lakehouse.sync(WORK, W1, region, Coverage.WHOLE, work("u2", "a", "2026-04-05T00:00", "A"));

      assertThat(starts(lakehouse)).isEqualTo(Map.of("a", "04-05", "b", "03-02"));
    }
  }

  @Test
  void refusesARegionThatTheStreamDoesNotHave() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      for (Region region :
          List.of(
              since("2026-01-01T00:00"),
              new Region(Period.ALWAYS, Optional.of(Set.of("x")), Set.of()))) {
        assertThatThrownBy(() -> lakehouse.sync(tags, W2, region, Coverage.WHOLE))
            .isInstanceOf(ConnectorException.class)
            .hasMessageContaining("stream tags cannot be read by");
      }
    }
  }
}
