// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.LiveRows;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The rows of tables whose snapshots were pinned together: what another run commits meanwhile is
 * not seen. Immutable, thus safe for use by several threads.
 */
final class PinnedRows implements LiveRows {
  private final LakehouseCatalog catalog;
  private final Map<String, Table> tables;

  private PinnedRows(LakehouseCatalog catalog, Map<String, Table> tables) {
    this.catalog = catalog;
    this.tables = tables;
  }

  /** Loads the tables that are there, one right after the other. */
  static PinnedRows of(LakehouseCatalog catalog, Collection<String> names) {
    Map<String, Table> tables = new LinkedHashMap<>();
    names.forEach(name -> catalog.find(name).ifPresent(table -> tables.put(name, table)));
    return new PinnedRows(catalog, tables);
  }

  @Override
  public boolean read(
      String name, List<String> paths, Set<String> workspaces, Consumer<Row> action) {
    Table table = tables.get(name);
    if (table == null) {
      return false;
    }
    try {
      read(table, name, paths, workspaces, action);
    } catch (IOException | RuntimeException e) {
      throw Failures.of("table " + catalog.display(name) + ": cannot read it", e);
    }
    return true;
  }

  private void read(
      Table table, String name, List<String> paths, Set<String> workspaces, Consumer<Row> action)
      throws IOException {
    Schema schema = table.schema();
    boolean marked = schema.findField(TableLayout.DELETED_AT) != null;
    List<String> known = new ArrayList<>();
    paths.stream().filter(path -> schema.findField(path) != null).forEach(known::add);
    if (marked) {
      known.add(TableLayout.DELETED_AT);
    }
    boolean narrowed = !workspaces.isEmpty() && schema.findField(Scope.WORKSPACE) != null;
    if (narrowed) {
      known.add(Scope.WORKSPACE);
    }
    Schema projection = schema.select(known);
    List<int[]> positions = paths.stream().map(path -> positions(projection, path)).toList();
    int deletedAt = marked ? positions(projection, TableLayout.DELETED_AT)[0] : -1;
    int workspace = narrowed ? positions(projection, Scope.WORKSPACE)[0] : -1;
    Expression filter =
        narrowed ? Expressions.in(Scope.WORKSPACE, workspaces) : Expressions.alwaysTrue();
    WorkspaceScan scan = WorkspaceScan.of(table, catalog.display(name), filter, Set.of());
    for (int file = 0; file < scan.tasks().size(); file++) {
      try (CloseableIterable<Record> records = scan.read(file, projection)) {
        for (Record record : records) {
          boolean live = deletedAt < 0 || record.get(deletedAt) == null;
          if (live && (workspace < 0 || workspaces.contains(text(record.get(workspace))))) {
            action.accept(row(record, positions));
          }
        }
      }
    }
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }

  /** From the row down; empty for a path that is not there. */
  private static int[] positions(Schema projection, String path) {
    if (projection.findField(path) == null) {
      return new int[0];
    }
    String[] names = path.split("\\.");
    int[] positions = new int[names.length];
    List<NestedField> fields = projection.columns();
    for (int depth = 0; depth < names.length; depth++) {
      int position = 0;
      while (!fields.get(position).name().equals(names[depth])) {
        position++;
      }
      positions[depth] = position;
      fields =
          fields.get(position).type().isStructType()
              ? fields.get(position).type().asStructType().fields()
              : List.of();
    }
    return positions;
  }

  private static Row row(StructLike record, List<int[]> positions) {
    Row row = new Row(positions.size());
    for (int i = 0; i < positions.size(); i++) {
      row.set(i, at(record, positions.get(i)));
    }
    return row;
  }

  private static Object at(StructLike record, int[] path) {
    Object value = path.length == 0 ? null : record;
    for (int position : path) {
      value = value == null ? null : ((StructLike) value).get(position, Object.class);
    }
    return plain(value);
  }

  private static Object plain(Object value) {
    if (value instanceof StructLike struct) {
      Row row = new Row(struct.size());
      for (int i = 0; i < struct.size(); i++) {
        row.set(i, plain(struct.get(i, Object.class)));
      }
      return row;
    }
    if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>(list.size());
      list.forEach(element -> elements.add(plain(element)));
      return elements;
    }
    return value instanceof CharSequence text ? text.toString() : value;
  }
}
