// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How records become the bytes of an answer: sets come in another order on every call (API.md
 * section 6), and fields that begin with a # are the simulator's own and stay inside.
 *
 * <p>Stateless, thus safe for use by several threads.
 */
final class Json {
  static final ObjectMapper MAPPER = JsonMapper.builder().build();

  static final TypeReference<List<String>> TEXT_LIST = new TypeReference<>() {};

  private static final Set<String> SETS =
      Set.of(
          "features",
          "workingDays",
          "adminOnlyPages",
          "userIds",
          "userGroupIds",
          "assigneeIds",
          "memberships",
          "tagIds",
          "triggerSource");

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static ArrayNode texts(Collection<String> values) {
    ArrayNode array = array();
    values.forEach(array::add);
    return array;
  }

  static ArrayNode list(Collection<? extends JsonNode> values) {
    ArrayNode array = array();
    values.forEach(array::add);
    return array;
  }

  /** {@code {"amount": cents, "currency": currency}}. */
  static ObjectNode rate(long cents, String currency) {
    return object().put("amount", cents).put("currency", currency);
  }

  /** The text at a field, or an empty text when it is absent, null or no text. */
  static String text(JsonNode record, String field) {
    return record.path(field).asText("");
  }

  /** The JSON in a request's body; {@link MissingNode} when it is none. */
  static JsonNode parse(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /**
   * Writes a value, its set-like arrays rotated.
   *
   * @param turn by how many places; 0 writes the stored order
   */
  static void write(JsonGenerator out, JsonNode value, int turn) throws IOException {
    if (value.isObject()) {
      out.writeStartObject();
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        if (!field.getKey().startsWith("#")) {
          out.writeFieldName(field.getKey());
          boolean set = SETS.contains(field.getKey()) && field.getValue().isArray();
          writeField(out, field.getValue(), set, turn);
        }
      }
      out.writeEndObject();
    } else {
      writeField(out, value, false, turn);
    }
  }

  private static void writeField(JsonGenerator out, JsonNode value, boolean set, int turn)
      throws IOException {
    if (value.isArray()) {
      out.writeStartArray();
      int size = value.size();
      int first = set && size > 0 ? Math.floorMod(turn, size) : 0;
      for (int i = 0; i < size; i++) {
        write(out, value.get((first + i) % size), turn);
      }
      out.writeEndArray();
    } else if (value.isObject()) {
      write(out, value, turn);
    } else {
      MAPPER.writeTree(out, value);
    }
  }

  /** The record after a journey through its JSON text, without the simulator's own fields. */
  static ObjectNode reread(ObjectNode record) {
    return (ObjectNode) parse(Answer.ok(record, 0).body());
  }

  /** A copy as a client would see it: without the simulator's own fields. */
  static ObjectNode visible(ObjectNode record) {
    ObjectNode copy = object();
    for (Map.Entry<String, JsonNode> field : record.properties()) {
      if (!field.getKey().startsWith("#")) {
        copy.set(field.getKey(), field.getValue().deepCopy());
      }
    }
    return copy;
  }
}
