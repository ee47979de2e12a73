// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Makes the record again out of its row: the proof that nothing was lost on the way. */
public final class RecordRebuilder {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(new JsonNodeFactory(true))
          .build();
  private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|\\.?([^.\\[]+)");

  private RecordRebuilder() {}

  /** The record of a row: what the typed columns hold, then what {@code _extra} holds put over. */
  public static ObjectNode rebuild(StreamDefinition stream, Row row) {
    ObjectNode record = MAPPER.createObjectNode();
    for (String column : stream.scope()) {
      record.put(scopeField(stream, column), (String) row.get(stream.position(column)));
    }
    for (Field field : stream.fields()) {
      put(record, field, row.get(stream.position(field.column())));
    }
    Object extra = row.get(row.size() - 1);
    if (extra != null) {
      read((String) extra)
          .properties()
          .forEach(entry -> put(record, entry.getKey(), entry.getValue()));
    }
    return record;
  }

  /**
   * Asserts that a row holds all that a record says, but for the difference between null and
   * missing, for the order of set-like arrays, for how a number or an instant is written, and for
   * secrets.
   */
  public static void assertHolds(StreamDefinition stream, String json, Row row) {
    ObjectNode sent = (ObjectNode) read(json);
    ObjectNode rebuilt = rebuild(stream, row);
    stream.secrets().forEach(sent::remove);
    for (String column : stream.scope()) {
      String name = scopeField(stream, column);
      if (!sent.hasNonNull(name)
          || sent.get(name).asText().isEmpty() && sent.get(name).isTextual()) {
        sent.remove(name);
        rebuilt.remove(name);
      }
    }
    JsonNode held = inOrder(stream.fields(), canonical(rebuilt));
    JsonNode said = inOrder(stream.fields(), canonical(sent));
    if (!held.equals(said)) { // to print them takes longer than all the rest
      assertThat(held.toPrettyString()).as(stream.name()).isEqualTo(said.toPrettyString());
    }
  }

  /** With the elements of set-like arrays in one order. */
  private static JsonNode inOrder(List<Field> fields, JsonNode object) {
    for (Field field : fields) {
      String last = field.source().get(field.source().size() - 1);
      JsonNode holder = object;
      for (String name : field.source().subList(0, field.source().size() - 1)) {
        holder = holder.path(name);
      }
      if (holder.has(last)) {
        ((ObjectNode) holder).set(last, inOrder(field.type(), holder.get(last)));
      }
    }
    return object;
  }

  private static JsonNode inOrder(Type type, JsonNode value) {
    if (type instanceof Type.Struct struct && value.isObject()) {
      return inOrder(struct.fields(), value);
    }
    if (type instanceof Type.Array array && value.isArray()) {
      List<JsonNode> elements = new ArrayList<>();
      value.forEach(element -> elements.add(inOrder(array.element(), element)));
      if (array.set()) {
        elements.sort(Comparator.comparing(JsonNode::toString));
      }
      return MAPPER.createArrayNode().addAll(elements);
    }
    return value;
  }

  public static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not readable: " + json, e);
    }
  }

  /** A text as it stands between the quotes of a JSON string. */
  static String text(String text) {
    String json = MAPPER.getNodeFactory().textNode(text).toString();
    return json.substring(1, json.length() - 1);
  }

  private static String scopeField(StreamDefinition stream, String column) {
    for (Field field : stream.fields()) {
      if (field.column().equals(column)) {
        return field.path();
      }
    }
    Matcher matcher = Pattern.compile("_([a-z])").matcher(column);
    return matcher.replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
  }

  private static void put(ObjectNode object, Field field, Object value) {
    if (value == null) {
      return;
    }
    ObjectNode at = object;
    for (String name : field.source().subList(0, field.source().size() - 1)) {
      at = at.withObjectProperty(name);
    }
    at.set(field.source().get(field.source().size() - 1), node(field.type(), value));
  }

  private static JsonNode node(Type type, Object value) {
    if (value == null) {
      return MAPPER.nullNode();
    }
    if (type instanceof Type.Struct struct) {
      ObjectNode object = MAPPER.createObjectNode();
      for (int i = 0; i < struct.fields().size(); i++) {
        put(object, struct.fields().get(i), ((Row) value).get(i));
      }
      return object;
    }
    if (type instanceof Type.Array array) {
      ArrayNode list = MAPPER.createArrayNode();
      ((List<?>) value).forEach(element -> list.add(node(array.element(), element)));
      return list;
    }
    return switch ((Type.Primitive) type) {
      case JSON -> read((String) value);
      case DATE -> MAPPER.valueToTree(LocalDate.ofEpochDay((Integer) value).toString());
      case TIMESTAMP ->
          MAPPER.valueToTree(Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS).toString());
      case DOUBLE -> MAPPER.getNodeFactory().numberNode(decimal((Double) value));
      case STRING, BOOLEAN, INT, LONG -> MAPPER.valueToTree(value);
    };
  }

  /** What a reader of the table is shown: the shortest decimal that is this double. */
  private static BigDecimal decimal(double value) {
    return IntStream.rangeClosed(1, 17)
        .mapToObj(digits -> new BigDecimal(value).round(new MathContext(digits)))
        .filter(decimal -> decimal.doubleValue() == value)
        .findFirst()
        .orElseThrow();
  }

  /** Puts a value at a path such as {@code items[0].newField}. */
  private static void put(ObjectNode record, String path, JsonNode value) {
    List<Object> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path);
    while (matcher.find()) {
      steps.add(
          matcher.group(1) == null ? matcher.group(2) : (Object) Integer.valueOf(matcher.group(1)));
    }
    JsonNode at = record;
    for (int i = 0; i < steps.size(); i++) {
      JsonNode next = i == steps.size() - 1 ? value : child(at, steps.get(i));
      if (steps.get(i) instanceof Integer index) {
        ((ArrayNode) at).set(index, next);
      } else {
        ((ObjectNode) at).set((String) steps.get(i), next);
      }
      at = next;
    }
  }

  private static JsonNode child(JsonNode at, Object step) {
    JsonNode child = step instanceof Integer index ? at.get(index) : at.get((String) step);
    return child == null ? MAPPER.createObjectNode() : child;
  }

  /** Without nulls and empty objects in objects; numbers and instants in one form. */
  private static JsonNode canonical(JsonNode node) {
    if (node.isObject()) {
      ObjectNode object = MAPPER.createObjectNode();
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      names.stream().sorted().forEach(name -> object.set(name, canonical(node.get(name))));
      names.stream()
          .filter(
              name ->
                  object.get(name).isNull()
                      || object.get(name).isObject() && object.get(name).isEmpty())
          .forEach(object::remove);
      return object;
    }
    if (node.isArray()) {
      ArrayNode list = MAPPER.createArrayNode();
      node.forEach(element -> list.add(canonical(element)));
      return list;
    }
    if (node.isNumber()) {
      BigDecimal number = node.decimalValue().stripTrailingZeros();
      return MAPPER.valueToTree("number " + number.unscaledValue() + "E" + -number.scale());
    }
    if (node.isTextual() && node.asText().matches("\\d{4}-\\d\\d-\\d\\dT.*")) {
      try {
        return MAPPER.valueToTree(OffsetDateTime.parse(node.asText()).toInstant().toString());
      } catch (DateTimeParseException e) {
        return node;
      }
    }
    return node;
  }
}
