// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.iceberg.TableEdits;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.ScriptedFaults;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} says of tables that are right, and of tables that are not. */
class VerifyTest {
  @TempDir private Path directory;

  private ClockifySimulator simulator;
  private Path warehouse;
  private ScriptedFaults faults;

  @BeforeEach
  void start() {
    warehouse = directory.resolve("lakehouse");
    faults = new ScriptedFaults();
    simulator =
        ClockifySimulator.start(
            Account.tiny(71).withPlan(Plan.ENTERPRISE).with("time_entries", 300),
            SimulatorSettings.unlimited().withFaults(faults));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Ended run(String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--set", "source.retry={attempts: 2, max_wait: PT0.1S}"));
    return CommandLineFixture.of(simulator, warehouse).run(arguments.toArray(String[]::new));
  }

  private void sync() {
    Ended ended = run("sync", "--full", "--output", "json");
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
  }

  private Ended verify(int exitCode, String... options) {
    List<String> arguments = new ArrayList<>(List.of("verify", "--output", "json"));
    arguments.addAll(List.of(options));
    Ended ended = run(arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(exitCode);
    return ended;
  }

  private Records records(String kind) {
    return simulator.world().workspaces().get(0).records(kind);
  }

  /** The comparisons that are not equal. */
  private static List<JsonNode> unequal(Ended ended) {
    return StreamSupport.stream(ended.json().path("comparisons").spliterator(), false)
        .filter(row -> !row.path("status").asText().equals("equal"))
        .toList();
  }

  /** A stopped entry of more than no seconds, in the middle of the history. */
  private ObjectNode someEntry() {
    return records("time_entries").ids().stream()
        .map(id -> records("time_entries").find(id).orElseThrow())
        .filter(entry -> !entry.at("/timeInterval/end").isNull())
        .filter(entry -> !entry.at("/timeInterval/duration").asText().equals("PT0S"))
        .skip(140)
        .findFirst()
        .orElseThrow();
  }

  private static String month(ObjectNode entry) {
    return Instant.parse(entry.at("/timeInterval/start").asText())
            .atZone(ZoneOffset.UTC)
            .toLocalDate()
            .withDayOfMonth(1)
        + "T00:00:00Z";
  }

  private static void assertNames(
      List<JsonNode> unequal, ObjectNode entry, String status, List<String> measures) {
    assertThat(unequal).extracting(row -> row.path("measure").asText()).isEqualTo(measures);
    for (JsonNode row : unequal) {
      assertThat(row.path("stream").asText()).isEqualTo("time_entries");
      assertThat(row.path("from").asText()).isEqualTo(month(entry));
      assertThat(row.path("status").asText()).isEqualTo(status);
      assertThat(row.path("sample_ids")).hasSize(1);
      assertThat(row.path("sample_ids").get(0).asText()).isEqualTo(entry.path("id").asText());
      assertThat(row.path("reason").asText()).isNotEmpty();
    }
  }

  @Test
  void tablesFreshFromASyncAreEqualInEveryWay() {
    sync();
    Ended ended = verify(0, "--deep");
    assertThat(unequal(ended)).isEmpty();
    List<String> compared = new ArrayList<>();
    ended
        .json()
        .path("comparisons")
        .forEach(r -> compared.add(r.path("stream").asText() + " " + r.path("measure").asText()));
    assertThat(compared)
        .contains(
            "time_entries entries",
            "time_entries seconds",
            "expenses expenses",
            "expenses amount",
            "invoices count",
            "expense_categories count",
            "time_off_requests count",
            "time_off_balances count",
            "workspaces rows",
            "project_memberships rows",
            "time_entries rows");
    assertThat(compared.stream().filter(c -> c.endsWith(" rows"))).hasSize(27);
    List<Map<String, Object>> kept = TableRows.read(warehouse, "verifications");
    assertThat(kept).hasSameSizeAs(compared);
    assertThat(kept).extracting(row -> row.get("status")).containsOnly("equal");
    Ended text = run("verify");
    assertThat(text.out()).contains("equal (exit 0)", "time_entries");
    assertThat(text.out().lines()).allMatch(line -> Display.width(line) <= 80);
  }

  @Test
  void aRowRemovedFromTheTableIsALoss() {
    sync();
    ObjectNode entry = someEntry();
    TableEdits.remove(warehouse, "time_entries", entry.path("id").asText());
    Ended ended = verify(3);
    assertNames(unequal(ended), entry, "different", List.of("entries", "seconds"));
    assertThat(ended.json().path("reason").asText())
        .contains("not in the table, though there before the last sync");
    assertThat(unequal(verify(3, "--deep", "--stream", "time_entries")))
        .extracting(row -> row.path("measure").asText() + " " + row.path("status").asText())
        .containsExactly("entries different", "seconds different", "rows different");
  }

  @Test
  void aDurationAlteredInTheTableIsNamed() {
    sync();
    ObjectNode entry = someEntry();
    TableEdits.change(
        warehouse,
        "time_entries",
        entry.path("id").asText(),
        row -> {
          row.setField("duration_seconds", (Long) row.getField("duration_seconds") + 60);
          return row;
        });
    List<JsonNode> unequal = unequal(verify(3));
    assertNames(unequal, entry, "different", List.of("seconds"));
    assertThat(unequal.get(0).path("reason").asText()).contains("altered in the table");
  }

  @Test
  void anEntryThatTheListHidesIsALoss() {
    ObjectNode entry = someEntry();
    // While the sync reads, the list does not show it.
    records("time_entries").remove(entry.path("id").asText());
    sync();
    records("time_entries").put(entry);
    assertNames(unequal(verify(3)), entry, "different", List.of("entries", "seconds"));
  }

  @Test
  void anEntryThatTheReportHidesIsNotBelievedToBeGone() {
    sync();
    ObjectNode entry = someEntry();
    String id = entry.path("id").asText();
    records("time_entries").remove(id);
    faults.before("GET .*/time-entries/" + id, () -> records("time_entries").put(entry));
    List<JsonNode> unequal = unequal(verify(3));
    assertNames(unequal, entry, "undecided", List.of("entries", "seconds"));
    assertThat(unequal.get(0).path("reason").asText())
        .contains("the report leaves out " + id + ", which is still there");
  }

  @Test
  void anEntryDeletedSinceTheSyncIsUndecidedUntilTheNextOne() {
    sync();
    ObjectNode entry = someEntry();
    records("time_entries").remove(entry.path("id").asText());
    List<JsonNode> unequal = unequal(verify(3));
    assertNames(unequal, entry, "undecided", List.of("entries", "seconds"));
    assertThat(unequal.get(0).path("reason").asText()).contains("sync and verify again");
    sync();
    assertThat(unequal(verify(0))).isEmpty();
  }

  @Test
  void whatWasMadeSinceTheSyncIsNoLoss() {
    sync();
    ObjectNode entry = someEntry().deepCopy();
    long now = Instant.now().getEpochSecond();
    entry.put("id", String.format("%08x0000000000000001", now + 5));
    records("time_entries").put(entry);
    Ended ended = verify(0);
    assertNames(unequal(ended), entry, "changed", List.of("entries", "seconds"));
    assertThat(run("verify").out()).contains("equal but for what changed since the last sync");
  }

  @Test
  void anEditSinceTheSyncIsUndecidedUntilTheNextOne() {
    sync();
    ObjectNode entry = someEntry();
    records("time_entries")
        .edit(
            entry.path("id").asText(),
            e -> {
              Instant end = Instant.parse(e.at("/timeInterval/end").asText()).plusSeconds(7);
              ((ObjectNode) e.path("timeInterval")).put("end", end.toString());
              long seconds =
                  end.getEpochSecond()
                      - Instant.parse(e.at("/timeInterval/start").asText()).getEpochSecond();
              ((ObjectNode) e.path("timeInterval"))
                  .put("duration", Duration.ofSeconds(seconds).toString());
            });
    assertNames(unequal(verify(3)), entry, "undecided", List.of("seconds"));
    sync();
    assertThat(unequal(verify(0))).isEmpty();
  }

  @Test
  void otherStreamsAreCountedAndTheirRowsNamed() {
    sync();
    String invoice = records("invoices").ids().get(0);
    TableEdits.remove(warehouse, "invoices", invoice);
    String expense = records("expenses").ids().get(0);
    TableEdits.remove(warehouse, "expenses", expense);
    List<JsonNode> unequal = unequal(verify(3));
    assertThat(unequal)
        .extracting(
            row -> row.path("measure").asText() + " " + row.path("sample_ids").get(0).asText())
        .containsExactlyInAnyOrder("count " + invoice, "expenses " + expense, "amount " + expense);
    assertThat(unequal).extracting(row -> row.path("status").asText()).containsOnly("different");
  }

  @Test
  void deepSeesWhatNoSumShows() {
    sync();
    String client = records("clients").ids().get(0);
    TableEdits.change(
        warehouse,
        "clients",
        client,
        row -> {
          row.setField("name", "renamed by somebody");
          return row;
        });
    assertThat(unequal(verify(0))).isEmpty();
    List<JsonNode> unequal = unequal(verify(3, "--deep"));
    assertThat(unequal).hasSize(1);
    assertThat(unequal.get(0).path("status").asText()).isEqualTo("different");
    assertThat(unequal.get(0).path("sample_ids").get(0).asText()).isEqualTo(client);
  }

  @Test
  void reportsThatAreForbiddenOrDownAreNoProof() {
    sync();
    String report = "POST .*/reports/detailed";
    faults.status(report, 3, 403);
    String[] entries = {"--stream", "time_entries", "--from", "2026-09-01", "--to", "2026-12-01"};
    assertThat(unequal(verify(3, entries)))
        .extracting(row -> row.path("status").asText())
        .containsOnly("forbidden");
    List<String> skipping = new ArrayList<>(List.of(entries));
    skipping.add("--set=sync.on_forbidden=skip");
    faults.status(report, 3, 403);
    verify(0, skipping.toArray(String[]::new));
    faults.status(report, 1000, 503);
    assertThat(unequal(verify(75, entries)))
        .extracting(row -> row.path("status").asText())
        .containsOnly("failed");
  }

  private ObjectNode entryAt(String id, String start, String end) {
    ObjectNode entry = someEntry().deepCopy();
    entry.put("id", id);
    ObjectNode interval = (ObjectNode) entry.path("timeInterval");
    interval.put("start", start).put("end", end);
    interval.put("duration", Duration.between(Instant.parse(start), Instant.parse(end)).toString());
    return entry;
  }

  @Test
  void edgesOfMonthsFarTimesAndOddZonesAreEqual() {
    List<String> zones =
        List.of("Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "Australia/Lord_Howe");
    List<String> users = records("workspace_users").ids();
    for (int i = 0; i < users.size(); i++) {
      String zone = zones.get(i % zones.size());
      records("workspace_users")
          .edit(
              users.get(i),
              u -> {
                if (u.path("settings") instanceof ObjectNode settings) { // null when invited
                  settings.put("timeZone", zone);
                }
              });
    }
    String[] starts = {
      "2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z", "2026-02-28T23:59:59Z",
      "2026-03-01T00:00:00Z", "2024-02-29T12:00:00Z", "2027-02-01T00:00:00Z",
      "1970-01-01T00:00:00Z"
    };
    for (int i = 0; i < starts.length; i++) {
      String end = Instant.parse(starts[i]).plusSeconds(50L * 3600 + i).toString();
      records("time_entries").put(entryAt("65000000000000000000000" + i, starts[i], end));
    }
    sync();
    Ended ended = verify(0);
    assertThat(unequal(ended)).isEmpty();
    double entries = 0;
    long seconds = 0;
    for (JsonNode row : ended.json().path("comparisons")) {
      entries += row.path("measure").asText().equals("entries") ? row.path("found").asDouble() : 0;
      seconds += row.path("measure").asText().equals("seconds") ? row.path("found").asLong() : 0;
    }
    List<Map<String, Object>> stopped =
        TableRows.read(warehouse, "time_entries").stream()
            .filter(row -> row.get("ended_at") != null)
            .toList();
    assertThat(stopped).hasSize((int) entries).hasSizeGreaterThan(300);
    assertThat(stopped.stream().mapToLong(row -> (Long) row.get("duration_seconds")).sum())
        .isEqualTo(seconds);
    assertThat(TableRows.read(warehouse, "time_entries")).hasSizeGreaterThan(stopped.size());
  }

  @Test
  void aTimerThatStoppedSinceTheSyncIsNoLoss() {
    ObjectNode entry = someEntry().deepCopy();
    String id = "6a0000000000000000000001";
    String start = Instant.now().minusSeconds(3600).truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode running = entryAt(id, start, start);
    ((ObjectNode) running.path("timeInterval")).putNull("end").putNull("duration");
    records("time_entries").put(running);
    sync();
    assertThat(unequal(verify(0))).isEmpty();
    String end = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS).toString();
    records("time_entries").put(entryAt(id, start, end));
    List<JsonNode> unequal = unequal(verify(0));
    assertThat(unequal).extracting(row -> row.path("status").asText()).containsOnly("changed");
    assertThat(unequal.get(0).path("sample_ids").get(0).asText()).isEqualTo(id);
    assertThat(entry.path("id").asText()).isNotEqualTo(id);
  }

  @Test
  void theDemosWorkspacesAndAFreeOneAndAMembersAreEqual() {
    List<Account> accounts =
        List.of(Account.demo(), Account.tiny(72).withPlan(Plan.FREE), Account.tiny(73));
    for (int i = 0; i < accounts.size(); i++) {
      simulator.close();
      warehouse = directory.resolve("lakehouse-" + i);
      SimulatorSettings settings = SimulatorSettings.unlimited().withMember(i == 2);
      simulator = ClockifySimulator.start(accounts.get(i), settings);
      String skip = "--set=sync.on_forbidden=skip";
      Ended synced = run("sync", skip);
      assertThat(synced.exitCode()).as(synced.out()).isZero();
      assertThat(unequal(verify(0, skip)))
          .extracting(row -> row.path("status").asText())
          .as("world %d", i)
          .filteredOn(status -> !status.equals("forbidden"))
          .isEmpty();
    }
  }

  @Test
  void statusShowsWhatWasVerified() {
    sync();
    TableEdits.remove(warehouse, "time_entries", someEntry().path("id").asText());
    verify(3);
    Ended ended = run("status");
    assertThat(ended.out()).contains("Verified ", " ago: time_entries different");
    assertThat(ended.out().lines()).allMatch(line -> Display.width(line) <= 80);
    JsonNode entries =
        StreamSupport.stream(
                run("status", "--output", "json").json().path("streams").spliterator(), false)
            .filter(node -> node.path("stream").asText().equals("time_entries"))
            .findFirst()
            .orElseThrow();
    assertThat(entries.at("/verification/status").asText()).isEqualTo("different");
    assertThat(entries.at("/verification/reason").asText()).contains("not in the table");
    assertThat(entries.path("last_failure").isNull()).isTrue();
    assertThat(entries.at("/drift/unknown_fields").isArray()).isTrue();
  }

  @Test
  void nothingSyncedYetIsNothingToVerify() {
    Ended ended = verify(3);
    assertThat(ended.json().path("reason").asText()).contains("nothing is synced yet");
    assertThat(warehouse).doesNotExist();
  }
}
