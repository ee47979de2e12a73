// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one stream's file must fulfil in itself, beyond its form; what it says about other streams
 * is {@link Cascade}'s. Stateless; every fault is of code CONFIGURATION and names its path.
 */
final class StreamRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  private static final Pattern TRANSFORM = Pattern.compile("(?:year|month|day|hour)\\((\\w+)\\)");

  private StreamRules() {}

  static void check(Document file, StreamDefinition stream) {
    requireName(file, "stream", stream.name());
    stream.reference().ifPresent(column -> requireName(file, "reference", column));
    for (String column : stream.scope()) {
      requireName(file, "scope", column);
    }
    checkFields(file, "fields", stream.fields());
    checkColumnsOnce(file, stream);
    if (stream.key().isEmpty()) {
      throw file.fault("key", "missing, and it is required");
    }
    for (String column : stream.key()) {
      requireSingle(file, "key", stream, column);
    }
    for (String column : stream.sort()) {
      requireSingle(file, "sort", stream, column);
    }
    if (stream.window().isPresent() && stream.endpoint().isEmpty()) {
      throw file.fault("window", "an embedded stream is not read by requests, so not by time");
    }
    stream.window().ifPresent(window -> requireInstant(file, "window", stream, window.column()));
    for (String transform : stream.partition()) {
      Matcher matcher = TRANSFORM.matcher(transform);
      if (!matcher.matches()) {
        throw file.fault(
            "partition", "'" + transform + "' is not one of year(x), month(x), day(x), hour(x)");
      }
      requireInstant(file, "partition", stream, matcher.group(1));
    }
    for (Derived derived : stream.derived()) {
      checkDerived(file, stream, derived);
    }
    for (String secret : stream.secrets()) {
      if (stream.fields().stream().anyMatch(field -> field.source().contains(secret))) {
        throw file.fault("secrets", "'" + secret + "' is declared as a field and would be stored");
      }
    }
    checkParents(file, stream);
  }

  /** Two fields of one object may neither share a column nor lie inside one another. */
  private static void checkFields(Document file, String path, List<Field> fields) {
    Set<String> columns = new HashSet<>();
    Set<List<String>> sources = new HashSet<>();
    fields.forEach(field -> sources.add(field.source()));
    for (Field field : fields) {
      String at = path + "." + field.path();
      requireName(file, at, field.column());
      if (!columns.add(field.column())) {
        throw file.fault(at, "a second field for the column '" + field.column() + "'");
      }
      for (int depth = 1; depth < field.source().size(); depth++) {
        if (sources.contains(field.source().subList(0, depth))) {
          throw file.fault(at, "lies inside a field that is declared itself");
        }
      }
      Type type = field.type();
      while (type instanceof Type.Array array) {
        at = at + ".of";
        type = array.element();
      }
      if (type instanceof Type.Struct struct) {
        checkFields(file, at + ".fields", struct.fields());
      }
    }
  }

  /** A field may stand for a scope column, as its record's own word for it; nothing else may. */
  private static void checkColumnsOnce(Document file, StreamDefinition stream) {
    Set<String> columns = new HashSet<>();
    for (String column : stream.scope()) {
      if (!columns.add(column)) {
        throw file.fault("scope", "the column '" + column + "' is there twice");
      }
    }
    for (Field field : stream.fields()) {
      if (!columns.add(field.column()) && field.type() != Type.Primitive.STRING) {
        throw file.fault(
            "fields." + field.path(), "is the scope column '" + field.column() + "': a string");
      }
    }
    for (Derived derived : stream.derived()) {
      requireName(file, "derived." + derived.column(), derived.column());
      if (!columns.add(derived.column())) {
        throw file.fault("derived." + derived.column(), "is a column already");
      }
    }
  }

  private static void checkDerived(Document file, StreamDefinition stream, Derived derived) {
    String at = "derived." + derived.column();
    Set<String> names = new LinkedHashSet<>();
    stream.derived().forEach(other -> names.add(other.column()));
    if (names.contains(derived.from().split("\\.")[0])) {
      throw file.fault(at + ".from", "'" + derived.from() + "' is a derived column itself");
    }
    ColumnPath from;
    try {
      from = ColumnPath.of(stream, derived.from());
    } catch (ConnectorException e) {
      throw file.fault(at + ".from", e.getMessage());
    }
    if (from.repeated()) {
      throw file.fault(at + ".from", "'" + derived.from() + "' leads through a list");
    }
    boolean fits =
        switch (derived.rule()) {
          case COPY -> derived.type() == from.type();
          case SECONDS ->
              derived.type() == Type.Primitive.LONG && from.type() == Type.Primitive.STRING;
          case MISSING -> derived.type() == Type.Primitive.BOOLEAN;
        };
    if (!fits) {
      throw file.fault(
          at + ".type",
          "a copy has the type it is copied from, seconds are a long from a string, missing is a"
              + " boolean");
    }
  }

  private static void checkParents(Document file, StreamDefinition stream) {
    Set<String> placeholders = new LinkedHashSet<>();
    stream.placeholders().forEach(placeholder -> placeholders.add(placeholder.text()));
    for (Map.Entry<String, List<String>> parent : stream.parents().entrySet()) {
      if (!placeholders.contains(parent.getKey())) {
        throw file.fault(
            "parents",
            "'" + parent.getKey() + "' is no placeholder of the path" + known(placeholders));
      }
    }
    stream
        .endpoint()
        .ifPresent(
            endpoint -> {
              String rest = endpoint.path();
              for (String placeholder : placeholders) {
                rest = rest.replace(placeholder, "");
              }
              if (!rest.startsWith("/") || rest.contains("{") || rest.contains("}")) {
                throw file.fault(
                    "endpoint.path",
                    "'"
                        + endpoint.path()
                        + "' must begin with / and name parents as {stream.column}");
              }
            });
  }

  private static String known(Set<String> names) {
    return names.isEmpty() ? "" : "; known: " + String.join(", ", names);
  }

  private static void requireName(Document file, String key, String name) {
    if (!NAME.matcher(name).matches()) {
      throw file.fault(key, "'" + name + "' is no name in snake_case");
    }
  }

  private static Type require(Document file, String key, StreamDefinition stream, String column) {
    int position = stream.position(column);
    if (position < 0) {
      Set<String> columns = new LinkedHashSet<>();
      stream.columns().forEach(known -> columns.add(known.name()));
      throw file.fault(
          key, "'" + column + "' is no column of this stream" + Document.nearest(column, columns));
    }
    return stream.columns().get(position).type();
  }

  private static void requireSingle(
      Document file, String key, StreamDefinition stream, String column) {
    if (!(require(file, key, stream, column) instanceof Type.Primitive)) {
      throw file.fault(key, "'" + column + "' is an object or a list and cannot be ordered");
    }
  }

  private static void requireInstant(
      Document file, String key, StreamDefinition stream, String column) {
    if (require(file, key, stream, column) != Type.Primitive.TIMESTAMP) {
      throw file.fault(key, "'" + column + "' is no timestamp");
    }
  }
}
