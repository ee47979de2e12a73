// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a table that somebody deleted, cut, moved or dated wrongly, and what repairs them. */
class DamagedTableTest {
  @TempDir private Path directory;

  private Lakehouse lakehouse;

  @BeforeEach
  void threeRuns() {
    lakehouse = Lakehouse.hadoop(directory);
    for (String name : List.of("A", "A2", "A3")) {
      sync(lakehouse, name);
    }
  }

  @AfterEach
  void close() {
    lakehouse.close();
  }

  @Test
  void aMissingDataFileIsNamedAndTheTableIsExactOnceItIsBack() throws IOException {
    Path file = dataFile();
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    assertRefusal("A4", "clockify.tags", file.getFileName().toString(), "missing or damaged");
    Files.write(file, content);
    assertExactAfterwards();
  }

  @Test
  void aTableWithAMissingDataFileIsLoadedAnewOnceItIsDropped() throws IOException {
    Files.delete(dataFile());
    assertRefusal("A4", "drop the table, and the next sync loads a new one");
    lakehouse.catalog().catalog().dropTable(lakehouse.catalog().identifier("tags"), false);
    assertExactAfterwards();
  }

  @Test
  void aDataFileCutInHalfIsNamed() throws IOException {
    Path file = dataFile();
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length / 2));
    assertRefusal("A4", file.getFileName().toString(), "missing or damaged");
    Files.write(file, content);
    assertExactAfterwards();
  }

  @Test
  void aManifestListCutInHalfOrGoneIsNamed() throws IOException {
    Path file = Path.of(lakehouse.table("tags").currentSnapshot().manifestListLocation());
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length / 2));
    assertRefusal("A4", file.getFileName().toString(), "missing or damaged");
    Files.delete(file);
    assertRefusal("A4", file.getFileName().toString(), "missing or damaged");
    Files.write(file, content);
    assertExactAfterwards();
  }

  @Test
  void metadataCutInHalfOrEmptyIsNamed() throws IOException {
    Path file = Path.of(operations().current().metadataFileLocation());
    String content = Files.readString(file);
    for (String damaged : List.of(content.substring(0, content.length() / 2), "")) {
      Files.writeString(file, damaged);
      assertRefusal("A4", file.getFileName().toString(), "missing or damaged");
    }
    Files.writeString(file, content);
    assertExactAfterwards();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "\u0000\u00ff\u0007", "none"})
  void aVersionHintThatIsCutOrOldIsSeenThrough(String hint) throws IOException {
    Files.writeString(hintFile(), hint);
    assertExactAfterwards();
  }

  @ParameterizedTest
  @ValueSource(strings = {"77", "-3"})
  void aVersionHintToNothingIsRefusedUntilItIsDeleted(String hint) throws IOException {
    Files.writeString(hintFile(), hint);
    assertRefusal("A4", "version " + hint + " is missing", "delete version-hint.text");
    Files.delete(hintFile());
    assertExactAfterwards();
  }

  @Test
  void aWarehouseThatWasCopiedIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path copy = directory.resolve("copy");
    copy(directory.resolve("lakehouse"), copy.resolve("lakehouse"));
    try (Lakehouse copied = Lakehouse.hadoop(copy)) {
      Set<String> before = copied.files();
      Set<String> original = lakehouse.files();
      ConnectorException refusal =
          catchThrowableOfType(ConnectorException.class, () -> sync(copied, "A4"));
      assertThat(refusal.code()).isEqualTo(ErrorCode.DESTINATION);
      assertThat(refusal)
          .hasMessageContaining(copy.resolve("lakehouse/clockify/tags").toString())
          .hasMessageContaining(directory.resolve("lakehouse/clockify/tags").toString())
          .hasMessageContaining("moved or copied");
      assertThat(copied.files()).isEqualTo(before);
      assertThat(lakehouse.files()).isEqualTo(original);
    }
    assertExactAfterwards();
  }

  @Test
  void aWarehouseThatWasMovedIsRefusedUntilItIsBackOrLinked() throws IOException {
    Path here = directory.resolve("lakehouse");
    Path there = directory.resolve("elsewhere/lakehouse");
    Files.createDirectories(there.getParent());
    Files.move(here, there);
    try (Lakehouse moved = Lakehouse.hadoop(there.getParent())) {
      assertThat(catchThrowableOfType(ConnectorException.class, () -> sync(moved, "A4")))
          .hasMessageContaining("moved or copied");
      assertThat(here).doesNotExist();
      Files.createSymbolicLink(here, there);
      sync(moved, "A5");
      assertThat(moved.column("tags", "name")).isEqualTo(Map.of("a", "A5", "b", "B"));
    }
    assertExactAfterwards();
  }

  @Test
  void aTableDatedLaterThanNowIsNotWrittenUntilTheClockIsRight() throws IOException {
    Path file = Path.of(operations().current().metadataFileLocation());
    String content = Files.readString(file);
    long ahead = 400L * 24 * 60 * 60 * 1000;
    long committed = lakehouse.table("tags").currentSnapshot().timestampMillis();
    Files.writeString(
        file, content.replace(Long.toString(committed), Long.toString(committed + ahead)));
    Set<String> before = parquet();
    assertRefusal("A4", "dated later than now", "clock");
    assertThat(parquet()).as("files of the refused commit are gone").isEqualTo(before);
    Files.writeString(file, content);
    assertExactAfterwards();
  }

  private Set<String> parquet() {
    Set<String> files = lakehouse.files();
    files.removeIf(file -> !file.endsWith(".parquet"));
    return files;
  }

  private void assertRefusal(String name, String... parts) {
    ConnectorException refusal =
        catchThrowableOfType(ConnectorException.class, () -> sync(lakehouse, name));
    assertThat(refusal.code()).isEqualTo(ErrorCode.DESTINATION);
    assertThat(refusal.getMessage()).contains(parts);
  }

  private void assertExactAfterwards() {
    sync(lakehouse, "last");
    assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "last", "b", "B"));
  }

  private static void sync(Lakehouse lakehouse, String name) {
    lakehouse.destination.prepare(List.of(Streams.tags()));
    lakehouse.sync(
        Streams.tags(),
        W1,
        Coverage.WHOLE,
        Row.of(W1, "a", name, null),
        Row.of(W1, "b", "B", null));
  }

  private TableOperations operations() {
    return ((HasTableOperations) lakehouse.table("tags")).operations();
  }

  private Path dataFile() {
    return Path.of(lakehouse.dataFiles("tags").get(0).location());
  }

  private Path hintFile() {
    return lakehouse.warehouse.resolve("clockify/tags/metadata/version-hint.text");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    }
  }
}
