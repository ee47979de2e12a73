// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.report.Report;
import io.clockifylakehouse.report.ReportFormat;
import io.clockifylakehouse.report.ReportReader;
import io.clockifylakehouse.report.ReportSettings;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hours, money and budgets from the tables, as a page to look at or as figures. */
@Command(
    name = "report",
    description = {
      "Write hours, amounts, budgets, invoices and timesheet gaps as one HTML page.",
      "Reads the tables alone: no request, no key. The page needs no network."
    },
    sortOptions = false)
final class ReportCommand implements Action {
  @Option(
      names = "--from",
      paramLabel = "DATE",
      description = "first day, such as 2026-01-01 (default: the first there is)")
  private LocalDate from;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      description = "the day after the last one (default: no end)")
  private LocalDate to;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to write it (default: clockify-report.html, .csv or .json)")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "html|csv|json",
      description = "page, or the same figures (default: html)")
  private ReportFormat format = ReportFormat.HTML;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "in which days begin, such as Europe/Berlin (default: the key's user's)")
  private String zone;

  @Option(
      names = "--workspace",
      paramLabel = "W",
      description = "id or exact name; repeatable (default: all in the tables)")
  private List<String> workspaces = new ArrayList<>();

  @Override
  public Outcome run(Session session) {
    if (from != null && to != null && !from.isBefore(to)) {
      throw new ConnectorException(
          ErrorCode.USAGE, "report: --from " + from + " must be before --to " + to);
    }
    Configuration configuration = session.configuration();
    ReportSettings settings =
        new ReportSettings(
            Optional.ofNullable(from),
            Optional.ofNullable(to),
            Optional.ofNullable(zone).map(ReportCommand::zone),
            workspaces.isEmpty() ? configuration.source().workspaces() : workspaces,
            session.startedAt(),
            format == ReportFormat.HTML ? ReportSettings.CELLS_MAX : 0);
    Path file = out == null ? Path.of("clockify-report." + format.extension()) : out;
    try (Destination destination = SyncJob.destination(configuration)) {
      Report report = ReportReader.read(destination.inspection(), settings);
      long bytes = write(report, file.toAbsolutePath());
      return outcome(session, report, file, bytes);
    }
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ConnectorException(
          ErrorCode.USAGE,
          "report: --zone '"
              + name
              + "' is no time zone; expected one such as Europe/Berlin or UTC",
          e);
    }
  }

  /** Writes beside the file and moves it there, so that nobody sees half of one. */
  private long write(Report report, Path file) {
    try {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      try {
        try (Writer writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
          format.write(report, writer);
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
      return Files.size(file);
    } catch (IOException e) {
      throw new ConnectorException(
          ErrorCode.USAGE,
          "report: cannot write "
              + file
              + " ("
              + e
              + "); name a file in a directory that can be written with --out",
          e);
    }
  }

  private Outcome outcome(Session session, Report report, Path file, long bytes) {
    ObjectNode figures = ReportFormat.figures(report);
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), 0);
    json.put("file", file.toString()).put("format", format.extension()).put("bytes", bytes);
    json.set("period", figures.get("period"));
    json.set("totals", figures.get("totals"));
    return new Outcome(0, json, text(figures, file, bytes));
  }

  private static String text(ObjectNode figures, Path file, long bytes) {
    JsonNode period = figures.get("period");
    JsonNode totals = figures.get("totals");
    StringBuilder text = new StringBuilder();
    if (totals.get("entries").asLong() == 0) {
      text.append("No time entries in this period; run sync, or name another one.\n");
    } else {
      text.append(period.get("first_day").asText())
          .append(" to ")
          .append(period.get("last_day").asText())
          .append(", days in ")
          .append(period.get("zone").asText())
          .append(":\n  ")
          .append(Display.count(totals.get("seconds").asLong() / 3600))
          .append(" hours in ")
          .append(Display.count(totals.get("entries").asLong()))
          .append(" entries, ")
          .append(Display.count(totals.get("billable_seconds").asLong() / 3600))
          .append(" hours billable\n");
      for (Map.Entry<String, JsonNode> amount : totals.get("billable_amount").properties()) {
        text.append("  billable: ")
            .append(amount.getValue().decimalValue().toPlainString())
            .append(' ')
            .append(Display.clean(amount.getKey()))
            .append('\n');
      }
    }
    return text.append("Written: ")
        .append(Display.clean(file.toString()))
        .append(" (")
        .append(Display.count((bytes + 1023) / 1024))
        .append(" KB)\n")
        .toString();
  }
}
