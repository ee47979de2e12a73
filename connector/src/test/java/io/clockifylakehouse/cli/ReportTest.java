// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code report} says, against what the simulated service holds. */
class ReportTest {
  private static final ZoneId SYDNEY = ZoneId.of("Australia/Sydney");

  @TempDir private Path directory;

  private ReportFixture fixture() {
    return new ReportFixture(directory);
  }

  private static ClockifySimulator start(Account account) {
    return ClockifySimulator.start(account, SimulatorSettings.unlimited());
  }

  @Test
  void totalsEqualTheService() throws IOException {
    Account account = Account.tiny(7).withWorkspaces(2).with("time_entries", 500);
    try (ClockifySimulator simulator = start(account)) {
      fixture().sync(simulator);

      JsonNode figures = fixture().json("--zone", "UTC");

      assertThat(ReportFixture.sums(figures.get("totals")))
          .isEqualTo(ReportFixture.expected(simulator, ZoneOffset.UTC, day -> true, entry -> true));
      for (JsonNode person : figures.get("people")) {
        assertThat(ReportFixture.sums(person))
            .as(person.get("name").asText())
            .isEqualTo(
                ReportFixture.expected(
                    simulator,
                    ZoneOffset.UTC,
                    day -> true,
                    entry ->
                        entry.record().get("userId").asText().equals(person.get("id").asText())));
      }
      for (JsonNode project : figures.get("projects")) {
        assertThat(ReportFixture.sums(project))
            .as(project.get("name").asText())
            .isEqualTo(
                ReportFixture.expected(
                    simulator,
                    ZoneOffset.UTC,
                    day -> true,
                    entry ->
                        entry
                                .record()
                                .get("projectId")
                                .asText("")
                                .equals(project.get("id").asText(""))
                            && isIn(simulator, entry.ancestors().get("workspace_id"), project)));
      }
      assertThat(figures.get("projects").size()).isGreaterThan(4);
      assertThat(figures.get("running_timers")).hasSize(4);
    }
  }

  /** Entries without a project are told apart by workspace alone. */
  private static boolean isIn(ClockifySimulator simulator, String workspaceId, JsonNode project) {
    return simulator.truth("workspaces").stream()
        .filter(truth -> truth.record().get("id").asText().equals(workspaceId))
        .anyMatch(
            truth -> truth.record().get("name").asText().equals(project.get("workspace").asText()));
  }

  @Test
  void daysBeginInTheZoneAndTheLastDayIsLeftOut() throws IOException {
    try (ClockifySimulator simulator = start(Account.tiny(8).with("time_entries", 600))) {
      fixture().sync(simulator);
      LocalDate from = LocalDate.of(2026, 10, 1);
      LocalDate to = LocalDate.of(2026, 11, 1);

      JsonNode figures =
          fixture()
              .json("--zone", SYDNEY.getId(), "--from", from.toString(), "--to", to.toString());

      ReportFixture.Sums expected =
          ReportFixture.expected(
              simulator, SYDNEY, day -> !day.isBefore(from) && day.isBefore(to), entry -> true);
      assertThat(ReportFixture.sums(figures.get("totals"))).isEqualTo(expected);
      assertThat(expected.entries()).isPositive();
      for (JsonNode day : figures.get("days")) {
        assertThat(ReportFixture.sums(day))
            .as(day.get("name").asText())
            .isEqualTo(
                ReportFixture.expected(
                    simulator,
                    SYDNEY,
                    LocalDate.parse(day.get("name").asText())::equals,
                    entry -> true));
      }
      // Time that a budget has used does not depend on the period.
      assertThat(figures.get("budgets"))
          .isEqualTo(fixture().json("--zone", SYDNEY.getId()).get("budgets"))
          .isNotEmpty();
    }
  }

  @Test
  void csvHoldsTheFiguresOfTheJson() throws IOException {
    try (ClockifySimulator simulator = start(Account.tiny(9))) {
      fixture().sync(simulator);
      JsonNode totals = fixture().json().get("totals");

      List<String> lines = fixture().text("csv").lines().toList();

      assertThat(lines.get(0)).isEqualTo("section,workspace,id,name,measure,unit,value");
      assertThat(lines)
          .contains(
              "totals,,,,seconds,s," + totals.get("seconds").asLong(),
              "totals,,,,entries,," + totals.get("entries").asLong());
      List<String> sections = new ArrayList<>();
      lines.stream().skip(1).map(line -> line.split(",")[0]).distinct().forEach(sections::add);
      assertThat(sections)
          .contains("projects", "people", "tags", "days", "budgets", "invoices", "expenses");
    }
  }

  @Test
  void narrowsToAWorkspaceAndRefusesAnUnknownOne() throws IOException {
    try (ClockifySimulator simulator = start(Account.tiny(10).withWorkspaces(2))) {
      fixture().sync(simulator);
      String id = simulator.truth("workspaces").get(1).record().get("id").asText();

      JsonNode figures = fixture().json("--workspace", id, "--zone", "UTC");

      assertThat(ReportFixture.sums(figures.get("totals")))
          .isEqualTo(
              ReportFixture.expected(
                  simulator,
                  ZoneOffset.UTC,
                  day -> true,
                  entry -> entry.ancestors().get("workspace_id").equals(id)));
      assertThat(figures.get("workspaces")).hasSize(1);
      Ended unknown = fixture().report("--workspace", "Nowhere");
      assertThat(unknown.exitCode()).isEqualTo(78);
      assertThat(unknown.err()).contains("Nowhere").contains("--workspace");
    }
  }

  @Test
  void rowsMarkedAsDeletedDoNotCount() throws IOException {
    try (ClockifySimulator simulator = start(Account.tiny(11).with("time_entries", 80))) {
      fixture().sync(simulator, "sync.deletes=soft");
      long before = fixture().json().get("totals").get("entries").asLong();
      String workspaceId = simulator.truth("workspaces").get(0).record().get("id").asText();
      String gone =
          simulator.truth("time_entries").stream()
              .filter(entry -> !entry.record().get("timeInterval").get("end").isNull())
              .findFirst()
              .orElseThrow()
              .record()
              .get("id")
              .asText();
      simulator.world().workspace(workspaceId).records("time_entries").remove(gone);
      fixture().sync(simulator, "sync.deletes=soft");

      assertThat(fixture().json().get("totals").get("entries").asLong()).isEqualTo(before - 1);
    }
  }

  @Test
  void aPageOfNothingSaysWhatToDo() throws IOException {
    Ended ended = fixture().report("--out", directory.resolve("empty.html").toString());

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("No time entries").contains("run sync");
    assertThat(Files.readString(directory.resolve("empty.html"))).startsWith("<!doctype html>");
  }

  @Test
  void refusesWhatItCannotDo() {
    assertThat(fixture().report("--from", "2026-02-01", "--to", "2026-02-01"))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(2))
        .satisfies(ended -> assertThat(ended.err()).contains("--from").contains("--to"));
    assertThat(fixture().report("--zone", "Mars/Base"))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(2))
        .satisfies(ended -> assertThat(ended.err()).contains("Mars/Base"));
    assertThat(fixture().report("--out", directory.resolve("no/such/report.html").toString()))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(2))
        .satisfies(ended -> assertThat(ended.err()).contains("--out"));
  }
}
