// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Type;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one value into the Java class its type is carried as; what does not fit is kept by the
 * {@link Reading}.
 *
 * <p>Implementations are stateless, thus safe for use by several threads.
 */
@FunctionalInterface
interface ValueReader {
  /** Significant decimal digits that every double in its normal range keeps. */
  int EXACT_DIGITS = 15;

  /**
   * Reads the value the parser stands on, which is not JSON null; the parser moves on to its last
   * token.
   */
  Object read(JsonParser parser, Reading reading) throws IOException;

  static ValueReader of(Type type) {
    if (type instanceof Type.Struct struct) {
      return struct(struct);
    }
    if (type instanceof Type.Array array) {
      return array.set() ? SetReader.of(array) : list(array);
    }
    return switch ((Type.Primitive) type) {
      case STRING -> ValueReader::string;
      case BOOLEAN -> ValueReader::flag;
      case INT -> ValueReader::integer;
      case LONG -> ValueReader::longInteger;
      case DOUBLE -> ValueReader::real;
      case DATE -> ValueReader::date;
      case TIMESTAMP -> ValueReader::timestamp;
      case JSON -> (parser, reading) -> JsonText.copy(parser);
    };
  }

  private static ValueReader struct(Type.Struct type) {
    ObjectReader reader = ObjectReader.of(type.fields());
    int size = type.fields().size();
    return (parser, reading) -> {
      if (!parser.hasToken(JsonToken.START_OBJECT)) {
        return reading.mismatch(parser);
      }
      Row row = new Row(size);
      reader.read(parser, row, reading);
      return row;
    };
  }

  private static ValueReader list(Type.Array type) {
    ValueReader element = of(type.element());
    return (parser, reading) -> {
      if (!parser.hasToken(JsonToken.START_ARRAY)) {
        return reading.mismatch(parser);
      }
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        return List.of();
      }
      List<Object> list = new ArrayList<>();
      for (; !parser.hasToken(JsonToken.END_ARRAY); parser.nextToken()) {
        reading.enter(list.size());
        list.add(parser.hasToken(JsonToken.VALUE_NULL) ? null : element.read(parser, reading));
        reading.leave();
      }
      return list;
    };
  }

  private static Object string(JsonParser parser, Reading reading) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return reading.mismatch(parser);
    }
    String text = reading.text(parser);
    if (!surrogates(parser)) {
      return text;
    }
    String encodable = JsonText.encodable(text);
    if (!encodable.equals(text)) {
      reading.mismatch(parser);
    }
    return encodable;
  }

  private static boolean surrogates(JsonParser parser) throws IOException {
    char[] chars = parser.getTextCharacters();
    int begin = parser.getTextOffset();
    for (int i = parser.getTextLength() - 1; i >= 0; i--) {
      if (Character.isSurrogate(chars[begin + i])) {
        return true;
      }
    }
    return false;
  }

  private static Object flag(JsonParser parser, Reading reading) throws IOException {
    return parser.currentToken().isBoolean()
        ? (Object) parser.getBooleanValue()
        : reading.mismatch(parser);
  }

  private static Object integer(JsonParser parser, Reading reading) throws IOException {
    Long value = whole(parser);
    return value == null || value != value.intValue()
        ? reading.mismatch(parser)
        : (Object) value.intValue();
  }

  private static Object longInteger(JsonParser parser, Reading reading) throws IOException {
    Long value = whole(parser);
    return value == null ? reading.mismatch(parser) : value;
  }

  /** The whole number the parser stands on ({@code 200.0} is one); null when there is none. */
  static Long whole(JsonParser parser) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      return null;
    }
    try {
      return parser.hasToken(JsonToken.VALUE_NUMBER_INT)
          ? Long.parseLong(parser.getText())
          : new BigDecimal(parser.getText()).longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  private static Object real(JsonParser parser, Reading reading) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      return reading.mismatch(parser);
    }
    String text = parser.getText();
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      return reading.mismatch(parser);
    }
    if (!exact(text, value)) {
      reading.mismatch(parser);
    }
    return value;
  }

  /** True when the double, written in decimal, is the number that was sent. */
  private static boolean exact(String text, double value) {
    boolean exponent = text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    if (text.length() <= EXACT_DIGITS && !exponent) {
      return true;
    }
    BigDecimal sent;
    try {
      sent = new BigDecimal(text);
    } catch (NumberFormatException e) {
      return false;
    }
    boolean normal = sent.signum() == 0 || Math.abs(value) >= Double.MIN_NORMAL;
    return normal && sent.stripTrailingZeros().precision() <= EXACT_DIGITS
        || sent.compareTo(shortest(value)) == 0;
  }

  /**
   * The decimal of fewest digits that reads as the double. Not {@link Double#toString}: before JDK
   * 19 that sometimes writes more digits, and a row must not depend on the JDK that wrote it.
   */
  private static BigDecimal shortest(double value) {
    BigDecimal binary = new BigDecimal(value);
    int digits = 1;
    while (binary.round(new MathContext(digits)).doubleValue() != value) {
      digits++;
    }
    return binary.round(new MathContext(digits));
  }

  private static Object date(JsonParser parser, Reading reading) throws IOException {
    Integer day = parser.hasToken(JsonToken.VALUE_STRING) ? IsoText.date(parser.getText()) : null;
    return day == null ? reading.mismatch(parser) : day;
  }

  private static Object timestamp(JsonParser parser, Reading reading) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return reading.mismatch(parser);
    }
    String text = parser.getText();
    long micros = IsoText.micros(text);
    if (micros == IsoText.UNREADABLE) {
      return reading.mismatch(parser);
    }
    if (IsoText.finerThanMicros(text)) {
      reading.mismatch(parser);
    }
    return micros;
  }
}
