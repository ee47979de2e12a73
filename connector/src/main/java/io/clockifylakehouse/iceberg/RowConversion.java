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
  private final Types.StructType target;
  private final Column[] sources;
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
    this.target = schema.asStruct();
    this.sources = new Column[target.fields().size()];
    this.positions = new int[target.fields().size()];
    Arrays.fill(positions, -1);
    for (int i = 0; i < stream.columns().size(); i++) {
      Column column = stream.columns().get(i);
      int position = position(column.name());
      sources[position] = column;
      positions[position] = i;
    }
    this.syncedAt = position(TableLayout.SYNCED_AT);
    this.syncId = position(TableLayout.SYNC_ID);
    this.rowHash = position(TableLayout.ROW_HASH);
  }

  private int position(String column) {
    for (int i = 0; i < target.fields().size(); i++) {
      if (target.fields().get(i).name().equals(column)) {
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
    GenericRecord record = GenericRecord.create(target);
    for (int i = 0; i < sources.length; i++) {
      if (positions[i] >= 0) {
        NestedField field = target.fields().get(i);
        Object value = row.get(positions[i]);
        if (value == null && field.isRequired()) {
          throw new ConnectorException(
              ErrorCode.DESTINATION,
              "table " + table + ": a row has no " + field.name() + ", which is required");
        }
        record.set(i, convert(sources[i].type(), field.type(), value));
      }
    }
    record.set(syncedAt, syncedAtMicros);
    record.set(syncId, runId);
    record.set(rowHash, contentHash);
    return record;
  }

  private static Object convert(Type source, org.apache.iceberg.types.Type target, Object value) {
    if (value == null) {
      return null;
    }
    if (source instanceof Type.Struct struct) {
      return convert(struct, target.asStructType(), (Row) value);
    }
    if (source instanceof Type.Array array) {
      List<Object> elements = new ArrayList<>();
      for (Object element : (List<?>) value) {
        elements.add(convert(array.element(), target.asListType().elementType(), element));
      }
      return elements;
    }
    // The one difference that evolution lets pass: an int column whose table was widened before.
    return source == Type.Primitive.INT
            && target.typeId() == org.apache.iceberg.types.Type.TypeID.LONG
        ? Long.valueOf((Integer) value)
        : value;
  }

  private static Record convert(Type.Struct source, Types.StructType target, Row row) {
    GenericRecord record = GenericRecord.create(target);
    for (int i = 0; i < source.fields().size(); i++) {
      Field field = source.fields().get(i);
      NestedField column = target.field(field.column());
      record.setField(field.column(), convert(field.type(), column.type(), row.get(i)));
    }
    return record;
  }
}
