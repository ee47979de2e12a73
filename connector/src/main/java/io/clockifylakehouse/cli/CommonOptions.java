// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The options of every command; they may stand before or after its name. Filled by picocli. */
final class CommonOptions {

  /** Of the result. */
  enum Output {
    TEXT,
    JSON
  }

  /** Of the lines on standard error. */
  enum LogFormat {
    TEXT,
    JSON
  }

  /** The least severe lines to show. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "configuration file (default: config/connector.yaml, if there)")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      scope = ScopeType.INHERIT,
      description = "one setting, over the file's; repeatable (sync.deletes=soft)")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "text|json",
      scope = ScopeType.INHERIT,
      description = "form of the result on standard output (default: text)")
  private Output output = Output.TEXT;

  @Option(
      names = "--result-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "write the JSON result there too, also on failure")
  private Path resultFile;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      scope = ScopeType.INHERIT,
      description = "form of the log on standard error (default: text)")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      scope = ScopeType.INHERIT,
      description = "error, warn, info, debug or trace (default: info)")
  private LogLevel logLevel = LogLevel.INFO;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "show this help and exit")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      scope = ScopeType.INHERIT,
      description = "show the version and exit")
  private boolean version;

  /** Makes the words of an option lower case, in what is typed and in what is said about it. */
  static void registerWords(CommandLine line) {
    line.registerConverter(Output.class, text -> word(Output.values(), text));
    line.registerConverter(LogFormat.class, text -> word(LogFormat.values(), text));
    line.registerConverter(LogLevel.class, text -> word(LogLevel.values(), text));
  }

  private static <E extends Enum<E>> E word(E[] values, String text) {
    List<String> words = new ArrayList<>();
    for (E value : values) {
      words.add(value.name().toLowerCase(Locale.ROOT));
    }
    int index = words.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new TypeConversionException(
          "expected " + String.join(", ", words) + ", found '" + text + "'");
    }
    return values[index];
  }

  Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  List<String> assignments() {
    return List.copyOf(assignments);
  }

  Output output() {
    return output;
  }

  Optional<Path> resultFile() {
    return Optional.ofNullable(resultFile);
  }

  LogFormat logFormat() {
    return logFormat;
  }

  String logLevel() {
    return logLevel.name().toLowerCase(Locale.ROOT);
  }
}
