// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;

/**
 * The content of stored rows, hashed anew from their columns: what {@link RowConversion} wrote,
 * read back. A row whose hash is no longer the stored one was changed by somebody else.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
final class StoredContent {
  private final List<Column> columns;
  private final int[] positions;
  private final int rowHash;
  private final RowHash hash;

  /**
   * @param schema of the records; a column of the stream that it lacks counts as null
   */
  StoredContent(StreamDefinition stream, Schema schema) {
    this.columns = stream.columns();
    this.positions = new int[columns.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = WorkspaceScan.position(schema, columns.get(i).name());
    }
    this.rowHash = WorkspaceScan.position(schema, TableLayout.ROW_HASH);
    this.hash = new RowHash(columns);
  }

  long hash(Record record) {
    Row row = new Row(positions.length);
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] >= 0) {
        row.set(i, value(columns.get(i).type(), record.get(positions[i])));
      }
    }
    return hash.of(row);
  }

  /** True when a record's content is what the sync wrote that wrote it. */
  boolean isAsWritten(Record record) {
    return Long.valueOf(hash(record)).equals(record.get(rowHash));
  }

  private static Object value(Type type, Object stored) {
    if (stored == null) {
      return null;
    }
    if (type instanceof Type.Struct struct) {
      Record record = (Record) stored;
      Row row = new Row(struct.fields().size());
      for (int i = 0; i < row.size(); i++) {
        Field field = struct.fields().get(i);
        row.set(i, value(field.type(), record.getField(field.column())));
      }
      return row;
    }
    if (type instanceof Type.Array array) {
      List<Object> elements = new ArrayList<>();
      ((List<?>) stored).forEach(element -> elements.add(value(array.element(), element)));
      return elements;
    }
    return stored instanceof CharSequence ? stored.toString() : stored;
  }
}
