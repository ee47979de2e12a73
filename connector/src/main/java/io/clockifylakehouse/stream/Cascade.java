// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How streams hang together: which must be read before which, and whether what one names of another
 * exists. Stateless; every fault is of code CONFIGURATION and begins with the stream's name.
 */
final class Cascade {
  private Cascade() {}

  /** The streams with parents before children, and otherwise in the order given. */
  static Map<String, StreamDefinition> parentsFirst(Map<String, StreamDefinition> streams) {
    Map<String, StreamDefinition> ordered = new LinkedHashMap<>();
    for (StreamDefinition stream : streams.values()) {
      place(stream, streams, ordered, new LinkedHashSet<>());
    }
    return ordered;
  }

  private static void place(
      StreamDefinition stream,
      Map<String, StreamDefinition> streams,
      Map<String, StreamDefinition> ordered,
      Set<String> open) {
    if (ordered.containsKey(stream.name())) {
      return;
    }
    if (!open.add(stream.name())) {
      List<String> circle = new ArrayList<>(open);
      circle = circle.subList(circle.indexOf(stream.name()), circle.size());
      throw ConnectorException.configuration(
          "streams depend on each other in a circle: "
              + String.join(" -> ", circle)
              + " -> "
              + stream.name());
    }
    parents(stream, streams).forEach(parent -> place(parent, streams, ordered, open));
    check(stream, streams);
    open.remove(stream.name());
    ordered.put(stream.name(), stream);
  }

  /** The streams whose records must be known before this one can be read. */
  private static List<StreamDefinition> parents(
      StreamDefinition stream, Map<String, StreamDefinition> streams) {
    Map<String, String> names = new LinkedHashMap<>();
    stream.embedded().ifPresent(embedded -> names.put(embedded.stream(), "embedded.stream"));
    for (Placeholder placeholder : stream.placeholders()) {
      names.put(placeholder.stream(), "endpoint.path");
    }
    stream
        .parents()
        .values()
        .forEach(paths -> paths.forEach(path -> names.put(streamOf(path), "parents")));
    List<StreamDefinition> parents = new ArrayList<>();
    names.forEach(
        (name, key) -> {
          if (!streams.containsKey(name)) {
            throw fault(
                stream,
                key + ": unknown stream '" + name + "'" + Document.nearest(name, streams.keySet()));
          }
          parents.add(streams.get(name));
        });
    return parents;
  }

  private static void check(StreamDefinition stream, Map<String, StreamDefinition> streams) {
    if (stream.embedded().isPresent()) {
      checkEmbedded(stream, stream.embedded().get(), streams.get(stream.embedded().get().stream()));
    }
    for (Placeholder placeholder : stream.placeholders()) {
      for (ColumnPath path : parentIds(stream, placeholder, streams)) {
        if (path.type() != Type.Primitive.STRING) {
          throw fault(stream, "'" + path + "' cannot be a parent's id: it is no text");
        }
      }
    }
  }

  /** The paths that a placeholder's ids are read from: the parent's own column, then the others. */
  static List<ColumnPath> parentIds(
      StreamDefinition stream, Placeholder placeholder, Map<String, StreamDefinition> streams) {
    List<ColumnPath> paths = new ArrayList<>();
    paths.add(ColumnPath.of(streams.get(placeholder.stream()), placeholder.column()));
    for (String path : stream.parents().getOrDefault(placeholder.text(), List.of())) {
      String name = streamOf(path);
      paths.add(
          ColumnPath.of(
              streams.get(name), path.substring(Math.min(path.length(), name.length() + 1))));
    }
    return List.copyOf(paths);
  }

  /**
   * An embedded row's scope comes from the row it lies in: the last column is that row's {@code
   * id}, the others are its columns of the same name.
   */
  private static void checkEmbedded(
      StreamDefinition stream, Embedded embedded, StreamDefinition outer) {
    if (stream.scope().isEmpty()) {
      throw fault(stream, "scope: missing, and an embedded stream needs one");
    }
    for (String column : stream.scope().subList(0, stream.scope().size() - 1)) {
      if (outer.position(column) < 0) {
        throw fault(stream, "scope: '" + column + "' is no column of '" + outer.name() + "'");
      }
    }
    if (outer.position(Embedded.ID) < 0) {
      throw fault(
          stream,
          "embedded.stream: '"
              + outer.name()
              + "' has no column 'id' to fill '"
              + stream.scope().get(stream.scope().size() - 1)
              + "' from");
    }
    boolean found =
        outer.fields().stream()
            .anyMatch(
                field ->
                    field.source().equals(embedded.records())
                        && field.type() instanceof Type.Array array
                        && array.element() instanceof Type.Struct);
    if (!found) {
      throw fault(
          stream,
          "embedded.records: '"
              + String.join(".", embedded.records())
              + "' is no list of objects in '"
              + outer.name()
              + "'");
    }
  }

  private static String streamOf(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  private static ConnectorException fault(StreamDefinition stream, String reason) {
    return ConnectorException.configuration("stream '" + stream.name() + "': " + reason);
  }
}
