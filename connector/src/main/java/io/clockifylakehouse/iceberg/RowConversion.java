// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Writes a stream's rows as rows of its table, with Iceberg's internal values (instants as
 * microseconds, dates as days), matched by column name: the table may order its columns otherwise
 * and have more of them.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
final class RowConversion {
  private final String table;
  private final TextCache texts;
  private final List<NestedField> columns;
  private final Value[] values;
  private final boolean[] required;
  private final int[] positions;
  private final int syncedAt;
  private final int syncId;
  private final int rowHash;

  /**
   * @param table its name, for messages
   * @param texts shared with the hash of the same rows
   * @throws ConnectorException of code DESTINATION when the table lacks a column of the stream
   */
  RowConversion(StreamDefinition stream, String table, Schema schema, TextCache texts) {
    this.texts = texts;
    this.table = table;
    this.columns = schema.columns();
    this.values = new Value[columns.size()];
    this.required = new boolean[columns.size()];
    this.positions = new int[columns.size()];
    Arrays.fill(positions, -1);
    for (int i = 0; i < stream.columns().size(); i++) {
      Column column = stream.columns().get(i);
      int position = position(column.name());
      positions[position] = i;
      values[position] = Value.to(column.type(), columns.get(position).type(), texts);
      required[position] = columns.get(position).isRequired();
    }
    this.syncedAt = position(TableLayout.SYNCED_AT);
    this.syncId = position(TableLayout.SYNC_ID);
    this.rowHash = position(TableLayout.ROW_HASH);
  }

  private int position(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    throw new ConnectorException(
        ErrorCode.DESTINATION,
        "table " + table + " has no column " + column + "; run sync, which adds missing columns");
  }

  /**
   * Writes a row with the connector's own columns, in the order of the table's columns.
   *
   * @param syncedAtMicros start of the run that writes the row
   */
  void write(Row row, long syncedAtMicros, String runId, long contentHash, RowBuffer out) {
    for (int i = 0; i < values.length; i++) {
      Object value = positions[i] < 0 ? null : row.get(positions[i]);
      if (value != null) {
        values[i].write(value, out);
      } else if (i == syncedAt) {
        out.put(syncedAtMicros);
      } else if (i == syncId) {
        out.put(texts.of(runId).utf8());
      } else if (i == rowHash) {
        out.put(contentHash);
      } else if (required[i]) {
        throw missing(columns.get(i).name());
      } else {
        out.putNull();
      }
    }
  }

  private ConnectorException missing(String column) {
    return new ConnectorException(
        ErrorCode.DESTINATION,
        "table "
            + table
            + ": a row has no "
            + column
            + ", which is required; if another program wrote it, roll the table back, or drop"
            + " it and sync anew");
  }

  /** Writes one value, not null, as its table's column holds it. */
  @FunctionalInterface
  private interface Value {
    void write(Object value, RowBuffer out);

    static Value to(Type source, org.apache.iceberg.types.Type target, TextCache texts) {
      if (source instanceof Type.Struct struct) {
        return struct(struct, target.asStructType(), texts);
      }
      if (source instanceof Type.Array array) {
        return list(to(array.element(), target.asListType().elementType(), texts));
      }
      return switch (target.typeId()) {
        case BOOLEAN -> (value, out) -> out.put((boolean) value);
        case INTEGER, DATE -> (value, out) -> out.put((int) value);
        // An int column whose table was widened before is a long there.
        case LONG, TIMESTAMP -> (value, out) -> out.put(((Number) value).longValue());
        case DOUBLE -> (value, out) -> out.put((double) value);
        default -> (value, out) -> out.put(texts.of((String) value).utf8());
      };
    }

    private static Value list(Value element) {
      return (value, out) -> {
        List<?> elements = (List<?>) value;
        int begun = out.begin(RowBuffer.LIST, elements.size());
        for (Object one : elements) {
          writeOrNull(element, one, out);
        }
        out.end(begun);
      };
    }

    private static Value struct(Type.Struct source, Types.StructType target, TextCache texts) {
      int size = target.fields().size();
      Value[] values = new Value[size];
      int[] positions = new int[size];
      Arrays.fill(positions, -1);
      for (int i = 0; i < source.fields().size(); i++) {
        Field field = source.fields().get(i);
        NestedField column = target.field(field.column());
        int position = target.fields().indexOf(column);
        values[position] = to(field.type(), column.type(), texts);
        positions[position] = i;
      }
      return (value, out) -> {
        int begun = out.begin(RowBuffer.STRUCT, size);
        for (int i = 0; i < size; i++) {
          Object one = positions[i] < 0 ? null : ((Row) value).get(positions[i]);
          writeOrNull(values[i], one, out);
        }
        out.end(begun);
      };
    }

    private static void writeOrNull(Value as, Object value, RowBuffer out) {
      if (value == null) {
        out.putNull();
      } else {
        as.write(value, out);
      }
    }
  }
}
