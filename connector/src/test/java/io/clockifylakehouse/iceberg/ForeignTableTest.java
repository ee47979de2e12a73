// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.types.Types;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What already has the name of a stream's table, and is not what the connector makes. */
class ForeignTableTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void refusesAnotherFormatVersion(int version) {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      TableLayout layout = TableLayout.of(Streams.tags(), Map.of());
      Map<String, String> properties = new HashMap<>(layout.properties());
      properties.put("format-version", Integer.toString(version));
      lakehouse.catalog().createNamespace();
      lakehouse
          .catalog()
          .create(
              "tags",
              new TableLayout(layout.schema(), layout.spec(), layout.sortOrder(), properties));
      Set<String> before = lakehouse.files();

      assertRefused(lakehouse)
          .hasMessageContaining("clockify.tags has format version " + version)
          .hasMessageContaining(version < 2 ? "format-version to 2" : "rename that table");
      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void aTableOfFormatVersionOneIsTakenOnceItIsUpgraded() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      refusesAnotherFormatVersion(1);
      lakehouse.table("tags").updateProperties().set("format-version", "2").commit();
      sync(lakehouse);
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A"));
    }
  }

  @Test
  void refusesAViewOfTheSameName() {
    try (Lakehouse lakehouse = Lakehouse.jdbc(directory)) {
      lakehouse.catalog().createNamespace();
      ((ViewCatalog) lakehouse.catalog().catalog())
          .buildView(lakehouse.catalog().identifier("tags"))
          .withSchema(new Schema(Types.NestedField.optional(1, "id", Types.StringType.get())))
          .withDefaultNamespace(lakehouse.catalog().namespace())
          .withQuery("spark", "SELECT 'x' AS id")
          .create();
      assertRefused(lakehouse)
          .hasMessageContaining("clockify.tags: the name is taken by a view")
          .hasMessageContaining("destination.namespace");
    }
  }

  @Test
  void refusesADirectoryWithFilesOfNoTable() throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      Path foreign = lakehouse.warehouse.resolve("clockify/tags/data/export.csv");
      Files.createDirectories(foreign.getParent());
      Files.writeString(foreign, "1");
      assertRefused(lakehouse)
          .hasMessageContaining("clockify.tags: its place is taken by files of no table")
          .hasMessageContaining(foreign.toString());
      assertThat(lakehouse.files()).containsExactly("clockify/tags/data/export.csv");
      Files.delete(foreign);
      sync(lakehouse);
    }
  }

  @Test
  void refusesAFileInThePlaceOfTheTable() throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      Files.createDirectories(lakehouse.warehouse.resolve("clockify"));
      Files.writeString(lakehouse.warehouse.resolve("clockify/tags"), "1");
      assertRefused(lakehouse).hasMessageContaining("its place is taken");
    }
  }

  @Test
  void goesOnAfterACreationThatWasCutOff() throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      Path metadata = lakehouse.warehouse.resolve("clockify/tags/metadata");
      Files.createDirectories(metadata);
      Files.writeString(metadata.resolve("5c8f.metadata.json"), "{\"format-ver");
      sync(lakehouse);
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A"));
    }
  }

  @Test
  void goesWithTheSortOrderThatSomebodyChoseLater() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      sync(lakehouse);
      lakehouse.table("tags").replaceSortOrder().desc("name").commit();
      lakehouse.sync(
          Streams.tags(),
          W1,
          Coverage.WHOLE,
          Row.of(W1, "a", "A", null),
          Row.of(W1, "b", "B", null));
      lakehouse.table("tags").replaceSortOrder().commit();
      lakehouse.sync(
          Streams.tags(),
          W1,
          Coverage.WHOLE,
          Row.of(W1, "a", "A", null),
          Row.of(W1, "c", "C", null));
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A", "c", "C"));
    }
  }

  private static void sync(Lakehouse lakehouse) {
    lakehouse.destination.prepare(List.of(Streams.tags()));
    lakehouse.sync(Streams.tags(), W1, Coverage.WHOLE, Row.of(W1, "a", "A", null));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      Lakehouse lakehouse) {
    return assertThatThrownBy(() -> lakehouse.destination.prepare(List.of(Streams.tags())))
        .satisfies(
            e -> assertThat(((ConnectorException) e).code()).isEqualTo(ErrorCode.DESTINATION));
  }
}
