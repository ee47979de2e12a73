// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Truth;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Syncs and reports by command lines, and adds up what the simulated service holds by itself. */
final class ReportFixture {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  ReportFixture(Path directory) {
    this.directory = directory;
  }

  /** The answer of {@link #expected}. */
  record Sums(long entries, long seconds, long billable, Map<String, BigDecimal> amounts) {}

  Ended sync(ClockifySimulator simulator, String... settings) {
    List<String> arguments = new ArrayList<>(List.of("sync"));
    List<String> all =
        new ArrayList<>(
            List.of(
                "source.base_url=" + simulator.main(),
                "source.reports_url=" + simulator.reports(),
                "source.rate_limit={start: 500, max: 500}",
                "sync.on_forbidden=skip",
                warehouse()));
    all.addAll(List.of(settings));
    all.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    Ended ended =
        new CommandLineFixture(Map.of("CLOCKIFY_API_KEY", simulator.apiKey()))
            .run(arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    return ended;
  }

  private String warehouse() {
    return "destination.catalog.warehouse=" + directory.resolve("lakehouse");
  }

  Ended report(String... options) {
    List<String> arguments = new ArrayList<>(List.of("report", "--set", warehouse()));
    arguments.addAll(List.of(options));
    return new CommandLineFixture(Map.of()).run(arguments.toArray(String[]::new));
  }

  /** The text of a report in this format. */
  String text(String format, String... options) throws IOException {
    Path file = directory.resolve("out." + format);
    List<String> all = new ArrayList<>(List.of("--format", format, "--out", file.toString()));
    all.addAll(List.of(options));
    Ended ended = report(all.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    return Files.readString(file);
  }

  JsonNode json(String... options) throws IOException {
    return JSON.readTree(text("json", options));
  }

  Path page(String... options) throws IOException {
    text("html", options);
    return directory.resolve("out.html");
  }

  /** Stopped entries of the service that start on a day that is wanted, added up by itself. */
  static Sums expected(
      ClockifySimulator simulator, ZoneId zone, Predicate<LocalDate> day, Predicate<Truth> entry) {
    long entries = 0;
    long seconds = 0;
    long billable = 0;
    Map<String, BigDecimal> amounts = new TreeMap<>();
    for (Truth truth : simulator.truth("time_entries")) {
      ObjectNode record = truth.record();
      JsonNode interval = record.get("timeInterval");
      Instant start = Instant.parse(interval.get("start").asText());
      boolean wanted = day.test(LocalDate.ofInstant(start, zone)) && entry.test(truth);
      if (wanted && !interval.get("end").isNull()) {
        long length =
            Duration.between(start, Instant.parse(interval.get("end").asText())).toSeconds();
        entries++;
        seconds += length;
        if (record.get("billable").asBoolean()) {
          billable += length;
          JsonNode rate = record.get("hourlyRate");
          if (!rate.isNull()) {
            amounts.merge(
                rate.get("currency").asText(),
                BigDecimal.valueOf(rate.get("amount").asLong() * length),
                BigDecimal::add);
          }
        }
      }
    }
    amounts.replaceAll(
        (currency, sum) -> sum.divide(BigDecimal.valueOf(360_000), 2, RoundingMode.HALF_UP));
    return new Sums(entries, seconds, billable, amounts);
  }

  /** The same of one tally in a report's figures. */
  static Sums sums(JsonNode tally) {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    tally
        .get("billable_amount")
        .properties()
        .forEach(
            amount ->
                amounts.put(
                    amount.getKey(), new BigDecimal(amount.getValue().asText()).setScale(2)));
    return new Sums(
        tally.get("entries").asLong(),
        tally.get("seconds").asLong(),
        tally.get("billable_seconds").asLong(),
        amounts);
  }
}
