// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;

/**
 * JSON to and from text, without a tree: numbers keep the digits they were sent with.
 *
 * <p>Stateless, thus safe for use by several threads.
 */
final class JsonText {
  private static final int DEPTH_MAX = 100;
  private static final int NUMBER_CHARS_MAX = 1_000;
  private static final char REPLACEMENT = '\uFFFD';

  /**
   * An object with a key twice counts as broken: which of the two is meant, nobody knows. What is
   * copied is checked while it is written; what is read, by {@link ObjectReader} and {@link
   * AnswerReader}, at a tenth of the cost of the parser's own check.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_CHARS_MAX)
                  .build())
          .build();

  private JsonText() {}

  static JsonParser parser(InputStream body) throws IOException {
    return FACTORY.createParser(body);
  }

  /** A parser that stands on the first token of a text. */
  static JsonParser parser(String text) throws IOException {
    JsonParser parser = FACTORY.createParser(text);
    parser.nextToken();
    return parser;
  }

  /**
   * The value the parser stands on as compact text; the parser moves on to the value's last token.
   */
  static String copy(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      int depth = 0;
      do {
        depth += write(parser, generator);
      } while (depth > 0 && parser.nextToken() != null);
    }
    return escapeLoneSurrogates(text.toString());
  }

  /** The text as a JSON string, quotes included. */
  static String quote(String text) {
    return escapeLoneSurrogates(
        '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"');
  }

  /**
   * The text itself, or one in which each half of a surrogate pair without its other half is
   * U+FFFD: JSON can escape such a half, but no UTF-8 can hold it.
   */
  static String encodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaceLoneSurrogates(text, false);
      }
    }
    return text;
  }

  private static String escapeLoneSurrogates(String json) {
    return encodable(json).equals(json) ? json : replaceLoneSurrogates(json, true);
  }

  private static String replaceLoneSurrogates(String text, boolean escape) {
    StringBuilder replaced = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        replaced.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        replaced.append(c).append(text.charAt(++i));
      } else if (escape) {
        replaced.append(String.format("\\u%04x", (int) c));
      } else {
        replaced.append(REPLACEMENT);
      }
    }
    return replaced.toString();
  }

  /** Writes one token; answers by how much it changes the depth. */
  private static int write(JsonParser parser, JsonGenerator generator) throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case START_OBJECT -> generator.writeStartObject();
      case START_ARRAY -> generator.writeStartArray();
      case END_OBJECT -> generator.writeEndObject();
      case END_ARRAY -> generator.writeEndArray();
      case FIELD_NAME -> generator.writeFieldName(parser.currentName());
      case VALUE_STRING -> generator.writeString(parser.getText());
      // As text, not as a number: 1.10 and 1e2 stay what they are, however many digits there are.
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> generator.writeNumber(parser.getText());
      case VALUE_TRUE -> generator.writeBoolean(true);
      case VALUE_FALSE -> generator.writeBoolean(false);
      case VALUE_NULL -> generator.writeNull();
      case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IOException("a JSON text has no token " + token);
    }
    return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
  }
}
