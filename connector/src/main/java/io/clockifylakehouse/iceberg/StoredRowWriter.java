// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.parquet.TripleWriter;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Writes rows to Parquet's columns. Those of {@link RowBuffer} go there as they lie, in one pass
 * and without an object for each value; any other row takes Iceberg's own way.
 *
 * <p>Nested values are levels, as in the paper on Dremel: a value's definition level says how many
 * of the optional and repeated things around it are there, its repetition level which list it goes
 * on with. Not safe for use by several threads.
 *
 * @see <a href="https://doi.org/10.14778/1920841.1920886">Melnik et al. 2010</a>
 */
final class StoredRowWriter implements ParquetValueWriter<StructLike> {
  private final ParquetValueWriter<StructLike> any;
  private final List<Leaf> leaves = new ArrayList<>();
  private final Node[] columns;
  private byte[] bytes;
  private int at;

  private StoredRowWriter(ParquetValueWriter<StructLike> any, MessageType type) {
    this.any = any;
    this.columns = fields(type, type, List.of(), 0, 0);
  }

  /** A writer of the rows of a table. */
  static ParquetValueWriter<StructLike> of(Schema schema, MessageType type) {
    ParquetValueWriter<StructLike> any = InternalWriter.createWriter(schema, type);
    // Of doubles, Iceberg counts those that are no number while it writes them.
    boolean doubles =
        type.getColumns().stream()
            .anyMatch(c -> c.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE);
    return doubles ? any : new StoredRowWriter(any, type);
  }

  @Override
  public void write(int repetition, StructLike row) {
    if (!(row instanceof StoredRow stored)) {
      any.write(repetition, row);
      return;
    }
    bytes = stored.bytes();
    at = stored.begin();
    for (Node column : columns) {
      column.write(repetition);
    }
  }

  @Override
  public List<TripleWriter<?>> columns() {
    return any.columns();
  }

  @Override
  public void setColumnStore(ColumnWriteStore store) {
    any.setColumnStore(store);
    leaves.forEach(leaf -> leaf.column = store.getColumnWriter(leaf.descriptor));
  }

  @Override
  public Stream<FieldMetrics<?>> metrics() {
    return any.metrics();
  }

  private Node[] fields(
      MessageType table, GroupType group, List<String> path, int definition, int repetition) {
    Node[] nodes = new Node[group.getFieldCount()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = node(table, group.getType(i), path, definition, repetition);
    }
    return nodes;
  }

  /**
   * @param around path of what the type is in
   * @param definition level of what the type is in
   * @param repetition level of what the type is in
   */
  private Node node(
      MessageType table, Type type, List<String> around, int definition, int repetition) {
    List<String> path = new ArrayList<>(around);
    path.add(type.getName());
    int present = definition + (type.isRepetition(Type.Repetition.OPTIONAL) ? 1 : 0);
    boolean required = present == definition;
    if (type.isPrimitive()) {
      Leaf leaf =
          new Leaf(table.getColumnDescription(path.toArray(String[]::new)), present, required);
      leaves.add(leaf);
      return leaf;
    }
    GroupType group = type.asGroupType();
    if (!(group.getLogicalTypeAnnotation()
        instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation)) {
      return new Struct(fields(table, group, path, present, repetition), present, required);
    }
    GroupType repeated = group.getType(0).asGroupType();
    path.add(repeated.getName());
    Node element = node(table, repeated.getType(0), path, present + 1, repetition + 1);
    return new Elements(element, repetition + 1, present, required);
  }

  private int readInt() {
    int value = StoredRow.readInt(bytes, at);
    at += Integer.BYTES;
    return value;
  }

  private long readLong() {
    long value = StoredRow.readLong(bytes, at);
    at += Long.BYTES;
    return value;
  }

  /** Something that has a value in each row, or null. */
  private abstract class Node {
    final int present; // the definition level when it is there
    private final boolean required;

    Node(int present, boolean required) {
      this.present = present;
      this.required = required;
    }

    /** Writes the value that begins at the position, and moves on behind it. */
    final void write(int repetition) {
      byte kind = bytes[at++];
      if (kind != RowBuffer.NULL) {
        write(kind, repetition);
      } else if (required) {
        throw new IllegalStateException("a stored row lacks a value that is required");
      } else {
        writeNull(repetition, present - 1);
      }
    }

    abstract void write(byte kind, int repetition);

    abstract void writeNull(int repetition, int definition);
  }

  private final class Leaf extends Node {
    final ColumnDescriptor descriptor;
    ColumnWriter column;

    Leaf(ColumnDescriptor descriptor, int present, boolean required) {
      super(present, required);
      this.descriptor = descriptor;
    }

    @Override
    void write(byte kind, int repetition) {
      switch (kind) {
        case RowBuffer.TEXT -> {
          int length = readInt();
          column.write(Binary.fromReusedByteArray(bytes, at, length), repetition, present);
          at += length;
        }
        case RowBuffer.LONG -> column.write(readLong(), repetition, present);
        case RowBuffer.INT -> column.write(readInt(), repetition, present);
        case RowBuffer.FALSE, RowBuffer.TRUE ->
            column.write(kind == RowBuffer.TRUE, repetition, present);
        default -> throw StoredRow.unknown(kind);
      }
    }

    @Override
    void writeNull(int repetition, int definition) {
      column.writeNull(repetition, definition);
    }
  }

  private final class Struct extends Node {
    private final Node[] fields;

    Struct(Node[] fields, int present, boolean required) {
      super(present, required);
      this.fields = fields;
    }

    @Override
    void write(byte kind, int repetition) {
      at += 2 * Integer.BYTES; // its length and the number of its fields
      for (Node field : fields) {
        field.write(repetition);
      }
    }

    @Override
    void writeNull(int repetition, int definition) {
      for (Node field : fields) {
        field.writeNull(repetition, definition);
      }
    }
  }

  private final class Elements extends Node {
    private final Node element;
    private final int level; // the repetition level of each element but the first

    Elements(Node element, int level, int present, boolean required) {
      super(present, required);
      this.element = element;
      this.level = level;
    }

    @Override
    void write(byte kind, int repetition) {
      at += Integer.BYTES; // its length
      int count = readInt();
      if (count == 0) {
        element.writeNull(repetition, present);
      }
      for (int i = 0; i < count; i++) {
        element.write(i == 0 ? repetition : level);
      }
    }

    @Override
    void writeNull(int repetition, int definition) {
      element.writeNull(repetition, definition);
    }
  }
}
