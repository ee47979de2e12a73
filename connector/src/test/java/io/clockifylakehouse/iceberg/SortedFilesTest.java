// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedFilesTest {
  @TempDir Path directory;

  private static List<Row> shuffled(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(Row.of(W1, "id%08d".formatted(i), "name " + i, null));
    }
    Collections.shuffle(rows, new Random(20261121L));
    return rows;
  }

  @Test
  void sortsTheRowsOfAFile() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, lakehouse.nextRun(), shuffled(3_000));

      assertThat(lakehouse.dataFiles("tags")).hasSize(1);
      List<String> ids = new ArrayList<>();
      for (Map<String, Object> row : TableRows.read(lakehouse.table("tags"))) {
        ids.add((String) row.get("id"));
      }
      assertThat(ids).hasSize(3_000).isSorted();
    }
  }

  @Test
  void beginsANewFileAtTheTargetSizeAndLosesNoRow() {
    int count = 2 * SortedFiles.CHUNK_ROWS + 1;
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition tags = Streams.tags();
      lakehouse.destination.prepare(List.of(tags));
      lakehouse
          .table("tags")
          .updateProperties()
          .set("write.target-file-size-bytes", "100000")
          .commit();
      lakehouse.sync(tags, W1, Coverage.WHOLE, lakehouse.nextRun(), shuffled(count));

      assertThat(lakehouse.dataFiles("tags")).hasSizeGreaterThan(2);
      assertThat(
              TableRows.read(lakehouse.table("tags")).stream()
                  .map(row -> row.get("id"))
                  .collect(Collectors.toSet()))
          .hasSize(count);
    }
  }
}
