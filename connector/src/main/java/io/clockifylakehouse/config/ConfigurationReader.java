// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the configuration: assignments of the command line beat the file, the file beats the
 * defaults.
 *
 * <p>Every fault is a {@link ConnectorException} of code CONFIGURATION that names the file, the
 * path and the reason, and holds no secret. Not safe for use by several threads.
 */
public final class ConfigurationReader {
  /** Where the file is looked for when none is named; it may be missing. */
  public static final Path USUAL_FILE = Path.of("config", "connector.yaml");

  private static final String NO_FILE = "configuration";

  private final Map<String, String> environment;
  private final Map<String, Map<Host, String>> regions;
  private final Redaction redaction;

  /**
   * @param regions base URLs by region and host
   * @param redaction learns every secret that is met
   */
  public ConfigurationReader(
      Map<String, String> environment,
      Map<String, Map<Host, String>> regions,
      Redaction redaction) {
    this.environment = environment;
    this.regions = regions;
    this.redaction = redaction;
  }

  /**
   * @param file the one named by the user; empty for the usual one, or none when that is missing
   * @param assignments {@code PATH=VALUE}, the later ones winning
   */
  public Configuration read(Optional<Path> file, List<String> assignments) {
    if (file.isEmpty() && !Files.exists(USUAL_FILE)) {
      return parse(NO_FILE, "", assignments);
    }
    Path path = file.orElse(USUAL_FILE);
    String missing = "there is no such file; a commented one is config/connector.example.yaml";
    return parse(path.toString(), TextFile.read(path.toString(), path, missing), assignments);
  }

  /** The defaults and the assignments, without any file. */
  public Configuration readWithoutFile(List<String> assignments) {
    return parse(NO_FILE, "", assignments);
  }

  Configuration parse(String file, String text, List<String> assignments) {
    String origin = assignments.isEmpty() ? file : file + " with --set";
    try {
      ObjectNode tree = tree(file, text);
      for (String assignment : assignments) {
        Assignment.parse(assignment).apply(tree);
      }
      Optional<String> unset = AuthParser.withdrawUnsetKey(tree, environment);
      new Interpolation(origin, environment, redaction).apply(tree);
      return new ConfigurationParser(regions, unset, redaction).parse(Document.of(origin, tree));
    } catch (ConnectorException e) {
      // A key at the wrong place would otherwise be quoted by the message about that place.
      throw new ConnectorException(e.code(), redaction.mask(e.getMessage()));
    }
  }

  /** The parser's message quotes the lines around the fault, and one of them may hold a key. */
  private static ObjectNode tree(String file, String text) {
    try {
      return Document.parse(file, text).node();
    } catch (ConnectorException e) {
      List<String> lines = e.getMessage().lines().toList();
      String place = lines.get(lines.size() - 1).strip();
      throw ConnectorException.configuration(
          lines.size() == 1 ? lines.get(0) : lines.get(0) + " " + place);
    }
  }
}
