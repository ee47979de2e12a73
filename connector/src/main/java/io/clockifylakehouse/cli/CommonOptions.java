// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.destination.MaintenancePlan.Step;
import io.clockifylakehouse.report.ReportFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
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
      names = "--schemas",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "stream files of one's own, laid out as schemas/, in place of the packaged ones")
  private Path schemas;

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

  /** Teaches the command line to read words, dates and durations, and what to say of others. */
  static void registerWords(CommandLine line) {
    line.registerConverter(Output.class, text -> word(Output.values(), text));
    line.registerConverter(LogFormat.class, text -> word(LogFormat.values(), text));
    line.registerConverter(Step.class, text -> word(Step.values(), text));
    line.registerConverter(LogLevel.class, text -> word(LogLevel.values(), text));
    line.registerConverter(ReportFormat.class, text -> word(ReportFormat.values(), text));
    line.registerConverter(LocalDate.class, CommonOptions::date);
    line.registerConverter(Duration.class, CommonOptions::duration);
  }

  private static LocalDate date(String text) {
    try {
      LocalDate date = LocalDate.parse(text);
      if (date.getYear() >= 1 && date.getYear() <= 9999) {
        return date;
      }
    } catch (DateTimeParseException e) {
      // falls through to the one message
    }
    throw new TypeConversionException("expected a date such as 2019-01-31, found '" + text + "'");
  }

  private static Duration duration(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative() && !duration.isZero()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // falls through to the one message
    }
    throw new TypeConversionException(
        "expected a duration above zero such as PT2H (hours) or P1D (a day), found '" + text + "'");
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

  Optional<Path> schemas() {
    return Optional.ofNullable(schemas);
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
