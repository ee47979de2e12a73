// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A response before it is sent. Immutable but for the body, which nobody changes.
 *
 * @param status HTTP status
 * @param headers beside Content-Type and Content-Length
 * @param body may be empty
 */
record Answer(int status, Map<String, String> headers, byte[] body) {
  Answer {
    headers = Map.copyOf(headers);
  }

  /** What writes the body of an answer. */
  interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  static Answer ok(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator out = Json.MAPPER.createGenerator(bytes)) {
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer(200, Map.of(), bytes.toByteArray());
  }

  static Answer ok(JsonNode value, int turn) {
    return ok(out -> Json.write(out, value, turn));
  }

  /** A refusal with a message and the service's number for it (API.md section 3). */
  static Answer refusal(int status, int code, String message) {
    return refusal(status, Json.object().put("message", message).put("code", code));
  }

  /** A refusal whose number nobody has recorded. */
  static Answer refusal(int status, String message) {
    return refusal(status, Json.object().put("message", message));
  }

  private static Answer refusal(int status, ObjectNode body) {
    return new Answer(status, Map.of(), body.toString().getBytes(StandardCharsets.UTF_8));
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  /** A deleted or foreign id: 400 with code 501, never 404. */
  static Answer gone(String what) {
    return refusal(400, 501, what + " doesn't belong to Workspace");
  }

  /** A parameter the service cannot read, or one out of its bounds. */
  static Answer unreadable(String parameter, String value, String wanted) {
    return refusal(
        400,
        3000,
        String.format(
            "Method parameter '%s': Failed to convert value of type 'java.lang.String' to required"
                + " type '%s'; For input string: \"%s\"",
            parameter, wanted, value));
  }

  static Answer missing(String parameter) {
    return refusal(
        400, 3001, String.format("Required request parameter '%s' is not present", parameter));
  }

  Answer with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }
}
