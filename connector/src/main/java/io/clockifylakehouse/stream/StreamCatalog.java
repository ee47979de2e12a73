// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All streams, parents before children, with what they share.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public final class StreamCatalog {
  private static final String API_FILE = "clockify.yaml";

  private final ApiDefinition api;
  private final Map<String, StreamDefinition> streams;

  private StreamCatalog(ApiDefinition api, Map<String, StreamDefinition> streams) {
    this.api = api;
    this.streams = streams;
  }

  /** Reads the streams that are packaged with the connector. */
  public static StreamCatalog packaged() {
    return packaged(StreamCatalog.class.getClassLoader());
  }

  /** Reads the streams that a class loader finds, in a folder or in a jar. */
  static StreamCatalog packaged(ClassLoader classes) {
    URL file = classes.getResource("schemas/" + API_FILE);
    if (file == null) {
      throw new ConnectorException(ErrorCode.DEFECT, "the build left out the stream files");
    }
    try {
      if (!(file.openConnection() instanceof JarURLConnection jar)) {
        return load(Path.of(file.toURI()).getParent());
      }
      Path path = Path.of(jar.getJarFileURL().toURI());
      try (FileSystem files = FileSystems.newFileSystem(path)) {
        return load(files.getPath("schemas"));
      }
    } catch (IOException | URISyntaxException e) {
      throw new ConnectorException(
          ErrorCode.DEFECT, "cannot read the packaged stream files: " + e, e);
    }
  }

  /**
   * Reads {@code clockify.yaml} and {@code streams/*.yaml} of a directory.
   *
   * @throws ConnectorException of code CONFIGURATION, with file and path, for the first fault
   */
  public static StreamCatalog load(Path directory) {
    List<Document> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(directory.resolve("streams"))) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".yaml")).sorted().toList()) {
        String name = path.getFileName().toString();
        Document file = Document.parse("streams/" + name, Files.readString(path));
        if (!name.equals(file.text("stream") + ".yaml")) {
          throw file.fault(
              "stream", "'" + file.text("stream") + "' is not what the file is called");
        }
        files.add(file);
      }
      return of(Document.parse(API_FILE, Files.readString(directory.resolve(API_FILE))), files);
    } catch (IOException e) {
      throw ConnectorException.configuration(
          "cannot read the stream files of %s, which should hold %s and streams/*.yaml: %s: %s"
              .formatted(directory, API_FILE, e.getClass().getSimpleName(), e.getMessage()));
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
      StreamDefinition stream = StreamParser.parse(file, api.paging(), references);
      if (parsed.put(stream.name(), stream) != null) {
        throw file.fault("stream", "'" + stream.name() + "' is declared twice");
      }
    }
    return new StreamCatalog(api, Cascade.parentsFirst(parsed));
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
    List<Placeholder> placeholders = stream.placeholders();
    return placeholders.isEmpty()
        ? Optional.empty()
        : find(placeholders.get(placeholders.size() - 1).stream());
  }

  /**
   * The columns that a placeholder's ids are read from: the named parent's own, then those of other
   * streams that know ids which the parent no longer lists. A row's workspace is its {@code
   * workspace_id}, or for a workspace its {@code id}.
   */
  public List<ColumnPath> parentIds(StreamDefinition stream, Placeholder placeholder) {
    return Cascade.parentIds(stream, placeholder, streams);
  }
}
