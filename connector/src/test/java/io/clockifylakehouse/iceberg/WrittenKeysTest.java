// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenKeysTest {
  private static final StreamDefinition WORK = Streams.work();

  @TempDir Path directory;

  private static DataFile file(String location) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(location)
        .withFormat("parquet")
        .withFileSizeInBytes(1)
        .withRecordCount(1)
        .build();
  }

  private static MergeIndex index(int from, int to) {
    MergeIndex index = new MergeIndex(0);
    for (int id = from; id < to; id++) {
      index.offer(KeyHash.of(new Object[] {W1, "id-" + id}), id);
    }
    return index;
  }

  @Test
  void knowsEachKeyOfEachPortion() {
    WrittenKeys written = new WrittenKeys(10_000);
    written.add(index(0, 1_000), List.of(file("a")), List.of());
    written.add(index(1_000, 3_000), List.of(file("b")), List.of());

    assertThat(written.lackNewOf(index(3_000, 9_000))).isTrue();
    for (int id = 0; id < 3_000; id++) {
      assertThat(written.lackNewOf(index(id, id + 1))).isFalse();
    }
  }

  @Test
  void coversAFileInPlaceOfThoseItHasTheRowsOf() {
    WrittenKeys written = new WrittenKeys(10_000);
    written.add(index(0, 10), List.of(file("a")), List.of());
    written.add(index(10, 20), List.of(file("b")), List.of(file("a")));

    assertThat(written.covers(file("a"))).isFalse();
    assertThat(written.covers(file("b"))).isTrue();
  }

  @Test
  void coversNoFileWithRowsThatItDoesNotKnow() {
    WrittenKeys written = new WrittenKeys(25);
    written.add(index(0, 10), List.of(file("b")), List.of(file("of an earlier run")));
    assertThat(written.covers(file("b"))).isFalse();

    written.add(index(0, 20), List.of(file("c")), List.of());
    written.add(index(20, 30), List.of(file("one too many")), List.of());
    assertThat(written.covers(file("c"))).isTrue();
    assertThat(written.covers(file("one too many"))).isFalse();
  }

  @Test
  void aRowThatCameToAnotherScopeBetweenPortionsIsThereOnce() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory, DeleteMode.HARD, 0.5)) {
      lakehouse.destination.prepare(List.of(WORK));
      List<String> users = List.of("u1", "u2", "u3");
      List<Row> rows = new ArrayList<>();
      for (String user : users) {
        Region portion = new Region(Period.ALWAYS, Optional.of(Set.of(user)), Set.of());
        rows.add(work(user, "moves", user));
        lakehouse.sync(
            WORK,
            W1,
            portion,
            Coverage.WHOLE,
            work(user, "own-" + user, ""),
            rows.get(rows.size() - 1));
      }

      assertThat(lakehouse.rows("work")).containsOnlyKeys("own-u1", "own-u2", "own-u3", "moves");
      assertThat(lakehouse.column("work", "user_id")).containsEntry("moves", "u3");
    }
  }

  private static Row work(String user, String id, String note) {
    return Row.of(W1, user, id, Micros.of(Instant.parse("2026-03-01T00:00:00Z")), note, null);
  }
}
