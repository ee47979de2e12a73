// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import io.clockifylakehouse.document.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one stream file. Stateless; every fault is of code CONFIGURATION and names its path. */
final class StreamParser {
  private static final List<String> PLANS =
      List.of("FREE", "BASIC", "STANDARD", "PRO", "ENTERPRISE");

  private StreamParser() {}

  /**
   * @param references the reference column of each stream, by stream name: it gives the scope
   *     columns their names
   */
  static StreamDefinition parse(Document file, Paging usualPaging, Map<String, String> references) {
    String name = file.text("stream");
    Optional<Endpoint> endpoint =
        file.findObject("endpoint").map(object -> endpoint(object, usualPaging));
    Optional<Embedded> embedded = file.findObject("embedded").map(StreamParser::embedded);
    if (endpoint.isPresent() == embedded.isPresent()) {
      throw file.fault("endpoint", "a stream has either 'endpoint' or 'embedded'");
    }
    List<String> scope = scope(file, endpoint, references);
    String plan = file.text("plan", "FREE");
    if (!PLANS.contains(plan)) {
      throw file.fault(
          "plan", "'" + plan + "' is unknown" + Document.nearest(plan, new LinkedHashSet<>(PLANS)));
    }
    List<String> key = file.texts("key");
    List<Field> fields = fields(file, "fields");
    List<Derived> derived = derived(file.object("derived"));
    Map<String, String> scopeDocs = new LinkedHashMap<>();
    for (String column : scope) {
      scopeDocs.put(column, "Id of the " + column.replaceAll("_id$", "").replace('_', ' ') + ".");
    }
    StreamDefinition stream =
        new StreamDefinition(
            name,
            doc(file),
            plan,
            file.findText("feature"),
            endpoint,
            embedded,
            scope,
            parents(file.object("parents")),
            key,
            file.findText("reference"),
            file.findObject("window").map(StreamParser::window),
            file.texts("partition"),
            file.texts("sort"),
            file.texts("secrets"),
            file.flag("ephemeral", false),
            fields,
            derived,
            StreamDefinition.columnsOf(scope, scopeDocs, key, fields, derived),
            file.find("example").orElseThrow(() -> file.fault("example", "missing")));
    file.finish();
    StreamRules.check(file, stream);
    return stream;
  }

  private static Endpoint endpoint(Document object, Paging usualPaging) {
    List<Map<String, String>> variants = new ArrayList<>();
    for (Document variant : object.objects("variants")) {
      variants.add(variant.textMap());
    }
    if (variants.isEmpty()) {
      variants.add(Map.of());
    }
    String method = object.text("method", "GET");
    Optional<Document> body = object.findObject("body");
    if (!method.equals("GET") && !method.equals("POST")) {
      throw object.fault("method", "'" + method + "' is not one of GET, POST: nothing is written");
    }
    Endpoint.Answer answer = oneOf(object, "answer", Endpoint.Answer.class, Endpoint.Answer.LIST);
    // One object is one answer, so there 'paged' and 'paging' are unknown keys.
    boolean paged = answer == Endpoint.Answer.LIST && object.flag("paged", true);
    Paging paging = paged ? paging(object.object("paging"), usualPaging) : Paging.UNPAGED;
    if (method.equals("GET") && (body.isPresent() || paging.style() == Paging.Style.BODY)) {
      throw object.fault("method", "a GET has no body; say POST");
    }
    Endpoint endpoint =
        new Endpoint(
            oneOf(object, "host", Host.class, Host.MAIN),
            method,
            object.text("path"),
            object.findText("one"),
            query(object.object("query")),
            query(object.object("tentative")),
            body.map(document -> document.node().deepCopy()),
            variants,
            answer,
            path(object, "records"),
            path(object, "count"),
            paging);
    object.finish();
    return endpoint;
  }

