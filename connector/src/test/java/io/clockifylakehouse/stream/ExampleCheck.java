// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a stream's example with its fields: what the example has and no field foresees, values
 * that their field's type cannot hold, and fields that the example leaves out.
 */
final class ExampleCheck {
  private final List<String> faults = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  ExampleCheck(StreamDefinition stream) {
    object("", stream.example(), stream.fields(), stream.secrets());
  }

  /** Unknown or wrongly typed values, by path. */
  List<String> faults() {
    return faults;
  }

  /** Paths of the fields that the example does not show. */
  List<String> missing() {
    return missing;
  }

  private void object(String path, JsonNode object, List<Field> fields, List<String> secrets) {
    Map<String, List<Field>> byName = new LinkedHashMap<>();
    for (Field field : fields) {
      byName.computeIfAbsent(field.source().get(0), name -> new ArrayList<>()).add(field);
    }
    byName.forEach(
        (name, named) -> {
          if (!object.has(name)) {
            missing.add(path + name);
          }
        });
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (byName.containsKey(name)) {
        named(path + name, object.get(name), byName.get(name));
      } else if (!secrets.contains(name)) {
        faults.add(path + name + " is no field");
      }
    }
  }

  private void named(String path, JsonNode value, List<Field> named) {
    if (named.get(0).source().size() == 1) {
      value(path, value, named.get(0).type());
      return;
    }
    List<Field> lifted = new ArrayList<>();
    for (Field field : named) {
      List<String> rest = field.source().subList(1, field.source().size());
      lifted.add(new Field(rest, field.column(), field.type(), field.doc()));
    }
    object(path + ".", value, lifted, List.of());
  }

  private void value(String path, JsonNode value, Type type) {
    if (value.isNull()) {
      return;
    }
    boolean fits = true;
    if (type instanceof Type.Primitive primitive) {
      fits = fits(value, primitive);
    } else if (type instanceof Type.Struct struct) {
      fits = value.isObject();
      if (fits) {
        object(path + ".", value, struct.fields(), List.of());
      }
    } else if (type instanceof Type.Array array) {
      fits = value.isArray();
      value.forEach(element -> value(path + "[]", element, array.element()));
    }
    if (!fits) {
      faults.add(path + " is no " + type + ": " + value);
    }
  }

  private static boolean fits(JsonNode value, Type.Primitive type) {
    return switch (type) {
      case STRING -> value.isTextual();
      case BOOLEAN -> value.isBoolean();
      case INT -> value.isIntegralNumber() && value.canConvertToInt();
      case LONG -> value.isIntegralNumber() && value.canConvertToLong();
      case DOUBLE -> value.isNumber();
      case DATE -> value.isTextual() && parses(() -> LocalDate.parse(value.textValue()));
      case TIMESTAMP -> value.isTextual() && parses(() -> OffsetDateTime.parse(value.textValue()));
      case JSON -> true;
    };
  }

  private static boolean parses(Runnable parse) {
    try {
      parse.run();
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
