// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.clockifylakehouse.error.ConnectorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * One object of a YAML or JSON file, read strictly: each key that is asked for is remembered, and
 * {@link #finish()} refuses the others with the nearest known key.
 *
 * <p>Every failure is a {@link ConnectorException} of code CONFIGURATION whose message begins with
 * the file and the dotted path. Not safe for use by several threads.
 */
public final class Document {
  private static final YAMLFactory FACTORY =
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectMapper YAML =
      new ObjectMapper(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String file;
  private final String path;
  private final ObjectNode node;
  private final Set<String> known = new LinkedHashSet<>();

  private Document(String file, String path, ObjectNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** Parses the text of one YAML (or JSON) file whose top is an object; empty text is `{}`. */
  public static Document parse(String file, String text) {
    JsonNode top;
    try {
      refuseAliases(file, text);
      top = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw ConnectorException.configuration(
          file + ": not readable as YAML: " + e.getOriginalMessage() + location(e.getLocation()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is read but a text
    }
    if (top == null || top.isMissingNode() || top.isNull()) {
      return of(file, YAML.createObjectNode());
    }
    if (!top.isObject()) {
      throw ConnectorException.configuration(
          file + ": expected keys and values, found " + kind(top));
    }
    return of(file, (ObjectNode) top);
  }

  /** The parser does not follow an alias: its name would count as the value. */
  private static void refuseAliases(String file, String text) throws IOException {
    if (text.indexOf('*') < 0) {
      return;
    }
    try (YAMLParser parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        if (parser.isCurrentAlias()) {
          throw ConnectorException.configuration(
              file
                  + ": the alias '*"
                  + parser.getText()
                  + "' is not followed"
                  + location(parser.currentTokenLocation())
                  + "; write the value out");
        }
      }
    }
  }

  /** Wraps an object that has been read already. */
  public static Document of(String file, ObjectNode node) {
    return new Document(file, "", node);
  }

  private static String location(JsonLocation location) {
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  /** True when the key is there and not null. The key counts as known from now on. */
  public boolean has(String key) {
    return find(key).isPresent();
  }

  /** The raw node of a key, for values of any shape; empty when absent or null. */
  public Optional<JsonNode> find(String key) {
    known.add(key);
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  public Optional<String> findText(String key) {
    return find(key).map(value -> scalar(key, value));
  }

  public String text(String key) {
    return findText(key).orElseThrow(() -> missing(key));
  }

  public String text(String key, String fallback) {
    return findText(key).orElse(fallback);
  }

  public boolean flag(String key, boolean fallback) {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return fallback;
    }
    String text = value.get().asText();
    if (text.equals("true") || text.equals("false")) {
      return Boolean.parseBoolean(text);
    }
    throw wrong(key, "true or false", value.get());
  }

  public int integer(String key, int fallback) {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      return Integer.parseInt(value.get().asText());
    } catch (NumberFormatException e) {
      throw wrong(key, "a whole number", value.get());
    }
  }

  public double number(String key, double fallback) {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      double number = Double.parseDouble(value.get().asText());
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message
    }
    throw wrong(key, "a number", value.get());
  }

  /** A list of texts; a single text counts as a list of one; empty when absent. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    Optional<JsonNode> value = find(key);
    if (value.isPresent() && value.get().isArray()) {
      value.get().forEach(element -> texts.add(scalar(key, element)));
    } else if (value.isPresent()) {
      texts.add(scalar(key, value.get()));
    }
    return List.copyOf(texts);
  }

  /** A nested object; an empty one when absent, so that its keys take their defaults. */
  public Document object(String key) {
    return findObject(key).orElseGet(() -> new Document(file, at(key), YAML.createObjectNode()));
  }

  public Optional<Document> findObject(String key) {
    return find(key)
        .map(
            value -> {
              if (!value.isObject()) {
                throw wrong(key, "an object", value);
              }
              return new Document(file, at(key), (ObjectNode) value);
            });
  }

  /** The objects of a list, in order; empty when absent. */
  public List<Document> objects(String key) {
    List<Document> objects = new ArrayList<>();
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!value.get().isArray()) {
      throw wrong(key, "a list", value.get());
    }
    int index = 0;
    for (JsonNode element : value.get()) {
      if (!element.isObject()) {
        throw wrong(key + "[" + index + "]", "an object", element);
      }
      objects.add(new Document(file, at(key + "[" + index++ + "]"), (ObjectNode) element));
    }
    return objects;
  }

  /** This object as named sub-objects, in file order, for maps whose keys are names. */
  public Map<String, Document> entries() {
    Map<String, Document> entries = new LinkedHashMap<>();
    node.fieldNames()
        .forEachRemaining(
            name -> entries.put(name, findObject(name).orElseGet(() -> object(name))));
    return entries;
  }

  /** This object as a map of texts, in file order. */
  public Map<String, String> textMap() {
    Map<String, String> texts = new LinkedHashMap<>();
    node.fieldNames().forEachRemaining(name -> texts.put(name, text(name, "")));
    return texts;
  }

  /** The object itself. */
  public ObjectNode node() {
    return node;
  }

  /** Refuses every key that was never asked for. Call it last. */
  public void finish() {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw ConnectorException.configuration(
                    file + ": unknown key '" + at(name) + "'" + nearest(name, known));
              }
            });
  }

  /** A fault at a key of this object, in the words of the caller. */
  public ConnectorException fault(String key, String reason) {
    return ConnectorException.configuration(file + ": " + at(key) + ": " + reason);
  }

  /** `; did you mean 'x'?` for the nearest candidate, or the candidates when none is near. */
  public static String nearest(String name, Set<String> candidates) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    Optional<String> best =
        candidates.stream()
            .min((a, b) -> Integer.compare(distance.apply(name, a), distance.apply(name, b)));
    if (best.isEmpty()) {
      return "";
    }
    if (distance.apply(name, best.get()) <= Math.max(2, name.length() / 2)) {
      return "; did you mean '" + best.get() + "'?";
    }
    return "; known: " + String.join(", ", candidates);
  }

  private String scalar(String key, JsonNode value) {
    if (value.isContainerNode()) {
      throw wrong(key, "a single value", value);
    }
    return value.asText();
  }

  private ConnectorException missing(String key) {
    return fault(key, "missing, and it is required");
  }

  private ConnectorException wrong(String key, String expected, JsonNode found) {
    return fault(key, "expected " + expected + ", found " + kind(found));
  }

  private static String kind(JsonNode node) {
    if (node.isObject()) {
      return "an object";
    }
    return node.isArray() ? "a list" : "'" + node.asText() + "'";
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
