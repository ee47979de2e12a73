// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes in, typed columns and {@code _extra} together hold it. */
class LosslessRecordTest {
  private static final JsonNodeFactory NODES = new JsonNodeFactory(true);
  private static final StreamCatalog CATALOG = StreamCatalog.packaged();

  /** Recorded live: which stream's records an answer holds, and where in it. */
  private static final Map<String, List<String>> LIVE =
      Map.ofEntries(
          Map.entry("GET /workspaces", List.of("workspaces")),
          Map.entry("GET /workspaces/{workspaceId}", List.of("workspaces")),
          Map.entry("GET /workspaces/{workspaceId}/clients", List.of("clients")),
          Map.entry("GET /workspaces/{workspaceId}/clients/{id}", List.of("clients")),
          Map.entry("GET /workspaces/{workspaceId}/custom-fields", List.of("custom_fields")),
          Map.entry(
              "GET /workspaces/{workspaceId}/expenses",
              List.of("expenses", "expenses", "expenses")),
          Map.entry("GET /workspaces/{workspaceId}/expenses/{expenseId}", List.of("expenses")),
          Map.entry("GET /workspaces/{workspaceId}/invoices", List.of("invoices", "invoices")),
          Map.entry(
              "GET /workspaces/{workspaceId}/invoices/{invoiceId}", List.of("invoice_details")),
          Map.entry(
              "GET /workspaces/{workspaceId}/member-profile/{userId}", List.of("member_profiles")),
          Map.entry("GET /workspaces/{workspaceId}/projects", List.of("projects")),
          Map.entry("GET /workspaces/{workspaceId}/projects/{projectId}", List.of("projects")),
          Map.entry("GET /workspaces/{workspaceId}/projects/{projectId}/tasks", List.of("tasks")),
          Map.entry(
              "GET /workspaces/{workspaceId}/projects/{projectId}/tasks/{taskId}",
              List.of("tasks")),
          Map.entry(
              "GET /workspaces/{workspaceId}/time-entries/{timeEntryId}", List.of("time_entries")),
          Map.entry("GET /workspaces/{workspaceId}/time-off/policies", List.of("policies")),
          Map.entry(
              "GET /workspaces/{workspaceId}/time-off/policies/{policyId}", List.of("policies")),
          Map.entry(
              "GET /workspaces/{workspaceId}/user/{userId}/time-entries", List.of("time_entries")));

