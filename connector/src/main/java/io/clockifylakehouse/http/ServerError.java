// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the service says of an error, as far as it says it: {@code {"message": …, "code": …}}, where
 * either may be missing, and the body may be empty, cut, or a proxy's HTML (API.md section 3).
 *
 * @param code the service's own number for the cause
 * @param message in the service's words, not yet redacted
 * @param legible false when the body is empty, cut, or no JSON
 */
record ServerError(OptionalInt code, Optional<String> message, boolean legible) {
  static final int BODY_LIMIT_BYTES = 4096;

  private static final JsonFactory JSON = new JsonFactory();

  /** Reads the beginning of the body; whatever cannot be read counts as not said. */
  static ServerError of(Response response) {
    OptionalInt code = OptionalInt.empty();
    Optional<String> message = Optional.empty();
    try (InputStream body = response.open();
        JsonParser parser = JSON.createParser(body.readNBytes(BODY_LIMIT_BYTES))) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        return new ServerError(code, message, first != null);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("code")) {
          code = number(parser, value);
        } else if (name.equals("message") && value == JsonToken.VALUE_STRING) {
          message = Optional.of(parser.getText()).filter(text -> !text.isBlank());
        }
        parser.skipChildren();
      }
    } catch (IOException e) {
      // What was read before the fault still helps.
      return new ServerError(code, message, code.isPresent());
    }
    return new ServerError(code, message, true);
  }

  private static OptionalInt number(JsonParser parser, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      return OptionalInt.of(parser.getIntValue());
    }
    if (value == JsonToken.VALUE_STRING && parser.getText().matches("[0-9]{1,9}")) {
      return OptionalInt.of(Integer.parseInt(parser.getText()));
    }
    return OptionalInt.empty();
  }
}
