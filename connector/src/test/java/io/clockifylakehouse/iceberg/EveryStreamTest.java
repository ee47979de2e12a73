// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream files of the connector as tables: each column of each takes its value. */
class EveryStreamTest {
  private static final int ROWS = 3;

  @TempDir Path directory;

  private static Object sample(Type type, int seed) {
    if (type instanceof Type.Struct struct) {
      Row row = new Row(struct.fields().size());
      for (int i = 0; i < row.size(); i++) {
        row.set(i, sample(struct.fields().get(i).type(), seed + i));
      }
      return row;
    }
    if (type instanceof Type.Array array) {
      return List.of(sample(array.element(), seed), sample(array.element(), seed + 1));
    }
    return switch ((Type.Primitive) type) {
      case STRING, JSON -> "s" + seed;
      case BOOLEAN -> seed % 2 == 0;
      case INT, DATE -> seed;
      case LONG -> (long) seed;
      case DOUBLE -> seed + 0.5;
      case TIMESTAMP -> seed * 1_000_000L;
    };
  }

  /** A sample as {@link TableRows} gives it back. */
  private static Object plain(Type type, Object value) {
    if (type instanceof Type.Struct struct) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < struct.fields().size(); i++) {
        Field field = struct.fields().get(i);
        map.put(field.column(), plain(field.type(), ((Row) value).get(i)));
      }
      return map;
    }
    if (type instanceof Type.Array array) {
      List<Object> list = new ArrayList<>();
      ((List<?>) value).forEach(element -> list.add(plain(array.element(), element)));
      return list;
    }
    return switch ((Type.Primitive) type) {
      case DATE -> LocalDate.ofEpochDay((Integer) value);
      case TIMESTAMP -> Instant.EPOCH.plusSeconds((Long) value / 1_000_000);
      case STRING, JSON, BOOLEAN, INT, LONG, DOUBLE -> value;
    };
  }

  private static List<Row> rows(StreamDefinition stream) {
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < ROWS; n++) {
      Row row = new Row(stream.columns().size());
      for (int i = 0; i < row.size(); i++) {
        row.set(i, sample(stream.columns().get(i).type(), 100 * n + i));
      }
      if (stream.inWorkspace()) {
        row.set(stream.position(Scope.WORKSPACE), W1);
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, Object>> expected(StreamDefinition stream) {
    List<Map<String, Object>> expected = new ArrayList<>();
    for (Row row : rows(stream)) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        Column column = stream.columns().get(i);
        map.put(column.name(), plain(column.type(), row.get(i)));
      }
      expected.add(map);
    }
    return expected;
  }

  @Test
  void storesEveryColumnOfEveryStream() {
    StreamCatalog streams = StreamCatalog.packaged();
    assertThat(streams.streams()).isNotEmpty();
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(streams.streams());
      for (StreamDefinition stream : streams.streams()) {
        String workspace = stream.inWorkspace() ? W1 : null;
        lakehouse.sync(stream, workspace, Coverage.WHOLE, rows(stream).toArray(Row[]::new));

        List<Map<String, Object>> stored = TableRows.read(lakehouse.table(stream.name()));
        stored.forEach(
            row ->
                List.of("_synced_at", "_sync_id", "_deleted_at", "_row_hash").forEach(row::remove));
        assertThat(stored).as(stream.name()).containsExactlyInAnyOrderElementsOf(expected(stream));
        assertThat(lakehouse.dataFiles(stream.name())) // an empty folder is a key of its own on S3
            .as(stream.name())
            .noneMatch(file -> file.location().contains("data//"));
        assertThat(lakehouse.table(stream.name()).schema().columns())
            .as(stream.name())
            .extracting(NestedField::doc)
            .doesNotContainNull();
        assertThat(lakehouse.table(stream.name()).schema().identifierFieldNames())
            .as(stream.name())
            .containsAll(stream.key());
        assertThat(
                lakehouse
                    .sync(stream, workspace, Coverage.WHOLE, rows(stream).toArray(Row[]::new))
                    .rows())
            .as(stream.name())
            .isEqualTo(new RowCounts(ROWS, 0, 0, 0, ROWS));
      }
    }
  }
}
