// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * A stream's row as a record of its table, with Iceberg's internal values (instants as
 * microseconds, dates as days), matched by column name: the table may order its columns otherwise
 * and have more of them.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
final class RowConversion {
  private final String table;
  private final GenericRecord empty;
  private final Value[] values;
  private final boolean[] required;
  private final int[] positions;
  private final int syncedAt;
  private final int syncId;
  private final int rowHash;

  /**
   * @param table its name, for messages
   * @throws ConnectorException of code DESTINATION when the table lacks a column of the stream
   */
  RowConversion(StreamDefinition stream, String table, Schema schema) {
    this.table = table;
    List<NestedField> columns = schema.columns();
    this.empty = GenericRecord.create(schema);
    this.values = new Value[columns.size()];
    this.required = new boolean[columns.size()];
    this.positions = new int[columns.size()];
    Arrays.fill(positions, -1);
    for (int i = 0; i < stream.columns().size(); i++) {
      Column column = stream.columns().get(i);
      int position = position(column.name());
      positions[position] = i;
      values[position] = Value.to(column.type(), columns.get(position).type());
      required[position] = columns.get(position).isRequired();
    }
    this.syncedAt = position(TableLayout.SYNCED_AT);
    this.syncId = position(TableLayout.SYNC_ID);
    this.rowHash = position(TableLayout.ROW_HASH);
  }

  private int position(String column) {
    List<NestedField> columns = empty.struct().fields();
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
   * @param syncedAtMicros start of the run that writes the row
   */
  Record convert(Row row, long syncedAtMicros, String runId, long contentHash) {
    GenericRecord record = empty.copy();
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] >= 0) {
        Object value = row.get(positions[i]);
        if (value != null) {
          record.set(i, values[i].of(value));
        } else if (required[i]) {
          String column = record.struct().fields().get(i).name();
          throw new ConnectorException(
              ErrorCode.DESTINATION,
              "table "
                  + table
                  + ": a row has no "
                  + column
                  + ", which is required; if another program wrote it, roll the table back, or drop"
                  + " it and sync anew");
        }
      }
    }
    record.set(syncedAt, syncedAtMicros);
    record.set(syncId, runId);
    record.set(rowHash, contentHash);
    return record;
  }

  /** One value, not null, as its table's column holds it. */
  @FunctionalInterface
  private interface Value {
    /** A value that the table holds as it is. */
    Value SAME = value -> value;

    Object of(Object value);

    static Value to(Type source, org.apache.iceberg.types.Type target) {
      if (source instanceof Type.Struct struct) {
        return struct(struct, target.asStructType());
      }
      if (source instanceof Type.Array array) {
        Value element = to(array.element(), target.asListType().elementType());
        return element == SAME ? SAME : list(element);
      }
      // The one difference that evolution lets pass: an int column whose table was widened before.
      return source == Type.Primitive.INT
              && target.typeId() == org.apache.iceberg.types.Type.TypeID.LONG
          ? value -> ((Integer) value).longValue()
          : SAME;
    }

    private static Value list(Value element) {
      return value -> {
        List<Object> elements = new ArrayList<>();
        for (Object one : (List<?>) value) {
          elements.add(one == null ? null : element.of(one));
        }
        return elements;
      };
    }

    private static Value struct(Type.Struct source, Types.StructType target) {
      GenericRecord empty = GenericRecord.create(target);
      int size = source.fields().size();
      Value[] values = new Value[size];
      int[] positions = new int[size];
      for (int i = 0; i < size; i++) {
        Field field = source.fields().get(i);
        NestedField column = target.field(field.column());
        values[i] = to(field.type(), column.type());
        positions[i] = target.fields().indexOf(column);
      }
      return value -> {
        GenericRecord record = empty.copy();
        for (int i = 0; i < size; i++) {
          Object one = ((Row) value).get(i);
          record.set(positions[i], one == null ? null : values[i].of(one));
        }
        return record;
      };
    }
  }
}
