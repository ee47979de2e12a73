// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That stream.schema.json accepts every stream file, and refuses what the parser refuses. */
class StreamSchemaTest {
  private static final Path SCHEMAS = Path.of("..", "schemas");
  private static final JsonSchema SCHEMA = schema();

  /** Objects whose keys are names or free values, where any key may stand. */
  private static final String FREE =
      "(example|endpoint/(body|query|tentative|variants)|parents)(/.*)?|(.*/)?fields|derived";

  private static JsonSchema schema() {
    try {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(Files.readString(SCHEMAS.resolve("stream.schema.json")));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(SCHEMAS.resolve("streams"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void acceptsEveryStreamFile(Path file) throws IOException {
    assertThat(SCHEMA.validate(node(Files.readString(file)))).isEmpty();
  }

  @Test
  void acceptsEveryKeyThatTheParserKnows() {
    for (String text :
        List.of(StreamFiles.SPACES, StreamFiles.USERS, StreamFiles.ENTRIES, StreamFiles.ITEMS)) {
      assertThat(SCHEMA.validate(node(text))).isEmpty();
      assertThat(parserFault(node(text))).isEmpty();
    }
  }

  @Test
  void refusesAnUnknownKeyWhereverTheParserDoes() {
    int places = 0;
    for (String text : List.of(StreamFiles.SPACES, StreamFiles.ENTRIES, StreamFiles.ITEMS)) {
      for (String path : objects("", node(text))) {
        if (path.matches(FREE)) {
          continue;
        }
        ObjectNode changed = node(text);
        ((ObjectNode) changed.at(path.isEmpty() ? "" : "/" + path)).put("surprise", true);

        assertThat(parserFault(changed)).as(path).get().asString().contains("surprise");
        assertThat(SCHEMA.validate(changed)).as(path).isNotEmpty();
        places++;
      }
    }
    assertThat(places).isGreaterThan(25);
  }

  @Test
  void requiresWhatTheParserRequires() {
    int required = 0;
    for (String text : List.of(StreamFiles.SPACES, StreamFiles.ENTRIES, StreamFiles.ITEMS)) {
      for (String path : objects("", node(text))) {
        if (path.matches(FREE)) {
          continue;
        }
        String at = path.isEmpty() ? "" : "/" + path;
        List<String> keys = new ArrayList<>();
        node(text).at(at).fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
          ObjectNode changed = node(text);
          ((ObjectNode) changed.at(at)).remove(key);
          Optional<String> fault = parserFault(changed);
          boolean refused = !SCHEMA.validate(changed).isEmpty();
          if (refused) {
            assertThat(fault).as("the parser on %s without %s", path, key).isPresent();
            required++;
          } else if (fault.isPresent()) {
            assertThat(fault.get())
                .as("%s without %s", path, key)
                .doesNotContain("missing, and it is required");
          }
        }
      }
    }
    assertThat(required).isGreaterThan(50);
  }

  static List<Map.Entry<String, Consumer<ObjectNode>>> faults() {
    return List.of(
        fault("plan", file -> file.put("plan", "GOLD")),
        fault("name", file -> file.put("stream", "Entries")),
        fault("reference", file -> file.put("reference", "entryId")),
        fault("empty key", file -> file.putArray("key")),
        fault("blank doc", file -> file.put("doc", " ")),
        fault("scope beside endpoint", file -> file.putArray("scope").add("space_id")),
        fault(
            "embedded beside endpoint",
            file -> file.set("embedded", node("{stream: a, records: b}"))),
        fault("transform", file -> file.putArray("partition").add("bucket(id)")),
        fault("host", file -> endpoint(file).put("host", "pto")),
        fault("method", file -> endpoint(file).put("method", "DELETE")),
        fault("body of a GET", file -> endpoint(file).put("method", "GET")),
        fault("answer", file -> endpoint(file).put("answer", "map")),
        fault("pages of an object", file -> endpoint(file).put("answer", "object")),
        fault("pages of an unpaged list", file -> endpoint(file).put("paged", false)),
        fault("relative path", file -> endpoint(file).put("path", "spaces")),
        fault("placeholder", file -> endpoint(file).put("path", "/spaces/{spaces}")),
        fault("style", file -> paging(file).put("style", "none")),
        fault("first page", file -> paging(file).put("first", 2)),
        fault("page size", file -> paging(file).put("max", 0)),
        fault("type", file -> field(file, "id").put("type", "text")),
        fault("set of a text", file -> field(file, "id").put("set", true)),
        fault(
            "fields of a text",
            file -> field(file, "id").set("fields", node("{a: {type: int, doc: A.}}"))),
        fault("column", file -> field(file, "id").put("column", "Id")),
        fault("no fields", file -> field(file, "owner").putObject("fields")),
        fault(
            "doc of an element",
            file -> ((ObjectNode) field(file, "items").get("of")).put("doc", "D.")),
        fault("rule", file -> ((ObjectNode) file.at("/derived/owner_id")).put("as", "sum")),
        fault(
            "derived object",
            file -> ((ObjectNode) file.at("/derived/owner_id")).put("type", "list")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void refusesTheFaultsThatTheParserRefuses(Map.Entry<String, Consumer<ObjectNode>> fault) {
    ObjectNode changed = node(StreamFiles.ENTRIES);
    fault.getValue().accept(changed);

    assertThat(SCHEMA.validate(changed)).as(fault.getKey()).isNotEmpty();
    assertThat(parserFault(changed)).as(fault.getKey()).isPresent();
  }

  @Test
  void allowsNoUndeclaredKeyInAnyObjectOfItsOwn() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(SCHEMAS.resolve("stream.schema.json").toFile());

    for (JsonNode holder : schema.findParents("properties")) {
      boolean narrows = !holder.has("type") && !holder.has("additionalProperties");
      boolean closed = holder.path("additionalProperties").isBoolean();
      assertThat(narrows || closed).as(holder.toString()).isTrue();
      assertThat(holder.path("additionalProperties").asBoolean(false)).isFalse();
    }
  }

  private static Map.Entry<String, Consumer<ObjectNode>> fault(
      String name, Consumer<ObjectNode> change) {
    return Map.entry(name, change);
  }

  private static ObjectNode endpoint(ObjectNode file) {
    return (ObjectNode) file.get("endpoint");
  }

  private static ObjectNode paging(ObjectNode file) {
    return (ObjectNode) file.at("/endpoint/paging");
  }

  private static ObjectNode field(ObjectNode file, String name) {
    return (ObjectNode) file.get("fields").get(name);
  }

  private static ObjectNode node(String text) {
    return Document.parse("test.yaml", text).node();
  }

  /** What the parser says of a file beside the other test streams; empty when it accepts it. */
  private static Optional<String> parserFault(ObjectNode file) {
    try {
      StreamParser.parse(
          Document.of("test.yaml", file),
          new Paging(Paging.Style.QUERY, "page", "page-size", 1, 5000),
          Map.of("spaces", "space_id", "users", "user_id", "entries", "entry_id"));
      return Optional.empty();
    } catch (ConnectorException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The paths of all objects in a node, by keys joined with slashes. */
  private static List<String> objects(String path, JsonNode node) {
    List<String> paths = new ArrayList<>();
    if (node.isObject()) {
      paths.add(path);
    }
    node.fieldNames()
        .forEachRemaining(
            name ->
                paths.addAll(objects(path.isEmpty() ? name : path + "/" + name, node.get(name))));
    return paths;
  }
}
