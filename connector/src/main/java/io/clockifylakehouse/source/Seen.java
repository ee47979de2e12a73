// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.clockifylakehouse.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Says in a few words what an answer was, when it was not what it should be: its kind, a refusal's
 * own words, the names of its fields, but no value of a record, which is somebody's data.
 *
 * <p>What it quotes is short and without control characters; whoever shows it takes the credential
 * out of it ({@code ApiExchange} does). Stateless, thus safe for use by several threads.
 */
final class Seen {
  private static final int QUOTE_CHARS_MAX = 80;
  private static final int NAMES_MAX = 5;
  private static final int BEGINNING_BYTES = 400;

  private Seen() {}

  /** A JSON value by its kind. */
  static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_NULL -> "null";
      default -> "a flag";
    };
  }

  /** The JSON value of a text, by its kind. */
  static String kind(String json) {
    return switch (json.charAt(0)) {
      case '{' -> "an object";
      case '[' -> "a list";
      case '"' -> "a text";
      case 'n' -> "null";
      case 't', 'f' -> "a flag";
      default -> "a number";
    };
  }

  /** The top of a whole JSON body: its kind, and of an object what it says or is made of. */
  static String top(Response response) {
    try (InputStream body = response.open();
        JsonParser parser = JsonText.parser(body)) {
      JsonToken top = parser.nextToken();
      return top == JsonToken.START_OBJECT ? object(parser) : kind(top);
    } catch (IOException e) {
      return "a body that cannot be read twice";
    }
  }

  private static String object(JsonParser parser) throws IOException {
    List<String> names = new ArrayList<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      if (name.equals("message") && value == JsonToken.VALUE_STRING) {
        return "an object that says " + quote(parser.getText());
      }
      if (names.size() <= NAMES_MAX) {
        names.add(names.size() < NAMES_MAX ? quote(name) : "…");
      }
      parser.skipChildren();
    }
    return names.isEmpty() ? "an empty object" : "an object of " + String.join(", ", names);
  }

  /** A body that is no JSON, or not whole: what it says it is, and how it begins. */
  static String broken(Response response, JsonProcessingException failure) {
    if (failure instanceof JsonEOFException) {
      return "cut off";
    }
    try (InputStream body = response.open()) {
      String text = new String(body.readNBytes(BEGINNING_BYTES), StandardCharsets.UTF_8).strip();
      if (!text.isEmpty() && (text.charAt(0) == '[' || text.charAt(0) == '{')) {
        return "broken JSON: " + failure.getOriginalMessage();
      }
      String type = response.header("content-type").map(t -> " (" + quote(t) + ")").orElse("");
      return "no JSON" + type + " and begins with " + quote(text);
    } catch (IOException e) {
      return "broken: " + e.getMessage();
    }
  }

  /** Foreign text in quotes, short and on one line. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < text.length() && i < QUOTE_CHARS_MAX; i++) {
      char c = text.charAt(i);
      boolean visible = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
      quoted.append(visible && !Character.isSurrogate(c) ? c : ' ');
    }
    return quoted.append(text.length() > QUOTE_CHARS_MAX ? "…'" : "'").toString();
  }
}
