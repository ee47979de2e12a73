// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All streams, parents before children, with what they share.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public final class StreamCatalog {
  private final ApiDefinition api;
  private final Map<String, StreamDefinition> streams;

  private StreamCatalog(ApiDefinition api, Map<String, StreamDefinition> streams) {
    this.api = api;
    this.streams = streams;
  }

  /** Reads the streams that are packaged with the connector. */
  public static StreamCatalog packaged() {
    try {
      URI root = StreamCatalog.class.getClassLoader().getResource("schemas").toURI();
      if (!root.getScheme().equals("jar")) {
        return load(Path.of(root));
      }
      try (FileSystem jar = FileSystems.newFileSystem(root, Map.of())) {
        return load(jar.getPath("schemas"));
      }
    } catch (IOException | URISyntaxException e) {
      throw new ConnectorException(
          ErrorCode.DEFECT, "cannot read the packaged stream files: " + e, e);
    }
  }

  /** Reads {@code clockify.yaml} and {@code streams/*.yaml} of a directory. */
  public static StreamCatalog load(Path directory) {
    List<Document> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(directory.resolve("streams"))) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".yaml")).sorted().toList()) {
        files.add(Document.parse("streams/" + path.getFileName(), Files.readString(path)));
      }
      return of(
          Document.parse("clockify.yaml", Files.readString(directory.resolve("clockify.yaml"))),
          files);
    } catch (IOException e) {
      throw ConnectorException.configuration("cannot read the stream files: " + e);
    }
  }

  /** Reads and resolves the given files: every parent must be among them. */
  public static StreamCatalog of(Document apiFile, List<Document> streamFiles) {
    ApiDefinition api = ApiDefinition.parse(apiFile);
    Map<String, String> references = new LinkedHashMap<>();
    for (Document file : streamFiles) {
      file.findText("reference").ifPresent(column -> references.put(file.text("stream"), column));
    }
    Map<String, StreamDefinition> parsed = new LinkedHashMap<>();
    for (Document file : streamFiles) {
      StreamDefinition stream = StreamParser.parse(file, api.paging(), references::get);
      if (parsed.put(stream.name(), stream) != null) {
        throw file.fault("stream", "'" + stream.name() + "' is declared twice");
      }
    }
    return new StreamCatalog(api, parentsFirst(parsed));
  }

  public ApiDefinition api() {
    return api;
  }

  /** Every stream, parents before children. */
  public List<StreamDefinition> streams() {
    return List.copyOf(streams.values());
  }

  public Optional<StreamDefinition> find(String name) {
    return Optional.ofNullable(streams.get(name));
  }

  /**
   * The stream of a name.
   *
   * @throws ConnectorException of code CONFIGURATION, with the nearest known name
   */
  public StreamDefinition stream(String name) {
    return find(name)
        .orElseThrow(
            () ->
                ConnectorException.configuration(
                    "unknown stream '" + name + "'" + Document.nearest(name, streams.keySet())));
  }

  /** The streams that come inside the records of a stream. */
  public List<StreamDefinition> embeddedIn(StreamDefinition parent) {
    return streams.values().stream()
        .filter(s -> s.embedded().map(e -> e.stream().equals(parent.name())).orElse(false))
        .toList();
  }

  /** The stream directly above in the cascade: the innermost placeholder, or the embedding one. */
  public Optional<StreamDefinition> parent(StreamDefinition stream) {
    if (stream.embedded().isPresent()) {
      return find(stream.embedded().get().stream());
    }
    List<Placeholder> placeholders = Placeholder.in(stream.endpoint().orElseThrow().path());
    return placeholders.isEmpty()
        ? Optional.empty()
        : find(placeholders.get(placeholders.size() - 1).stream());
  }

  private static Map<String, StreamDefinition> parentsFirst(Map<String, StreamDefinition> parsed) {
    Map<String, StreamDefinition> ordered = new LinkedHashMap<>();
    for (StreamDefinition stream : parsed.values()) {
      place(stream, parsed, ordered, new LinkedHashSet<>());
    }
    return ordered;
  }

  private static void place(
      StreamDefinition stream,
      Map<String, StreamDefinition> parsed,
      Map<String, StreamDefinition> ordered,
      Set<String> open) {
    if (ordered.containsKey(stream.name())) {
      return;
    }
    if (!open.add(stream.name())) {
      throw ConnectorException.configuration(
          "streams depend on each other in a circle: " + String.join(" -> ", open));
    }
    for (String parent : parentNames(stream)) {
      StreamDefinition definition = parsed.get(parent);
      if (definition == null) {
        throw ConnectorException.configuration(
            "stream '"
                + stream.name()
                + "' names an unknown parent '"
                + parent
                + "'"
                + Document.nearest(parent, parsed.keySet()));
      }
      place(definition, parsed, ordered, open);
    }
    open.remove(stream.name());
    ordered.put(stream.name(), stream);
  }

  private static Set<String> parentNames(StreamDefinition stream) {
    Set<String> names = new LinkedHashSet<>();
    stream.embedded().ifPresent(embedded -> names.add(embedded.stream()));
    stream
        .endpoint()
        .ifPresent(endpoint -> Placeholder.in(endpoint.path()).forEach(p -> names.add(p.stream())));
    stream
        .parents()
        .values()
        .forEach(columns -> columns.forEach(c -> names.add(c.substring(0, c.indexOf('.')))));
    return names;
  }
}
