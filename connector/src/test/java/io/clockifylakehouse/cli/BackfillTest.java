// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.RequestLog;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Truth;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code backfill}, killed and resumed, and what it refuses. */
@Timeout(180)
class BackfillTest {
  private static final Pattern ENTRIES = Pattern.compile("/user/([^/]+)/time-entries$");
  private static final Pattern LOADED = Pattern.compile("\\D(\\d+) of (\\d+) loaded, ");

  @TempDir private Path directory;

  @Test
  void aKilledBackfillGoesOnAfterItsLastCommit() throws Exception {
    Account account =
        Account.tiny(21)
            .with("workspace_users", 60)
            .with("former_users", 4)
            .with("time_entries", 4_000);
    SimulatorSettings slow =
        SimulatorSettings.unlimited().withLatency(Duration.ofMillis(20)).withShuffleSets(false);
    try (ClockifySimulator simulator = ClockifySimulator.start(account, slow)) {
      Process process =
          ConnectorProcess.start(directory, key(simulator), backfill(simulator, "a", "2015-01-01"));
      Set<String> committed = killAfterFurtherCommit(process, simulator);
      assertThat(committed).hasSizeGreaterThan(8);
      simulator.log().clear();

      Ended second =
          new CommandLineFixture(key(simulator)).run(backfill(simulator, "a", "2015-01-01"));

      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(second.json().path("command").asText()).isEqualTo("backfill");
      assertThat(usersRead(simulator)).isNotEmpty().doesNotContainAnyElementsOf(committed);
      new CommandLineFixture(key(simulator)).run(backfill(simulator, "b", "2015-01-01"));
      for (String table : List.of("time_entries", "workspace_users", "projects")) {
        assertThat(rows("a", table)).as(table).isNotEmpty().isEqualTo(rows("b", table));
      }
      assertThat(rows("a", "time_entries")).hasSize(simulator.truth("time_entries").size());
    }
  }

  /** Kills the process when its log tells of a second commit; answers whose rows are committed. */
  private static Set<String> killAfterFurtherCommit(Process process, ClockifySimulator simulator)
      throws Exception {
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      List<String> log = new ArrayList<>();
      String line = err.readLine();
      while (line != null) {
        log.add(line);
        Matcher loaded = LOADED.matcher(line);
        if (loaded.find() && Integer.parseInt(loaded.group(1)) > 8) {
          process.destroyForcibly().waitFor();
          assertThat(loaded.group(1)).isNotEqualTo(loaded.group(2));
          // In the order of their ids: those that come first are committed.
          return usersRead(simulator).stream()
              .limit(Integer.parseInt(loaded.group(1)))
              .collect(Collectors.toCollection(TreeSet::new));
        }
        line = err.readLine();
      }
      throw new AssertionError("ended by itself:\n" + String.join("\n", log));
    }
  }

  private static Set<String> usersRead(ClockifySimulator simulator) {
    Set<String> users = new TreeSet<>();
    for (RequestLog.Entry entry : simulator.log().entries()) {
      Matcher matcher = ENTRIES.matcher(entry.path());
      if (matcher.find()) {
        users.add(matcher.group(1));
      }
    }
    return users;
  }

  private static Map<String, String> key(ClockifySimulator simulator) {
    return Map.of("CLOCKIFY_API_KEY", simulator.apiKey());
  }

  private String[] backfill(
      ClockifySimulator simulator, String warehouse, String from, String... further) {
    List<String> arguments =
        new ArrayList<>(List.of("backfill", "--from", from, "--output", "json"));
    arguments.addAll(CommandLineFixture.settings(simulator, directory.resolve(warehouse)));
    arguments.addAll(List.of("--set", "sync.backfill_commit_rows=300"));
    arguments.addAll(List.of(further));
    return arguments.toArray(String[]::new);
  }

  /** Rows by their text, without what names the run. */
  private Set<String> rows(String warehouse, String table) {
    Set<String> rows = new TreeSet<>();
    for (Map<String, Object> row : TableRows.read(directory.resolve(warehouse), table)) {
      row.remove("_synced_at");
      row.remove("_sync_id");
      assertThat(rows.add(row.toString())).as("doubled: %s", row).isTrue();
    }
    return rows;
  }

  @Test
  void thePeriodIsInclusiveAtItsBeginAndExclusiveAtItsEnd() {
    Instant from = Instant.parse("2026-09-01T00:00:00Z");
    Instant to = Instant.parse("2026-10-01T00:00:00Z");
    Account account = Account.tiny(22).with("time_entries", 600);
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited())) {
      Records entries = simulator.world().workspaces().get(0).records("time_entries");
      List<String> ids = entries.ids();
      List<Instant> starts = List.of(from, from.minusSeconds(1), to, to.minusSeconds(1));
      for (int i = 0; i < starts.size(); i++) {
        Instant start = starts.get(i);
        entries.edit(ids.get(i), entry -> move(entry, start));
      }
      Ended ended =
          new CommandLineFixture(key(simulator))
              .run(
                  backfill(
                      simulator, "a", "2026-09-01", "--stream=time_entries", "--to=2026-10-01"));
      assertThat(ended.exitCode()).as(ended.err()).isZero();
      Set<String> expected = new TreeSet<>();
      for (Truth truth : simulator.truth("time_entries")) {
        Instant start = Instant.parse(truth.record().at("/timeInterval/start").asText());
        if (!start.isBefore(from) && start.isBefore(to)) {
          expected.add(truth.record().path("id").asText());
        }
      }
      assertThat(expected).contains(ids.get(0), ids.get(3)).doesNotContain(ids.get(1), ids.get(2));
      assertThat(TableRows.read(directory.resolve("a"), "time_entries"))
          .extracting(row -> (String) row.get("id"))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static void move(ObjectNode entry, Instant start) {
    ((ObjectNode) entry.path("timeInterval"))
        .put("start", start.toString())
        .put("end", start.plusSeconds(60).toString())
        .put("duration", "PT1M");
  }

  @Test
  void impossiblePeriodsAreWrongUsage() {
    CommandLineFixture line = new CommandLineFixture(Map.of("CLOCKIFY_API_KEY", "k1234"));
    Ended reversed = line.run("backfill", "--from", "2024-02-01", "--to", "2024-02-01");
    assertThat(reversed.exitCode()).isEqualTo(2);
    assertThat(reversed.err()).contains("--from 2024-02-01 is not before --to 2024-02-01");
    Ended future = line.run("backfill", "--from", "9999-01-01");
    assertThat(future.exitCode()).isEqualTo(2);
    assertThat(future.err()).contains("--from 9999-01-01 is in the future");
    Ended noDate = line.run("backfill", "--from", "2024-02-30");
    assertThat(noDate.exitCode()).isEqualTo(2);
    assertThat(noDate.err()).contains("expected a date such as 2019-01-31, found '2024-02-30'");
  }
}
