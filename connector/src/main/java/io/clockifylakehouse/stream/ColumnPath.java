// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A dotted path of columns into the rows of one stream, through structs and lists: {@code
 * approval_request.owner.user_id}, {@code memberships.user_id}, {@code user_ids}.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public final class ColumnPath {
  private final StreamDefinition stream;
  private final String text;
  private final List<Integer> positions;
  private final Type.Primitive type;
  private final boolean repeated;

  private ColumnPath(
      StreamDefinition stream,
      String text,
      List<Integer> positions,
      Type.Primitive type,
      boolean repeated) {
    this.stream = stream;
    this.text = text;
    this.positions = List.copyOf(positions);
    this.type = type;
    this.repeated = repeated;
  }

  /**
   * Resolves a path against a stream's columns.
   *
   * @throws ConnectorException of code CONFIGURATION when a name is no column, with the nearest
   *     one, or when the path does not end at a single value
   */
  public static ColumnPath of(StreamDefinition stream, String dotted) {
    List<Integer> positions = new ArrayList<>();
    Type type = new Type.Struct(fields(stream));
    boolean repeated = false;
    String above = "";
    for (String name : dotted.split("\\.", -1)) {
      if (!(type instanceof Type.Struct struct)) {
        throw fault(stream, dotted, "there is nothing below '" + above + "'");
      }
      above = name;
      int position = position(struct, name);
      if (position < 0) {
        Set<String> known = new LinkedHashSet<>();
        struct.fields().forEach(field -> known.add(field.column()));
        throw fault(stream, dotted, "'" + name + "' is no column" + Document.nearest(name, known));
      }
      positions.add(position);
      type = struct.fields().get(position).type();
      while (type instanceof Type.Array array) {
        repeated = true;
        type = array.element();
      }
    }
    if (!(type instanceof Type.Primitive primitive)) {
      throw fault(stream, dotted, "ends at an object; go on to one of its columns");
    }
    return new ColumnPath(stream, dotted, positions, primitive, repeated);
  }

  /** The stream whose rows the path leads into. */
  public StreamDefinition stream() {
    return stream;
  }

  /** The path within the stream, without its name. */
  public String dotted() {
    return text;
  }

  /** The type of the values at the end; for a list of values, that of one of them. */
  public Type.Primitive type() {
    return type;
  }

  /** True when the path leads through a list, so that one row can have several values. */
  public boolean repeated() {
    return repeated;
  }

  /**
   * The values of a row at the end of the path, as texts, in order. Nulls and empty texts are left
   * out: both stand for an absent reference (Clockify API facts, section 6).
   */
  public List<String> texts(Row row) {
    List<String> texts = new ArrayList<>();
    collect(row, 0, texts);
    return texts;
  }

  private void collect(Object value, int depth, List<String> texts) {
    if (value instanceof List<?> list) {
      list.forEach(element -> collect(element, depth, texts));
    } else if (value instanceof Row row && depth < positions.size()) {
      collect(row.get(positions.get(depth)), depth + 1, texts);
    } else if (value != null && !value.toString().isEmpty()) {
      texts.add(value.toString());
    }
  }

  /** The columns of the stream as if they were the fields of one struct. */
  private static List<Field> fields(StreamDefinition stream) {
    return stream.columns().stream()
        .map(column -> new Field(List.of(), column.name(), column.type(), column.doc()))
        .toList();
  }

  private static int position(Type.Struct struct, String name) {
    for (int i = 0; i < struct.fields().size(); i++) {
      if (struct.fields().get(i).column().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static ConnectorException fault(StreamDefinition stream, String dotted, String reason) {
    return ConnectorException.configuration(
        "column path '" + dotted + "' of stream '" + stream.name() + "': " + reason);
  }

  /** As it is written: the stream's name, then the path. */
  @Override
  public String toString() {
    return stream.name() + "." + text;
  }
}
