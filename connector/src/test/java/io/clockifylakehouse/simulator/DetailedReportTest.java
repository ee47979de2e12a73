// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The detailed report, section 7.20 of the API facts. */
class DetailedReportTest {
  private static final String PATH = "workspaces/{ws}/reports/detailed";

  private ClockifySimulator simulator;
  private Client client;

  @BeforeEach
  void start() {
    Account account = Account.tiny(13).with("time_entries", 500);
    simulator = ClockifySimulator.start(account, SimulatorSettings.unlimited());
    client = new Client(simulator);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Client.Reply report(
      String from, String to, String zone, int page, int size, String more) {
    return client.report(
        "POST",
        PATH,
        String.format(
            "{\"dateRangeStart\":\"%s\",\"dateRangeEnd\":\"%s\",\"timeZone\":\"%s\","
                + "\"sortOrder\":\"ASCENDING\",\"detailedFilter\":{\"page\":%d,\"pageSize\":%d,"
                + "\"sortColumn\":\"ID\"}%s}",
            from, to, zone, page, size, more));
  }

  /** Id and seconds of the stopped entries that start in a UTC range, end exclusive. */
  private Map<String, Long> stopped(String from, String to) {
    Map<String, Long> stopped = new TreeMap<>();
    for (Truth truth : simulator.truth("time_entries")) {
      Instant start = Instant.parse(truth.record().at("/timeInterval/start").asText());
      if (!truth.record().at("/timeInterval/end").isNull()
          && !start.isBefore(Instant.parse(from))
          && start.isBefore(Instant.parse(to))) {
        stopped.put(
            truth.record().get("id").asText(),
            Duration.parse(truth.record().at("/timeInterval/duration").asText()).toSeconds());
      }
    }
    return stopped;
  }

  @Test
  void pagesOfTheReportHoldTheStoppedEntriesOfEverybodyAndTotalsAddThemUp() {
    Map<String, Long> expected = stopped("2026-10-20T00:00:00Z", "2026-11-20T00:00:00Z");
    Map<String, Long> found = new TreeMap<>();
    Set<String> users = new TreeSet<>();
    for (int page = 1; page < 50; page++) {
      Client.Reply reply =
          report("2026-10-20T00:00:00.000", "2026-11-19T23:59:59.999", "UTC", page, 40, "");
      JsonNode totals = reply.json().at("/totals/0");
      assertThat(totals.get("entriesCount").asInt()).isEqualTo(expected.size());
      assertThat(totals.get("totalTime").asLong())
          .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
      for (JsonNode row : reply.json().get("timeentries")) {
        found.put(row.get("_id").asText(), row.at("/timeInterval/duration").asLong());
        users.add(row.get("userId").asText());
      }
      if (reply.json().get("timeentries").isEmpty()) {
        break;
      }
    }
    assertThat(found).isEqualTo(expected).hasSizeGreaterThan(40);
    assertThat(users).containsAll(client.records().records("former_users").ids());
  }

  @Test
  void readsItsBoundsAndShowsItsTimesInItsZone() {
    JsonNode rows =
        report("2026-11-10T00:00:00", "2026-11-10T23:59:59", "Asia/Kathmandu", 1, 1000, "")
            .json()
            .get("timeentries");
    assertThat(rows)
        .hasSameSizeAs(stopped("2026-11-09T18:15:00Z", "2026-11-10T18:15:00Z").keySet())
        .isNotEmpty();
    for (JsonNode row : rows) {
      String start = row.at("/timeInterval/start").asText();
      assertThat(start).startsWith("2026-11-10T").endsWith("+05:45");
      assertThat(OffsetDateTime.parse(start).getOffset().getTotalSeconds()).isEqualTo(20_700);
    }
  }

  @Test
  void anEmptyReportHasOneTotalThatIsNull() {
    JsonNode report = report("2001-01-01T00:00:00", "2001-01-02T00:00:00", "UTC", 1, 20, "").json();
    assertThat(report.get("timeentries")).isEmpty();
    assertThat(report.get("totals")).hasSize(1);
    assertThat(report.at("/totals/0").isNull()).isTrue();
  }

  @Test
  void refusesLargePagesAndLongRanges() {
    assertThat(report("2026-11-01T00:00:00", "2026-11-02T00:00:00", "UTC", 1, 1001, "").status())
        .isEqualTo(400);
    assertThat(report("2026-09-01T00:00:00", "2026-11-02T00:00:00", "UTC", 1, 20, "").status())
        .isEqualTo(200);
    client.records().plan(Plan.FREE);
    assertThat(report("2026-09-01T00:00:00", "2026-11-02T00:00:00", "UTC", 1, 20, "").code())
        .isEqualTo(501);
    assertThat(report("2026-10-01T00:00:00", "2026-10-31T23:59:59", "UTC", 1, 20, "").status())
        .isEqualTo(200);
    assertThat(report("yesterday", "2026-10-31T23:59:59", "UTC", 1, 20, "").status())
        .isEqualTo(400);
    assertThat(client.report("GET", PATH, "").status()).isEqualTo(405);
  }

  @Test
  void hidesAmountsWhenAskedToAndNeedsARoleForThem() {
    String hide = ",\"amountShown\":\"HIDE_AMOUNT\"";
    JsonNode shown = report("2026-11-01T00:00:00", "2026-11-19T00:00:00", "UTC", 1, 20, "").json();
    JsonNode hidden =
        report("2026-11-01T00:00:00", "2026-11-19T00:00:00", "UTC", 1, 20, hide).json();
    assertThat(shown.at("/timeentries/0").has("amount")).isTrue();
    assertThat(hidden.at("/timeentries/0").has("amount")).isFalse();
    assertThat(hidden.get("timeentries")).hasSameSizeAs(shown.get("timeentries"));
    SimulatorSettings member = SimulatorSettings.unlimited().withMember(true);
    try (ClockifySimulator other = ClockifySimulator.start(Account.tiny(13), member)) {
      Client self = new Client(other);
      String body =
          "{\"dateRangeStart\":\"2026-11-01T00:00:00\",\"dateRangeEnd\":\"2026-11-19T00:00:00\","
              + "\"detailedFilter\":{\"page\":1,\"pageSize\":50}%s}";
      assertThat(self.report("POST", PATH, String.format(body, "")).status()).isEqualTo(403);
      JsonNode rows = self.report("POST", PATH, String.format(body, hide)).json();
      for (JsonNode row : rows.get("timeentries")) {
        assertThat(row.get("userId").asText()).isEqualTo(other.world().ownerId());
      }
      assertThat(rows.get("timeentries")).isNotEmpty();
    }
  }
}
