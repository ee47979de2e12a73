// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One {@code --set PATH=VALUE}. A value in brackets or braces is read as YAML, {@code null} takes
 * the default back, everything else is text as it stands.
 *
 * @param path keys from the top down; Iceberg's own properties, which have dots, are one key
 */
record Assignment(List<String> path, JsonNode value) {
  private static final List<String> MAPS =
      List.of("destination.catalog.", "destination.table_properties.");
  private static final List<String> SECRETS = List.of("value", "file", "aws_secret");

  Assignment {
    path = List.copyOf(path);
  }

  static Assignment parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      // Without the text: what stands there may be a key that lost its path.
      throw ConnectorException.configuration("--set: expected PATH=VALUE, as in sync.deletes=soft");
    }
    String path = text.substring(0, equals).strip();
    return new Assignment(keys(path), value(path, text.substring(equals + 1).strip()));
  }

  private static List<String> keys(String path) {
    for (String map : MAPS) {
      if (path.startsWith(map)) {
        List<String> keys = new ArrayList<>(Arrays.asList(map.split("\\.")));
        keys.add(path.substring(map.length()));
        return keys;
      }
    }
    List<String> keys = Arrays.asList(path.split("\\.", -1));
    if (keys.contains("")) {
      throw ConnectorException.configuration("--set: '" + path + "' has an empty key");
    }
    return keys;
  }

  private static JsonNode value(String path, String text) {
    if (text.equals("null")) {
      return NullNode.getInstance();
    }
    if (text.startsWith("[") || text.startsWith("{")) {
      return Document.parse("--set " + path, "value: " + text).node().get("value");
    }
    return TextNode.valueOf(text);
  }

  /** Puts the value into the tree, in place of what was there. */
  void apply(ObjectNode tree) {
    ObjectNode object = tree;
    for (String key : path.subList(0, path.size() - 1)) {
      JsonNode child = object.get(key);
      if (child != null && !child.isNull() && !child.isObject()) {
        throw ConnectorException.configuration(
            "--set: '" + String.join(".", path) + "': '" + key + "' is not an object");
      }
      object = child instanceof ObjectNode nested ? nested : object.putObject(key);
    }
    String last = path.get(path.size() - 1);
    if (isSecret(last)) {
      // One way to the key replaces the other, or "exactly one" could not be set from here.
      object.remove(SECRETS);
    }
    object.set(last, value);
  }

  private boolean isSecret(String last) {
    return path.size() == 3
        && path.subList(0, 2).equals(List.of("source", "auth"))
        && SECRETS.contains(last)
        && !value.isNull();
  }
}
