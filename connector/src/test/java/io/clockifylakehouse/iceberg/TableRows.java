// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.DeleteMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types.NestedField;

/**
 * A table as a list of rows, each a map from column to plain Java value: String, Boolean, Integer,
 * Long, Double, LocalDate, Instant, List, Map, or null. Read with Iceberg's generic reader, which
 * the connector does not use.
 */
public final class TableRows {
  private TableRows() {}

  /** The rows of a table under the warehouse of a Hadoop catalog, namespace {@code clockify}. */
  public static List<Map<String, Object>> read(Path warehouse, String table) {
    return read(
        new IcebergSettings(
            Map.of("type", "hadoop", "warehouse", warehouse.toString()),
            "lakehouse",
            "clockify",
            Map.of(),
            DeleteMode.HARD,
            1),
        table);
  }

  /** The rows of a table, by name, of the catalog that the settings name. */
  public static List<Map<String, Object>> read(IcebergSettings settings, String table) {
    try (LakehouseCatalog catalog = LakehouseCatalog.open(settings)) {
      return read(catalog.load(table));
    }
  }

  public static List<Map<String, Object>> read(Table table) {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record record : records) {
        rows.add(map(record));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static Map<String, Object> map(Record record) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (NestedField field : record.struct().fields()) {
      map.put(field.name(), plain(record.getField(field.name())));
    }
    return map;
  }

  private static Object plain(Object value) {
    if (value instanceof Record record) {
      return map(record);
    }
    if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(plain(element)));
      return elements;
    }
    if (value instanceof OffsetDateTime instant) {
      return instant.toInstant();
    }
    return value instanceof CharSequence ? value.toString() : value;
  }
}