  static Stream<StreamDefinition> streams() {
    return Stream.concat(
        Stream.of(Fixture.catalog(RecordReaderTest.THINGS).stream("things")),
        CATALOG.streams().stream());
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("streams")
  void holdsRandomRecordsWhole(StreamDefinition stream) {
    long seed = Long.getLong("seed", 20_260_801);
    SplittableRandom random = new SplittableRandom(seed + stream.name().hashCode());
    for (int i = 0; i < 300; i++) {
      ObjectNode record = object(stream.fields(), random, 0);
      stream.key().forEach(column -> putKey(stream, column, record, random));
      stream.window().ifPresent(window -> putKey(stream, window.column(), record, random));
      String json = record.toString();
      RecordRebuilder.assertHolds(stream, json, Fixture.read(stream, scope(stream), json).row());
    }
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("streams")
  void holdsItsExampleWithoutRemainder(StreamDefinition stream) {
    if (stream.example().isEmpty()) {
      assertThat(stream.name()).isEqualTo("things");
      return;
    }
    String json = stream.example().toString();
    Scope scope = scope(stream);
    for (String column : stream.scope()) {
      for (Field field : stream.fields()) {
        JsonNode own = field.column().equals(column) ? stream.example().get(field.path()) : null;
        scope = own == null ? scope : scope.with(column, own.asText());
      }
    }
    Fixture.Read read = Fixture.read(stream, scope, json);
    assertThat(read.row().get(read.row().size() - 1)).isNull();
    assertThat(read.drift()).isEqualTo(Drift.NONE);
    RecordRebuilder.assertHolds(stream, json, read.row());
  }

  @Test
  void holdsTheRecordsThatWereSeenLive() throws IOException {
    int records = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                LosslessRecordTest.class.getResourceAsStream("/source/live-shapes.jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode shape = RecordRebuilder.read(line);
        List<String> where = LIVE.get(shape.get("endpoint").asText());
        assertThat(where).as(shape.get("endpoint").asText()).isNotNull();
        JsonNode found = shape.get("shape");
        for (String key : where.subList(1, where.size())) {
          found = found.get(key);
        }
        for (JsonNode record : found.isArray() ? found : NODES.arrayNode().add(found)) {
          if (record.isTextual()) {
            continue; // "...5 items": how the recording abbreviates a list
          }
          StreamDefinition stream = CATALOG.stream(where.get(0));
          Row row = Fixture.read(stream, scope(stream), record.toString()).row();
          RecordRebuilder.assertHolds(stream, record.toString(), row);
          records++;
        }
      }
    }
    assertThat(records).isEqualTo(18);
  }

  private static Scope scope(StreamDefinition stream) {
    Scope scope = Scope.ROOT;
    for (String column : stream.scope()) {
      scope = scope.with(column, "id of " + column);
    }
    return scope;
  }

  private static void putKey(
      StreamDefinition stream, String column, ObjectNode record, SplittableRandom random) {
    if (stream.scope().contains(column)) {
      return;
    }
    for (Field field : stream.fields()) {
      if (field.column().equals(column)) {
        ObjectNode holder = record;
        for (String name : field.source().subList(0, field.source().size() - 1)) {
          holder = holder.path(name) instanceof ObjectNode inner ? inner : holder.putObject(name);
        }
        JsonNode value = valid(field.type(), random, 0);
        boolean empty = value.isTextual() && value.asText().isEmpty();
        holder.set(
            field.source().get(field.source().size() - 1), empty ? NODES.textNode("k") : value);
      }
    }
    stream.derived().stream()
        .filter(derived -> derived.column().equals(column))
        .forEach(
            derived -> {
              assertThat(derived.from()).isEqualTo("approval_request.id");
              record.set("approvalRequest", NODES.objectNode().put("id", "a1"));
            });
  }

  private static ObjectNode object(List<Field> fields, SplittableRandom random, int depth) {
    ObjectNode object = NODES.objectNode();
    for (Field field : fields) {
      int dice = random.nextInt(10);
      JsonNode value =
          dice == 0
              ? NODES.nullNode()
              : dice == 1 ? any(random, depth) : valid(field.type(), random, depth);
      JsonNode at = object;
      for (String name : field.source().subList(0, field.source().size() - 1)) {
        at = at.isObject() && !at.has(name) ? ((ObjectNode) at).putObject(name) : at.path(name);
      }
      if (dice < 9 && at.isObject()) {
        ((ObjectNode) at).set(field.source().get(field.source().size() - 1), value);
      }
      if (field.source().size() > 1 && random.nextInt(20) == 0) {
        object.set(field.source().get(0), any(random, depth));
      }
    }
    while (random.nextInt(3) == 0) {
      object.set("new" + random.nextInt(100), any(random, depth));
    }
    return object;
  }

  private static JsonNode valid(Type type, SplittableRandom random, int depth) {
    if (type instanceof Type.Struct struct) {
      return object(struct.fields(), random, depth + 1);
    }
    if (type instanceof Type.Array array) {
      ArrayNode list = NODES.arrayNode();
      while (random.nextInt(3) > 0) {
        int dice = random.nextInt(10);
        list.add(
            dice == 0
                ? NODES.nullNode()
                : dice == 1 ? any(random, depth) : valid(array.element(), random, depth + 1));
      }
      return list;
    }
    return switch ((Type.Primitive) type) {
      case STRING -> NODES.textNode(text(random));
      case BOOLEAN -> NODES.booleanNode(random.nextBoolean());
      case INT -> NODES.numberNode(random.nextInt());
      case LONG -> NODES.numberNode(random.nextLong());
      case DOUBLE -> number(random);
      case DATE -> NODES.textNode(LocalDate.ofEpochDay(random.nextInt(-9_999, 99_999)).toString());
      case TIMESTAMP ->
          NODES.textNode(
              Instant.ofEpochSecond(
                      random.nextLong(-9_999_999_999L, 9_999_999_999L),
                      random.nextBoolean() ? 0 : random.nextInt(1_000_000_000))
                  .toString());
      case JSON -> any(random, depth);
    };
  }

  private static JsonNode any(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 3 ? 5 : 7)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextLong());
      case 3 -> number(random);
      case 4 -> NODES.textNode(text(random));
      case 5 -> {
        ArrayNode list = NODES.arrayNode();
        while (random.nextBoolean()) {
          list.add(any(random, depth + 1));
        }
        yield list;
      }
      default -> {
        ObjectNode object = NODES.objectNode();
        while (random.nextBoolean()) {
          object.set("k" + random.nextInt(100), any(random, depth + 1));
        }
        yield object;
      }
    };
  }

  private static JsonNode number(SplittableRandom random) {
    String digits =
        Long.toString(random.nextLong()) + (random.nextBoolean() ? random.nextLong(99) : "");
    return NODES.numberNode(
        new BigDecimal(digits.substring(0, random.nextInt(2, digits.length() + 1)))
            .scaleByPowerOfTen(random.nextInt(-20, 20)));
  }

  private static String text(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> "";
      case 1 -> "\uD83D\uDE00 \"quoted\" \\ \n \u0000 é";
      case 2 -> Long.toString(random.nextLong());
      case 3 -> "x".repeat(random.nextInt(100));
      default -> Long.toHexString(random.nextLong());
    };
  }
}
