// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.document.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads one stream file. Stateless; every fault is of code CONFIGURATION and names its path. */
final class StreamParser {
  private StreamParser() {}

  /**
   * @param references the reference column of each stream, by stream name: it gives the scope
   *     columns their names
   */
  static StreamDefinition parse(
      Document file, Paging usualPaging, UnaryOperator<String> references) {
    String name = file.text("stream");
    Optional<Endpoint> endpoint =
        file.findObject("endpoint").map(object -> endpoint(object, usualPaging));
    Optional<Embedded> embedded = file.findObject("embedded").map(StreamParser::embedded);
    if (endpoint.isPresent() == embedded.isPresent()) {
      throw file.fault("endpoint", "a stream has either 'endpoint' or 'embedded', and one of them");
    }
    List<String> scope = file.texts("scope");
    if (endpoint.isPresent()) {
      if (!scope.isEmpty()) {
        throw file.fault("scope", "follows from the placeholders of the path; leave it out");
      }
      scope = new ArrayList<>();
      for (Placeholder placeholder : Placeholder.in(endpoint.get().path())) {
        String reference = references.apply(placeholder.stream());
        if (reference == null) {
          throw file.fault(
              "endpoint.path", placeholder.text() + " names no stream that has a 'reference'");
        }
        scope.add(reference);
      }
    }
    List<String> key = file.texts("key");
    List<Field> fields = fields(file.object("fields"));
    List<Derived> derived = derived(file.object("derived"));
    Map<String, List<String>> parents = new LinkedHashMap<>();
    Document parentsObject = file.object("parents");
    parentsObject
        .node()
        .fieldNames()
        .forEachRemaining(parent -> parents.put("{" + parent + "}", parentsObject.texts(parent)));
    Map<String, String> scopeDocs = new LinkedHashMap<>();
    for (String column : scope) {
      scopeDocs.put(column, "The " + column.replace("_id", "").replace('_', ' ') + "'s id.");
    }
    StreamDefinition stream =
        new StreamDefinition(
            name,
            file.text("doc"),
            file.text("plan", "FREE"),
            file.findText("feature"),
            endpoint,
            embedded,
            scope,
            parents,
            key,
            file.findText("reference"),
            file.findObject("window").map(StreamParser::window),
            file.texts("partition"),
            file.texts("sort"),
            file.texts("secrets"),
            fields,
            derived,
            StreamDefinition.columnsOf(scope, scopeDocs, key, fields, derived),
            file.find("example").orElseThrow(() -> file.fault("example", "missing")));
    file.finish();
    checkColumns(file, stream);
    return stream;
  }

  private static void checkColumns(Document file, StreamDefinition stream) {
    if (stream.key().isEmpty()) {
      throw file.fault("key", "missing, and it is required");
    }
    for (String column : stream.key()) {
      requireColumn(file, "key", stream, column);
    }
    for (String column : stream.sort()) {
      requireColumn(file, "sort", stream, column);
    }
    stream.window().ifPresent(window -> requireColumn(file, "window", stream, window.column()));
    for (Derived derived : stream.derived()) {
      requireColumn(file, "derived", stream, derived.from().split("\\.")[0]);
    }
  }

  private static void requireColumn(
      Document file, String key, StreamDefinition stream, String column) {
    if (stream.position(column) < 0) {
      throw file.fault(key, "'" + column + "' is no column of this stream");
    }
  }

  private static Endpoint endpoint(Document object, Paging usualPaging) {
    List<Map<String, String>> variants = new ArrayList<>();
    for (Document variant : object.objects("variants")) {
      variants.add(variant.textMap());
    }
    if (variants.isEmpty()) {
      variants.add(Map.of());
    }
    Endpoint endpoint =
        new Endpoint(
            oneOf(object, "host", Host.class, Host.MAIN),
            object.text("method", "GET"),
            object.text("path"),
            query(object.object("query")),
            query(object.object("tentative")),
            object.find("body").map(JsonNode::<ObjectNode>deepCopy),
            variants,
            oneOf(object, "answer", Endpoint.Answer.class, Endpoint.Answer.LIST),
            path(object, "records"),
            path(object, "count"),
            object.flag("paged", true)
                ? paging(object.object("paging"), usualPaging)
                : Paging.UNPAGED);
    object.finish();
    return endpoint;
  }

  private static Map<String, List<String>> query(Document object) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    object.node().fieldNames().forEachRemaining(name -> query.put(name, object.texts(name)));
    return query;
  }

  private static List<String> path(Document object, String key) {
    return object.findText(key).map(text -> Arrays.asList(text.split("\\."))).orElse(List.of());
  }

  static Paging paging(Document object, Paging usual) {
    Paging paging =
        new Paging(
            oneOf(object, "style", Paging.Style.class, usual.style()),
            object.text("page", usual.page()),
            object.text("size", usual.size()),
            object.integer("first", usual.first()),
            object.integer("max", usual.max()));
    if (paging.max() < 1) {
      throw object.fault("max", "must be at least 1");
    }
    object.finish();
    return paging;
  }

  private static Embedded embedded(Document object) {
    Embedded embedded = new Embedded(object.text("stream"), path(object, "records"));
    object.finish();
    return embedded;
  }

  private static Window window(Document object) {
    Window window = new Window(object.text("column"), object.text("from"), object.text("to"));
    object.finish();
    return window;
  }

  private static List<Field> fields(Document object) {
    List<Field> fields = new ArrayList<>();
    object
        .entries()
        .forEach(
            (name, field) -> {
              List<String> source = Arrays.asList(name.split("\\."));
              fields.add(
                  new Field(
                      source,
                      field.text("column", Field.snakeCase(source.get(source.size() - 1))),
                      type(field),
                      field.text("doc")));
              field.finish();
            });
    return fields;
  }

  private static Type type(Document field) {
    String name = field.text("type");
    return switch (name) {
      case "object" -> new Type.Struct(fields(field.object("fields")));
      case "list" -> {
        Document of =
            field.findObject("of").orElseThrow(() -> field.fault("of", "missing for a list"));
        Type element = type(of);
        of.findText("doc");
        of.finish();
        yield new Type.Array(element, field.flag("set", false));
      }
      default -> oneOf(field, "type", Type.Primitive.class, null);
    };
  }

  private static List<Derived> derived(Document object) {
    List<Derived> derived = new ArrayList<>();
    object
        .entries()
        .forEach(
            (name, column) -> {
              derived.add(
                  new Derived(
                      name,
                      oneOf(column, "type", Type.Primitive.class, null),
                      column.text("from"),
                      oneOf(column, "as", Derived.Rule.class, Derived.Rule.COPY),
                      column.text("doc")));
              column.finish();
            });
    return derived;
  }

  private static <E extends Enum<E>> E oneOf(
      Document object, String key, Class<E> values, E fallback) {
    String text = object.text(key, fallback == null ? "" : lower(fallback));
    Map<String, E> known = new LinkedHashMap<>();
    for (E value : values.getEnumConstants()) {
      known.put(lower(value), value);
    }
    E value = known.get(text);
    if (value == null) {
      throw object.fault(key, "'" + text + "' is unknown" + Document.nearest(text, known.keySet()));
    }
    return value;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
