// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the fields of one object into a row; an object whose fields are lifted is read into the row
 * of the object around it.
 *
 * <p>Filled before its first use and unchanged from then on, thus safe for use by several threads.
 */
final class ObjectReader {
  /** Reads one field's value, the parser's current one, and leaves the parser on its last token. */
  @FunctionalInterface
  interface FieldReader {
    void read(JsonParser parser, Row row, Reading reading) throws IOException;
  }

  /** Keeps a field that no column holds. */
  static final FieldReader UNKNOWN = (parser, row, reading) -> reading.unknown(parser);

  private final Map<String, FieldReader> fields = new HashMap<>();
  private final Map<String, ObjectReader> lifted = new HashMap<>();

  /** A reader whose row has one value per field, in the order given. */
  static ObjectReader of(List<Field> fields) {
    ObjectReader reader = new ObjectReader();
    for (int i = 0; i < fields.size(); i++) {
      reader.add(fields.get(i).source(), column(i, ValueReader.of(fields.get(i).type())));
    }
    return reader;
  }

  /** Reads a value into a position of the row; JSON null leaves it null. */
  static FieldReader column(int position, ValueReader value) {
    return (parser, row, reading) -> {
      if (!parser.hasToken(JsonToken.VALUE_NULL)) {
        row.set(position, value.read(parser, reading));
      }
    };
  }

  /** Adds a field by its names from this object down. */
  void add(List<String> source, FieldReader field) {
    String name = source.get(0);
    if (source.size() > 1) {
      ObjectReader inner = lifted.get(name);
      if (inner == null) {
        inner = new ObjectReader();
        lifted.put(name, inner);
        fields.put(name, lift(inner));
      }
      inner.add(source.subList(1, source.size()), field);
    } else {
      fields.put(name, field);
    }
  }

  /** Sets how a field of this object is read, whatever was said before. */
  void replace(String name, FieldReader field) {
    fields.put(name, field);
  }

  /** How a field of this object is read; {@link #UNKNOWN} when nothing was said. */
  FieldReader field(String name) {
    return fields.getOrDefault(name, UNKNOWN);
  }

  /** Reads the object whose opening brace the parser stands on, up to its closing one. */
  void read(JsonParser parser, Row row, Reading reading) throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      reading.enter(name);
      field(name).read(parser, row, reading);
      reading.leave();
    }
  }

  private static FieldReader lift(ObjectReader inner) {
    return (parser, row, reading) -> {
      if (parser.hasToken(JsonToken.START_OBJECT)) {
        inner.read(parser, row, reading);
      } else if (!parser.hasToken(JsonToken.VALUE_NULL)) {
        reading.mismatch(parser);
      }
    };
  }
}
