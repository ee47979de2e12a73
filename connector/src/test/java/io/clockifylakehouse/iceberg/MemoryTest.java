// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load of many rows over many partitions in a Java machine with a small heap of its own. */
class MemoryTest {
  private static final int ROWS = 100_000;
  private static final int MONTHS = 40;
  private static final int PAGE = 5_000;

  @TempDir Path directory;

  @Test
  void loadsAndChangesManyMonthsInASmallHeap() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                MemoryTest.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();

    assertThat(Files.readString(output, StandardCharsets.UTF_8))
        .contains("first RowCounts[read=100000, added=100000, changed=0, deleted=0, unchanged=0]")
        .contains("second RowCounts[read=50000, added=0, changed=50000, deleted=0, unchanged=0]");
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      assertThat(lakehouse.dataFiles("entries")).hasSize(MONTHS);
      assertThat(lakehouse.dataFiles("entries").stream().mapToLong(f -> f.recordCount()).sum())
          .isEqualTo(ROWS);
    }
    assertThat(leftovers(temporary)).isEmpty();
  }

  private static List<String> leftovers(Path temporary) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("clockify-lakehouse"))
          .toList();
    }
  }

  public static void main(String[] arguments) {
    StreamDefinition entries = Streams.entries();
    try (Lakehouse lakehouse = Lakehouse.hadoop(Path.of(arguments[0]))) {
      lakehouse.destination.prepare(List.of(entries));
      System.out.println("first " + load(lakehouse, entries, 1, "first").rows());
      System.out.println("second " + load(lakehouse, entries, 2, "second").rows());
    }
  }

  /** Writes each step-th row, in no order of months. */
  private static Committed load(
      Lakehouse lakehouse, StreamDefinition entries, int step, String note) {
    SyncStamp stamp = lakehouse.nextRun();
    try (Sink sink = lakehouse.destination.open(entries, Optional.of(W1), stamp)) {
      List<Row> page = new ArrayList<>();
      for (int i = 0; i < ROWS; i += step) {
        Instant start =
            LocalDate.of(2023, 1, 1)
                .plusMonths(i % MONTHS)
                .atStartOfDay()
                .plusSeconds(i)
                .toInstant(ZoneOffset.UTC);
        page.add(
            Row.of(
                W1,
                "id%020d".formatted(i),
                "user" + i % 50,
                Micros.of(start),
                note + " " + "x".repeat(600),
                null));
        if (page.size() == PAGE) {
          sink.write(page);
          page = new ArrayList<>();
        }
      }
      sink.write(page);
      return sink.commit(Coverage.PART);
    }
  }
}
