// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablePreparationTest {
  @TempDir Path directory;

  private static final String NESTED =
      "rate: {type: object, doc: Rate., fields: {amount: {type: int, doc: Cents.}}}";
  private static final String LIST =
      "parts: {type: list, doc: Parts., of: {type: object, fields: {n: {type: int, doc: N.}}}}";

  @Test
  void createsTheTableThatTheStreamDescribes() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(Streams.entries()));

      Table table = lakehouse.table("entries");
      assertThat(((HasTableOperations) table).operations().current().formatVersion()).isEqualTo(2);
      assertThat(table.schema().columns())
          .extracting(Types.NestedField::name)
          .containsExactly(
              "workspace_id",
              "id",
              "user_id",
              "started_at",
              "note",
              "_extra",
              "_synced_at",
              "_sync_id",
              "_deleted_at",
              "_row_hash");
      assertThat(table.schema().columns())
          .filteredOn(Types.NestedField::isRequired)
          .extracting(Types.NestedField::name)
          .containsExactly("workspace_id", "id", "_synced_at", "_sync_id");
      assertThat(table.schema().columns()).allSatisfy(f -> assertThat(f.doc()).isNotBlank());
      assertThat(table.schema().identifierFieldNames())
          .containsExactlyInAnyOrder("workspace_id", "id");
      assertThat(table.spec().fields())
          .extracting(field -> field.name() + " " + field.transform())
          .containsExactly("workspace_id identity", "started_at_month month");
      assertThat(table.sortOrder().fields())
          .extracting(field -> table.schema().findColumnName(field.sourceId()))
          .containsExactly("workspace_id", "user_id", "started_at");
      assertThat(table.properties())
          .containsEntry("clockify.stream", "entries")
          .containsEntry("write.parquet.compression-codec", "zstd")
          .containsEntry("write.metadata.delete-after-commit.enabled", "true")
          .containsEntry("write.metadata.metrics.column.id", "full")
          .containsEntry("write.metadata.metrics.column.workspace_id", "full");
      assertThat(lakehouse.destination.location(Streams.entries())).isEqualTo(table.location());
    }
  }

  @Test
  void writesNothingWhenTheTablesAreReady() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(Streams.tags(NESTED, LIST), Streams.entries()));
      Set<String> before = lakehouse.files();
      lakehouse.destination.prepare(List.of(Streams.tags(NESTED, LIST), Streams.entries()));
      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void addsAndWidensColumnsAndKeepsTheRows() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition before = Streams.tags("count: {type: int, doc: Old.}", NESTED, LIST);
      lakehouse.destination.prepare(List.of(before));
      Row row = Row.of(W1, "a", 7, Row.of(3), List.of(Row.of(1)), null);
      lakehouse.sync(before, W1, Coverage.WHOLE, row);

      StreamDefinition after =
          Streams.tags(
              "colour: {type: string, doc: New and first.}",
              "count: {type: long, doc: New.}",
              "rate: {type: object, doc: Rate., fields: {amount: {type: long, doc: Cents.},"
                  + " currency: {type: string, doc: Code.}}}",
              "parts: {type: list, doc: Parts., of: {type: object, fields: {m: {type: int, doc:"
                  + " M.}, n: {type: long, doc: N.}}}}");
      lakehouse.destination.prepare(List.of(after));

      Table table = lakehouse.table("tags");
      assertThat(table.schema().findField("count").doc()).isEqualTo("New.");
      assertThat(table.schema().findField("rate.currency").doc()).isEqualTo("Code.");
      assertThat(table.schema().findType("parts.element.n")).isEqualTo(Types.LongType.get());
      Row same = Row.of(W1, "a", null, 7L, Row.of(3L, null), List.of(Row.of(null, 1L)), null);
      Row other = Row.of(W1, "b", "red", 8L, Row.of(4L, "EUR"), List.of(Row.of(5, 6L)), null);
      assertThat(lakehouse.sync(after, W1, Coverage.WHOLE, same, other).rows())
          .isEqualTo(new RowCounts(2, 1, 0, 0, 1));
      assertThat(lakehouse.rows("tags").get("a"))
          .containsEntry("count", 7L)
          .containsEntry("colour", null)
          .containsEntry("_sync_id", "run-1");
      assertThat(lakehouse.rows("tags").get("b"))
          .containsEntry("colour", "red")
          .containsEntry("rate", Map.of("amount", 4L, "currency", "EUR"))
          .containsEntry("parts", List.of(Map.of("n", 6L, "m", 5)));

      // An older connector with fewer and narrower columns goes on writing the table.
      lakehouse.destination.prepare(List.of(before));
      lakehouse.sync(before, W1, Coverage.PART, Row.of(W1, "c", 9, null, null, null));
      assertThat(lakehouse.rows("tags").get("c")).containsEntry("count", 9L);
      assertThat(lakehouse.rows("tags").get("b")).containsEntry("colour", "red");
    }
  }

  @Test
  void refusesAChangedTypeBeforeAnyTableIsTouched() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(Streams.tags("count: {type: long, doc: Count.}")));
      Set<String> before = lakehouse.files();

      assertThatThrownBy(
              () ->
                  lakehouse.destination.prepare(
                      List.of(
                          Streams.entries(), Streams.tags("count: {type: string, doc: Count.}"))))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("clockify.tags")
          .hasMessageContaining("column count is long and the stream's is string")
          .hasMessageContaining("rename that table")
          .extracting(e -> ((ConnectorException) e).code())
          .isEqualTo(ErrorCode.DESTINATION);
      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void refusesATableThatIsNotItsOwn() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.catalog().createNamespace();
      lakehouse
          .catalog()
          .catalog()
          .createTable(
              lakehouse.catalog().identifier("tags"),
              new Schema(Types.NestedField.optional(1, "id", Types.StringType.get())));
      assertThatThrownBy(() -> lakehouse.destination.prepare(List.of(Streams.tags())))
          .hasMessageContaining("clockify.tags was not made by this connector")
          .hasMessageContaining("destination.namespace");
    }
  }

  @Test
  void refusesAnotherPartitioning() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      TableLayout layout = TableLayout.of(Streams.tags(), Map.of());
      lakehouse.catalog().createNamespace();
      lakehouse
          .catalog()
          .create(
              "tags",
              new TableLayout(
                  layout.schema(),
                  PartitionSpec.unpartitioned(),
                  layout.sortOrder(),
                  layout.properties()));
      assertThatThrownBy(() -> lakehouse.destination.prepare(List.of(Streams.tags())))
          .hasMessageContaining("partitioned by [] and its stream by [identity(workspace_id)]");
    }
  }

  @Test
  void refusesFilesOfAnOlderPartitioning() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      TableLayout layout = TableLayout.of(Streams.tags(), Map.of());
      lakehouse.catalog().createNamespace();
      Table table = lakehouse.catalog().create("tags", layout);
      table.updateSpec().addField("id").commit();
      RowBuffer buffer = new RowBuffer();
      new RowConversion(Streams.tags(), "tags", table.schema(), new TextCache())
          .write(Row.of(W1, "a", "A", null), 0, "spark", 0, buffer);
      StructLike row = new StoredRow(buffer.array(), 0, table.schema().columns().size());
      PartitionKey partition = new PartitionKey(table.spec(), table.schema());
      partition.partition(row);
      SortedFiles files = new SortedFiles(table, "spark", () -> {});
      SortedFiles.Partition whole = files.begin(partition);
      whole.add(row);
      whole.finish();
      files.written().forEach(file -> table.newAppend().appendFile(file).commit());
      table.updateSpec().removeField("id").commit();
      assertThatThrownBy(
              () -> lakehouse.sync(Streams.tags(), W1, Coverage.WHOLE, Row.of(W1, "a", "A", null)))
          .hasMessageContaining("older partitioning");
    }
  }

  @Test
  void takesNoRowsForATableThatIsBehindItsStream() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(Streams.tags(NESTED)));
      StreamDefinition wider =
          Streams.tags(NESTED.replace("Cents.}", "Cents.}, currency: {type: string, doc: C.}"));
      assertThatThrownBy(() -> lakehouse.sync(wider, W1, Coverage.WHOLE))
          .hasMessageContaining("clockify.tags is behind its stream")
          .hasMessageContaining("currency");
    }
  }

  @Test
  void leavesForeignColumnsAndTheirValuesAlone() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      StreamDefinition wide =
          Streams.tags("name: {type: string, doc: N.}", "x: {type: int, doc: X.}");
      lakehouse.destination.prepare(List.of(wide));
      lakehouse.sync(
          wide, W1, Coverage.WHOLE, Row.of(W1, "a", "A", 1, null), Row.of(W1, "b", "B", 2, null));
      lakehouse.table("tags").updateSchema().moveFirst("x").commit();

      lakehouse.destination.prepare(List.of(Streams.tags()));
      lakehouse.sync(Streams.tags(), W1, Coverage.PART, Row.of(W1, "b", "B2", null));

      assertThat(lakehouse.column("tags", "x")).containsEntry("a", 1).containsEntry("b", null);
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A", "b", "B2"));
    }
  }

  @Test
  void refusesAPropertyThatWouldLoseCommits() {
    IcebergSettings settings =
        new IcebergSettings(
            Map.of("type", "hadoop", "warehouse", directory.toString()),
            "lakehouse",
            "clockify",
            Map.of("commit.retry.num-retries", "0"),
            DeleteMode.HARD,
            1);
    try (IcebergDestination destination = IcebergDestination.open(settings)) {
      assertThatThrownBy(() -> destination.prepare(List.of(Streams.tags())))
          .hasMessageContaining("must be at least 4");
    }
  }

  @Test
  void takesTablePropertiesFromTheSettings() {
    IcebergSettings settings =
        new IcebergSettings(
            Map.of("type", "hadoop", "warehouse", directory.toString()),
            "lakehouse",
            "eu.clockify",
            Map.of("write.parquet.compression-codec", "snappy"),
            DeleteMode.HARD,
            1);
    try (IcebergDestination destination = IcebergDestination.open(settings);
        LakehouseCatalog catalog = LakehouseCatalog.open(settings)) {
      destination.prepare(List.of(Streams.tags()));
      assertThat(catalog.load("tags").properties())
          .containsEntry("write.parquet.compression-codec", "snappy");
      assertThat(catalog.load("tags").location())
          .isEqualTo(directory.resolve("eu/clockify/tags").toString());
    }
  }
}