  /** The scope columns: for a stream with an endpoint, the references of the path's parents. */
  private static List<String> scope(
      Document file, Optional<Endpoint> endpoint, Map<String, String> references) {
    if (endpoint.isEmpty()) {
      return file.texts("scope");
    }
    if (file.has("scope")) {
      throw file.fault("scope", "follows from the placeholders of the path; leave it out");
    }
    List<String> scope = new ArrayList<>();
    for (Placeholder placeholder : Placeholder.in(endpoint.get().path())) {
      String reference = references.get(placeholder.stream());
      if (reference == null) {
        throw file.fault(
            "endpoint.path",
            placeholder.text()
                + " names no stream that has a 'reference'"
                + Document.nearest(placeholder.stream(), references.keySet()));
      }
      scope.add(reference);
    }
    return scope;
  }

  private static Map<String, List<String>> parents(Document object) {
    Map<String, List<String>> parents = new LinkedHashMap<>();
    query(object).forEach((placeholder, paths) -> parents.put("{" + placeholder + "}", paths));
    return parents;
  }

  private static Map<String, List<String>> query(Document object) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    object.node().fieldNames().forEachRemaining(name -> query.put(name, object.texts(name)));
    return query;
  }

  private static String doc(Document object) {
    String doc = object.text("doc");
    if (doc.isBlank()) {
      throw object.fault("doc", "says nothing");
    }
    return doc;
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
    if (paging.style() == Paging.Style.NONE) {
      throw object.fault("style", "'none' is said by 'paged: false'");
    }
    if (paging.first() != 0 && paging.first() != 1) {
      throw object.fault("first", "must be 0 or 1");
    }
    if (paging.max() < 1) {
      throw object.fault("max", "must be at least 1");
    }
    object.finish();
    return paging;
  }

  private static Embedded embedded(Document object) {
    Embedded embedded =
        new Embedded(object.text("stream"), Arrays.asList(object.text("records").split("\\.")));
    object.finish();
    return embedded;
  }

  private static Window window(Document object) {
    Window window = new Window(object.text("column"), object.text("from"), object.text("to"));
    object.finish();
    return window;
  }

  private static List<Field> fields(Document owner, String key) {
    List<Field> fields = new ArrayList<>();
    owner
        .object(key)
        .entries()
        .forEach(
            (name, field) -> {
              List<String> source = Arrays.asList(name.split("\\."));
              fields.add(
                  new Field(
                      source,
                      field.text("column", Field.snakeCase(source.get(source.size() - 1))),
                      type(field),
                      doc(field)));
              field.finish();
            });
    if (fields.isEmpty()) {
      throw owner.fault(key, "missing, and it is required");
    }
    return fields;
  }

  private static Type type(Document field) {
    String name = field.text("type");
    return switch (name) {
      case "object" -> new Type.Struct(fields(field, "fields"));
      case "list" -> {
        Document of =
            field.findObject("of").orElseThrow(() -> field.fault("of", "missing for a list"));
        Type element = type(of);
        of.finish();
        yield new Type.Array(element, field.flag("set", false));
      }
      default -> primitive(field, List.of("object", "list"));
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
                      primitive(column, List.of()),
                      column.text("from"),
                      oneOf(column, "as", Derived.Rule.class, Derived.Rule.COPY),
                      doc(column)));
              column.finish();
            });
    return derived;
  }

  /** The primitive that a key 'type' names; a fault offers the further names, too. */
  private static Type.Primitive primitive(Document object, List<String> further) {
    String name = object.text("type");
    Map<String, Type.Primitive> primitives = byName(Type.Primitive.class);
    if (!primitives.containsKey(name)) {
      Set<String> offered = new LinkedHashSet<>(primitives.keySet());
      offered.addAll(further);
      throw object.fault("type", "'" + name + "' is unknown" + Document.nearest(name, offered));
    }
    return primitives.get(name);
  }

  private static <E extends Enum<E>> E oneOf(
      Document object, String key, Class<E> values, E fallback) {
    String text = object.text(key, lower(fallback));
    Map<String, E> known = byName(values);
    E value = known.get(text);
    if (value == null) {
      throw object.fault(key, "'" + text + "' is unknown" + Document.nearest(text, known.keySet()));
    }
    return value;
  }

  private static <E extends Enum<E>> Map<String, E> byName(Class<E> values) {
    Map<String, E> known = new LinkedHashMap<>();
    for (E value : values.getEnumConstants()) {
      known.put(lower(value), value);
    }
    return known;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
