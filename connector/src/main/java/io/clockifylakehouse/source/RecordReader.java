// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads records of one stream into rows, in one pass and without a tree: each value goes to its
 * column, and what no column can hold exactly to {@code _extra}.
 *
 * <p>Compiled once from the stream's definition. Immutable, thus safe for use by several threads.
 */
final class RecordReader {
  private final StreamDefinition stream;
  private final ObjectReader fields;
  private final List<DerivedColumn> derived;
  private final int[] scope;
  private final int[] key;
  private final int window;

  /**
   * @param captures fields whose JSON is also captured, for the embedded records in it
   */
  RecordReader(StreamDefinition stream, List<String> captures) {
    this.stream = stream;
    this.fields = fields(stream);
    this.derived = stream.derived().stream().map(d -> DerivedColumn.of(stream, d)).toList();
    this.scope = positions(stream, stream.scope());
    this.key = positions(stream, stream.key());
    this.window = stream.window().map(w -> stream.position(w.column())).orElse(-1);
    for (String name : captures) {
      fields.replace(name, capture(name, fields.field(name)));
    }
  }

  StreamDefinition stream() {
    return stream;
  }

  /**
   * Reads the record whose opening brace the parser stands on.
   *
   * @param ids of the ancestors, for the scope columns
   * @param index of the record in its answer, for messages
   * @throws IOException when the JSON is broken
   * @throws ConnectorException UNEXPECTED_ANSWER when a column of the key would be null or empty,
   *     no field of the stream is there, or the window column null: such a row belongs to no
   *     period, and no bound would find it
   */
  Row read(JsonParser parser, Scope ids, int index, Reading reading) throws IOException {
    Row row = new Row(stream.columns().size());
    for (int i = 0; i < scope.length; i++) {
      row.set(scope[i], ids.ids().get(stream.scope().get(i)));
    }
    boolean any = fields.read(parser, row, reading);
    for (DerivedColumn column : derived) {
      column.fill(row, reading);
    }
    for (int position : key) {
      boolean empty = key.length == 1 && row.get(position) instanceof String text && text.isBlank();
      if (row.get(position) == null || empty) {
        throw unusable(position, index, row, reading, "part of the key");
      }
    }
    if (!any) { // the key came from the question: an error's body would wipe the row
      throw new ConnectorException(
          ErrorCode.UNEXPECTED_ANSWER,
          "%s: record %d of the answer has none of the stream's fields"
              .formatted(stream.name(), index));
    }
    if (window >= 0 && row.get(window) == null) {
      throw unusable(window, index, row, reading, "what the stream is read by");
    }
    row.set(row.size() - 1, reading.endRecord());
    return row;
  }

  private ConnectorException unusable(
      int position, int index, Row row, Reading reading, String role) {
    Column column = stream.columns().get(position);
    String source = source(column.name());
    String seen = reading.kept(source).map(Seen::kind).orElse("nothing");
    String which = position == window ? " " + key(row) : "";
    return new ConnectorException(
        ErrorCode.UNEXPECTED_ANSWER,
        "%s: record %d of the answer%s has %s at '%s', which is %s and should be of type %s"
            .formatted(
                stream.name(),
                index,
                which,
                row.get(position) == null ? seen : "an empty text",
                source,
                role,
                column.type().toString().toLowerCase(Locale.ROOT)));
  }

  /** The row's key, to compare by. */
  List<Object> key(Row row) {
    List<Object> values = new ArrayList<>(key.length);
    for (int position : key) {
      values.add(row.get(position));
    }
    return values;
  }

  private String source(String column) {
    for (Field field : stream.fields()) {
      if (field.column().equals(column)) {
        return field.path();
      }
    }
    return column;
  }

  private static int[] positions(StreamDefinition stream, List<String> columns) {
    return columns.stream().mapToInt(stream::position).toArray();
  }

  private static ObjectReader fields(StreamDefinition stream) {
    ObjectReader reader = new ObjectReader();
    Set<String> scopeLeft = new HashSet<>(stream.scope());
    for (Field field : stream.fields()) {
      int position = stream.position(field.column());
      scopeLeft.remove(field.column());
      reader.add(
          field.source(),
          stream.scope().contains(field.column())
              ? scopeField(field.path(), position)
              : ObjectReader.column(position, ValueReader.of(field.type())));
    }
    for (String column : scopeLeft) {
      String name = camelCase(column);
      if (reader.field(name) == ObjectReader.UNKNOWN) {
        reader.replace(name, scopeField(name, stream.position(column)));
      }
    }
    for (String secret : stream.secrets()) {
      reader.replace(secret, (parser, row, reading) -> parser.skipChildren());
    }
    return reader;
  }

  /**
   * An ancestor's id as the record repeats it: kept only where it differs from the scope, and taken
   * where the scope leaves it open.
   */
  private static ObjectReader.FieldReader scopeField(String name, int position) {
    return (parser, row, reading) -> {
      boolean absent =
          parser.hasToken(JsonToken.VALUE_NULL)
              || parser.hasToken(JsonToken.VALUE_STRING) && parser.getTextLength() == 0;
      String id = parser.hasToken(JsonToken.VALUE_STRING) ? reading.text(parser) : null;
      if (absent || id != null && id.equals(row.get(position))) {
        return;
      }
      if (id != null && row.get(position) == null) {
        row.set(position, id);
        return;
      }
      if (id != null) {
        reading.scopeIs(name, id);
      }
      reading.mismatch(parser);
    };
  }

  private static ObjectReader.FieldReader capture(String name, ObjectReader.FieldReader field) {
    return (parser, row, reading) -> {
      String json = JsonText.copy(parser);
      reading.capture(name, json);
      try (JsonParser again = JsonText.parser(json)) {
        field.read(again, row, reading);
      }
    };
  }

  private static String camelCase(String column) {
    StringBuilder name = new StringBuilder();
    for (String word : column.split("_")) {
      name.append(
          name.length() == 0 ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
