// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the fields of one object into a row; an object whose fields are lifted is read into the row
 * of the object around it.
 *
 * <p>Filled before its first use; from then on only guesses change, thus safe for use by several
 * threads.
 */
final class ObjectReader {
  /** Reads one field's value, the parser's current one, and leaves the parser on its last token. */
  @FunctionalInterface
  interface FieldReader {
    void read(JsonParser parser, Row row, Reading reading) throws IOException;
  }

  /** Keeps a field that no column holds. */
  static final FieldReader UNKNOWN = (parser, row, reading) -> reading.unknown(parser);

  private final Map<String, Known> fields = new HashMap<>();
  private final Map<String, ObjectReader> lifted = new HashMap<>();

  /** What the first field follows. */
  private final Known begin = new Known("", UNKNOWN, Integer.MAX_VALUE);

  /**
   * A field that is known.
   *
   * <p>The objects of a list have their fields in one order: what followed a field in the last is
   * looked for first in the next, before it is made a name and looked up. Any thread may change
   * that guess, and none relies on it.
   */
  private static final class Known {
    final SerializedString name;
    final FieldReader reader;
    final int number; // among the fields of its object
    Known likelyNext;

    Known(String name, FieldReader reader, int number) {
      this.name = new SerializedString(name);
      this.reader = reader;
      this.number = number;
    }
  }

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
        replace(name, lift(inner));
      }
      inner.add(source.subList(1, source.size()), field);
    } else {
      replace(name, field);
    }
  }

  /** Sets how a field of this object is read, whatever was said before. */
  void replace(String name, FieldReader field) {
    Known known = fields.get(name);
    fields.put(name, new Known(name, field, known == null ? fields.size() : known.number));
  }

  /** How a field of this object is read; {@link #UNKNOWN} when nothing was said. */
  FieldReader field(String name) {
    Known known = fields.get(name);
    return known == null ? UNKNOWN : known.reader;
  }

  /**
   * Reads the object whose opening brace the parser stands on, up to its closing one.
   *
   * @return whether it has any of the fields
   * @throws IOException when the JSON is broken; a name that comes twice counts as such, for which
   *     of its values is meant, nobody knows
   */
  boolean read(JsonParser parser, Row row, Reading reading) throws IOException {
    boolean any = false;
    long seen = 0;
    Set<String> seenOthers = Set.of();
    Known before = begin;
    for (Known known = next(parser, before);
        parser.hasToken(JsonToken.FIELD_NAME);
        known = next(parser, before)) {
      String name = known == null ? parser.currentName() : known.name.getValue();
      boolean again;
      if (known == null || known.number >= Long.SIZE) {
        seenOthers = seenOthers.isEmpty() ? new HashSet<>() : seenOthers;
        again = !seenOthers.add(name);
      } else {
        again = (seen >>> known.number & 1) != 0;
        seen |= 1L << known.number;
      }
      if (again) {
        throw new JsonParseException(parser, "Duplicate field '" + name + "'");
      }
      before = known == null ? before : known;
      any |= known != null;
      parser.nextToken();
      reading.enter(name);
      (known == null ? UNKNOWN : known.reader).read(parser, row, reading);
      reading.leave();
    }
    return any;
  }

  /**
   * Moves on to the next field's name, or to the end of the object.
   *
   * @return the field; null for one that is not known, and at the end
   */
  private Known next(JsonParser parser, Known before) throws IOException {
    Known likely = before.likelyNext;
    if (likely != null && parser.nextFieldName(likely.name)) {
      return likely;
    }
    String name = likely == null ? parser.nextFieldName() : parser.currentName();
    Known known = parser.hasToken(JsonToken.FIELD_NAME) ? fields.get(name) : null;
    if (known != null) {
      before.likelyNext = known;
    }
    return known;
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
