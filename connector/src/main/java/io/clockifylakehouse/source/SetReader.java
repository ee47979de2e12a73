// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonToken;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Reads arrays that the service sends in no stable order (API.md section 6).
 *
 * <p>The list stays as it was sent. Only when something of an element fits no column, the elements
 * are put in an order that follows from what they hold: the paths of {@code _extra} count them, and
 * would else change from call to call though nothing changed. Stateless, thus safe for use by
 * several threads.
 */
final class SetReader {
  /**
   * @param text all that the element holds, the same however it was sent
   */
  private record Element(Object value, List<Reading.Remainder> remainders, String text) {}

  /** Room for as many elements as most sets have. */
  private static final int FEW = 2;

  private SetReader() {}

  static ValueReader of(Type.Array type) {
    ValueReader element = ValueReader.of(type.element());
    return (parser, reading) -> {
      if (!parser.hasToken(JsonToken.START_ARRAY)) {
        return reading.mismatch(parser);
      }
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        return List.of();
      }
      List<Object> values = new ArrayList<>(FEW);
      List<List<Reading.Remainder>> remainders = new ArrayList<>(FEW);
      boolean allFit = true;
      for (; !parser.hasToken(JsonToken.END_ARRAY); parser.nextToken()) {
        List<Reading.Remainder> rest = new ArrayList<>(0);
        values.add(
            parser.hasToken(JsonToken.VALUE_NULL)
                ? null
                : reading.element(values.size(), rest, () -> element.read(parser, reading)));
        rest.sort(Comparator.comparing(Reading.Remainder::path));
        remainders.add(rest);
        allFit &= rest.isEmpty();
      }
      return allFit ? values : inOrder(type.element(), values, remainders, reading);
    };
  }

  private static List<Object> inOrder(
      Type type, List<Object> values, List<List<Reading.Remainder>> remainders, Reading reading) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      List<Reading.Remainder> rest = remainders.get(i);
      String text = text(type, values.get(i)) + rest;
      elements.add(new Element(values.get(i), rest, text));
    }
    elements.sort(Comparator.comparing(Element::text));
    List<Object> ordered = new ArrayList<>();
    for (Element element : elements) {
      reading.keep(ordered.size(), element.remainders());
      ordered.add(element.value());
    }
    return ordered;
  }

  /** A text that differs for values that differ in more than the order of sets in them. */
  private static String text(Type type, Object value) {
    if (value instanceof Row row && type instanceof Type.Struct struct) {
      StringBuilder text = new StringBuilder("{");
      for (int i = 0; i < row.size(); i++) {
        text.append(text(struct.fields().get(i).type(), row.get(i))).append(',');
      }
      return text.append('}').toString();
    }
    if (value instanceof List<?> list && type instanceof Type.Array array) {
      List<String> texts = new ArrayList<>();
      list.forEach(element -> texts.add(text(array.element(), element)));
      if (array.set()) {
        Collections.sort(texts);
      }
      return texts.toString();
    }
    return value instanceof String text ? JsonText.quote(text) : String.valueOf(value);
  }
}
