// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.clockifylakehouse.error.ConnectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} and {@code ${NAME:-default}} in the values of a tree, from the
 * environment. A default counts when the variable is not set or is empty. What is put in is never
 * read as YAML, nor searched for variables again.
 *
 * <p>Values of variables with a secret's name are made known to the redaction.
 */
final class Interpolation {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?})?");

  private final String file;
  private final Map<String, String> environment;
  private final Redaction redaction;

  Interpolation(String file, Map<String, String> environment, Redaction redaction) {
    this.file = file;
    this.environment = environment;
    this.redaction = redaction;
  }

  /** Replaces in place. */
  void apply(ObjectNode tree) {
    replaceIn("", tree);
  }

  private JsonNode replaced(String path, JsonNode node) {
    if (node instanceof ObjectNode object) {
      replaceIn(path, object);
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, replaced(path + "[" + i + "]", array.get(i)));
      }
    } else if (node.isTextual()) {
      return TextNode.valueOf(text(path, node.asText()));
    }
    return node;
  }

  private void replaceIn(String path, ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      object.set(name, replaced(path.isEmpty() ? name : path + "." + name, object.get(name)));
    }
  }

  private String text(String path, String text) {
    StringBuilder result = new StringBuilder();
    Matcher matcher = VARIABLE.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1) == null) {
        throw fault(path, "'${' begins no ${NAME} or ${NAME:-default}");
      }
      matcher.appendReplacement(result, Matcher.quoteReplacement(value(path, matcher)));
    }
    return matcher.appendTail(result).toString();
  }

  private String value(String path, Matcher matcher) {
    String name = matcher.group(1);
    String value = environment.get(name);
    if (matcher.group(2) != null && (value == null || value.isEmpty())) {
      return matcher.group(3);
    }
    if (value == null) {
      throw fault(path, "the variable " + name + " is not set");
    }
    if (Redaction.namesSecret(name)) {
      redaction.add(value);
    }
    return value;
  }

  private ConnectorException fault(String path, String reason) {
    return ConnectorException.configuration(file + ": " + path + ": " + reason);
  }
}
