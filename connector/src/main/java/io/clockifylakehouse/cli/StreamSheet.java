// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Embedded;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Streams as {@code discover} shows them. Immutable, thus safe for use by several threads.
 *
 * @param namespace of the tables
 */
record StreamSheet(StreamCatalog catalog, String namespace, Style style) {
  private static final String INDENT = "    ";

  /** The columns that every table has after the stream's own. */
  private static final List<Column> STAMPS =
      List.of(
          new Column(
              "_synced_at",
              Type.Primitive.TIMESTAMP,
              "When the run that wrote this version of the row began.",
              true),
          new Column(
              "_sync_id",
              Type.Primitive.STRING,
              "The run that wrote this version of the row.",
              true),
          new Column(
              "_deleted_at",
              Type.Primitive.TIMESTAMP,
              "When the row was found gone at the service; only under deletes: soft.",
              false));

  /** All streams, two lines each. */
  String list(List<StreamDefinition> streams) {
    TextTable table =
        new TextTable()
            .column("STREAM", TextTable.Kind.LEFT)
            .column("PARENT", TextTable.Kind.LEFT)
            .column("MODE", TextTable.Kind.LEFT)
            .column("PLAN", TextTable.Kind.LEFT);
    for (StreamDefinition stream : streams) {
      table.row(stream.name(), parent(stream), mode(stream), stream.plan());
    }
    List<String> lines = table.render(style).lines().toList();
    StringBuilder text = new StringBuilder(lines.get(0)).append('\n');
    for (int i = 0; i < streams.size(); i++) {
      text.append(lines.get(i + 1)).append('\n');
      StreamDefinition stream = streams.get(i);
      String key = "  key " + String.join(", ", stream.key());
      text.append(Display.wrap(key + "; " + endpoint(stream), INDENT));
    }
    return text.append('\n')
        .append(streams.size())
        .append(" streams, each a table ")
        .append(namespace)
        .append(".STREAM; discover STREAM shows its columns\n")
        .toString();
  }

  /** One stream with its columns. */
  String detail(StreamDefinition stream) {
    StringBuilder text = new StringBuilder();
    text.append(style.heading(stream.name())).append('\n');
    text.append(INDENT).append(Display.wrap(stream.doc(), INDENT)).append('\n');
    fact(text, "table", namespace + "." + stream.name());
    fact(text, "endpoint", endpoint(stream));
    fact(text, "parent", parent(stream));
    fact(text, "key", String.join(", ", stream.key()));
    fact(text, "mode", mode(stream));
    fact(text, "partition", String.join(", ", partitioning(stream)));
    fact(text, "sort", String.join(", ", stream.sort()));
    fact(text, "plan", stream.plan());
    text.append('\n').append(style.heading("columns")).append('\n');
    for (Column column : columns(stream)) {
      text.append("  ").append(column.name()).append("  ").append(type(column.type()));
      text.append(column.required() ? ", required\n" : "\n");
      text.append(INDENT).append(Display.wrap(column.doc(), INDENT));
    }
    return text.toString();
  }

  private static void fact(StringBuilder text, String name, String value) {
    text.append(String.format("  %-10s %s%n", name, value.isEmpty() ? "-" : value));
  }

  ObjectNode json(StreamDefinition stream) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("stream", stream.name());
    json.put("doc", stream.doc());
    json.put("table", namespace + "." + stream.name());
    json.put("endpoint", endpoint(stream));
    json.put("parent", catalog.parent(stream).map(StreamDefinition::name).orElse(null));
    stream.key().forEach(json.putArray("key")::add);
    json.put("read_mode", mode(stream));
    json.put("write_mode", "merge");
    partitioning(stream).forEach(json.putArray("partitioning")::add);
    stream.sort().forEach(json.putArray("sort")::add);
    json.put("plan", stream.plan());
    ArrayNode columns = json.putArray("columns");
    for (Column column : columns(stream)) {
      columns
          .addObject()
          .put("name", column.name())
          .put("type", type(column.type()))
          .put("required", column.required())
          .put("doc", column.doc());
    }
    return json;
  }

  private static List<Column> columns(StreamDefinition stream) {
    List<Column> columns = new ArrayList<>(stream.columns());
    columns.addAll(STAMPS);
    return columns;
  }

  private String parent(StreamDefinition stream) {
    return catalog.parent(stream).map(StreamDefinition::name).orElse("-");
  }

  private static String endpoint(StreamDefinition stream) {
    if (stream.endpoint().isPresent()) {
      Endpoint endpoint = stream.endpoint().get();
      String host =
          switch (endpoint.host()) {
            case MAIN -> "";
            case REPORTS -> " (reports)";
            case AUDIT -> " (audit)";
          };
      return endpoint.method() + " " + endpoint.path() + host;
    }
    Embedded embedded = stream.embedded().orElseThrow();
    return "inside " + embedded.stream() + ": " + String.join(".", embedded.records());
  }

  /** How the stream is read: {@code full}, or {@code window(column)}. */
  private static String mode(StreamDefinition stream) {
    return stream.window().map(window -> "window(" + window.column() + ")").orElse("full");
  }

  private static List<String> partitioning(StreamDefinition stream) {
    List<String> transforms = new ArrayList<>();
    if (stream.inWorkspace()) {
      transforms.add("identity(workspace_id)");
    }
    transforms.addAll(stream.partition());
    return transforms;
  }

  /** As Iceberg writes it. */
  private static String type(Type type) {
    if (type instanceof Type.Struct struct) {
      return struct.fields().stream()
          .map((Field field) -> field.column() + ": " + type(field.type()))
          .collect(Collectors.joining(", ", "struct<", ">"));
    }
    if (type instanceof Type.Array array) {
      return "list<" + type(array.element()) + ">";
    }
    Type.Primitive primitive = (Type.Primitive) type;
    return switch (primitive) {
      case TIMESTAMP -> "timestamptz";
      case JSON -> "string";
      case STRING, BOOLEAN, INT, LONG, DOUBLE, DATE -> primitive.name().toLowerCase(Locale.ROOT);
    };
  }
}
