// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.source.RecordRebuilder;
import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Derived;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.assertj.core.api.SoftAssertions;

/** Compares what a warehouse holds with what the simulated service knows to be true. */
final class StoredRows {
  private StoredRows() {}

  /** Asserts for every stream that its table holds exactly the service's records, each once. */
  static void assertEqualTruth(ClockifySimulator simulator, Path warehouse) {
    SoftAssertions softly = new SoftAssertions();
    for (StreamDefinition stream : TestSync.CATALOG.streams()) {
      softly.check(() -> assertEqualTruth(stream, simulator, warehouse));
    }
    softly.assertAll();
  }

  static void assertEqualTruth(
      StreamDefinition stream, ClockifySimulator simulator, Path warehouse) {
    assertEqual(
        stream, truths(stream, simulator), byKey(stream, TableRows.read(warehouse, stream.name())));
  }

  /** Asserts that rows are exactly these records. */
  static void assertEqual(
      StreamDefinition stream, Map<String, Truth> truths, Map<String, Map<String, Object>> rows) {
    assertThat(rows.keySet()).as(stream.name()).isEqualTo(truths.keySet());
    rows.forEach((key, row) -> assertHolds(stream, truths.get(key), row));
  }

  /** Asserts that a row holds a record, nothing lost and nothing added. */
  static void assertHolds(StreamDefinition stream, Truth truth, Map<String, Object> row) {
    RecordRebuilder.assertHolds(stream, truth.record().toString(), row(stream, row));
    truth.ancestors().forEach((column, id) -> assertThat(row.get(column)).as(column).isEqualTo(id));
  }

  /** What the service has of a stream, by workspace and key. */
  static Map<String, Truth> truths(StreamDefinition stream, ClockifySimulator simulator) {
    Map<String, Truth> truths = new TreeMap<>();
    for (Truth one : simulator.truth(stream.name())) {
      String key = key(stream, one);
      assertThat(truths.put(key, one)).as("%s %s is true once", stream.name(), key).isNull();
    }
    return truths;
  }

  /** Rows of a table by workspace and key, each once. */
  static Map<String, Map<String, Object>> byKey(
      StreamDefinition stream, List<Map<String, Object>> rows) {
    Map<String, Map<String, Object>> stored = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      StringBuilder key = new StringBuilder(String.valueOf(row.get("workspace_id")));
      stream.key().forEach(column -> key.append('|').append(row.get(column)));
      assertThat(stored.put(key.toString(), row))
          .as("%s %s is stored once", stream.name(), key)
          .isNull();
    }
    return stored;
  }

  /** The names of the data files of every table's current snapshot. */
  static Set<String> dataFiles(Path warehouse) {
    HadoopTables tables = new HadoopTables(new Configuration());
    Set<String> names = new TreeSet<>();
    try (Stream<Path> locations = Files.list(warehouse.resolve("clockify"))) {
      for (Path location : locations.toList()) {
        try (CloseableIterable<FileScanTask> tasks =
            tables.load(location.toString()).newScan().planFiles()) {
          tasks.forEach(
              task -> names.add(Path.of(task.file().location()).getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  /** How many rows of a stream the service has. */
  static int truthSize(ClockifySimulator simulator, String stream) {
    return simulator.truth(stream).size();
  }

  private static String key(StreamDefinition stream, Truth truth) {
    StringBuilder key = new StringBuilder(String.valueOf(truth.ancestors().get("workspace_id")));
    for (String column : stream.key()) {
      String value = truth.ancestors().get(column);
      key.append('|').append(value == null ? field(stream, column, truth) : value);
    }
    return key.toString();
  }

  private static String field(StreamDefinition stream, String column, Truth truth) {
    for (Derived derived : stream.derived()) {
      if (derived.column().equals(column)) {
        return truth.record().path("approvalRequest").path("id").asText();
      }
    }
    for (Field field : stream.fields()) {
      if (field.column().equals(column)) {
        return truth.record().path(field.path()).asText();
      }
    }
    throw new AssertionError(stream.name() + " has no field for " + column);
  }

  /** A row as the source made it, of what the table holds. */
  static Row row(StreamDefinition stream, Map<String, Object> stored) {
    Row row = new Row(stream.columns().size());
    for (int i = 0; i < stream.columns().size(); i++) {
      Column column = stream.columns().get(i);
      row.set(i, value(column.type(), stored.get(column.name())));
    }
    return row;
  }

  private static Object value(Type type, Object stored) {
    if (stored == null) {
      return null;
    }
    if (type instanceof Type.Struct struct) {
      Row row = new Row(struct.fields().size());
      for (int i = 0; i < struct.fields().size(); i++) {
        Field field = struct.fields().get(i);
        row.set(i, value(field.type(), ((Map<?, ?>) stored).get(field.column())));
      }
      return row;
    }
    if (type instanceof Type.Array array) {
      List<Object> elements = new ArrayList<>();
      ((List<?>) stored).forEach(element -> elements.add(value(array.element(), element)));
      return elements;
    }
    return switch ((Type.Primitive) type) {
      case TIMESTAMP -> ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) stored);
      case DATE -> Math.toIntExact(((LocalDate) stored).toEpochDay());
      default -> stored;
    };
  }
}
