// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a report in a real browser, from disk and without a network. */
@Tag("integration")
class ReportPageIT {
  private static final String EVIL = "</script><img src=x onerror=document.title='broken'>\u2028";

  @TempDir private static Path directory;

  private static ClockifySimulator simulator;
  private static ReportFixture fixture;
  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    Account account = Account.tiny(3).withWorkspaces(2).with("time_entries", 900);
    simulator = ClockifySimulator.start(account, SimulatorSettings.unlimited());
    String workspace = simulator.truth("workspaces").get(0).record().get("id").asText();
    String project = simulator.truth("projects").get(0).record().get("id").asText();
    simulator
        .world()
        .workspace(workspace)
        .records("projects")
        .edit(project, record -> record.put("name", EVIL));
    fixture = new ReportFixture(directory);
    fixture.sync(simulator);
    browser = Browser.start(directory.resolve("profile"));
  }

  @AfterAll
  static void stop() {
    browser.close();
    simulator.close();
  }

  private static void open(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("--zone", "UTC"));
    all.addAll(List.of(options));
    browser.look(1280, 900, false);
    browser.open(fixture.page(all.toArray(String[]::new)));
  }

  private static void choose(String id, String value) {
    browser.evaluate(
        "(() => { const e = document.getElementById('"
            + id
            + "'); e.value = '"
            + value
            + "'; e.dispatchEvent(new Event('change')); })()");
  }

  private static String texts(String selector) {
    return browser
        .evaluate(
            "[...document.querySelectorAll(\""
                + selector
                + "\")].map(e => e.textContent).join('|')")
        .asText();
  }

  /** What the page says in total. */
  private static ReportFixture.Sums shown() {
    JsonNode page =
        browser.evaluate(
            "({seconds: +document.querySelector('#kpi-hours').dataset.seconds,"
                + " billable: +document.querySelector('#kpi-billable').dataset.seconds,"
                + " entries: +document.querySelector('#kpi-people').dataset.entries,"
                + " amounts: Object.fromEntries([...document.querySelectorAll("
                + "'#kpi-amount [data-minor]')].map(e => [e.dataset.currency, +e.dataset.minor]))})");
    Map<String, BigDecimal> amounts = new TreeMap<>();
    page.get("amounts")
        .properties()
        .forEach(
            amount ->
                amounts.put(amount.getKey(), BigDecimal.valueOf(amount.getValue().asLong(), 2)));
    return new ReportFixture.Sums(
        page.get("entries").asLong(),
        page.get("seconds").asLong(),
        page.get("billable").asLong(),
        amounts);
  }

  @Test
  void totalsEqualTheServiceInEveryPeriod() throws Exception {
    open();
    choose("preset", "all");
    assertThat(shown())
        .isEqualTo(ReportFixture.expected(simulator, ZoneOffset.UTC, day -> true, e -> true));

    choose("from", "2026-09-07");
    choose("to", "2026-10-04");
    LocalDate from = LocalDate.of(2026, 9, 7);
    LocalDate last = LocalDate.of(2026, 10, 4);
    ReportFixture.Sums expected =
        ReportFixture.expected(
            simulator, ZoneOffset.UTC, day -> !day.isBefore(from) && !day.isAfter(last), e -> true);
    assertThat(expected.entries()).isPositive();
    assertThat(shown()).isEqualTo(expected);
    assertThat(browser.evaluate("document.querySelector('#preset').value").asText())
        .isEqualTo("custom");

    browser.click("#earlier");
    assertThat(browser.evaluate("document.querySelector('#from').value").asText())
        .isEqualTo("2026-08-10");
    assertThat(shown())
        .isEqualTo(
            ReportFixture.expected(
                simulator,
                ZoneOffset.UTC,
                day -> !day.isBefore(from.minusDays(28)) && !day.isAfter(last.minusDays(28)),
                e -> true));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aClickOnANameShowsOnlyThat() throws Exception {
    open();
    choose("preset", "all");
    String person =
        browser.evaluate("document.querySelector('#table-person .pick').textContent").asText();
    browser.click("#table-person .pick");

    assertThat(texts(".chip")).contains(person);
    List<String> ids = new ArrayList<>();
    for (String stream : List.of("workspace_users", "approval_requests")) {
      simulator.truth(stream).stream()
          .map(truth -> truth.record())
          .map(r -> r.has("approvalRequest") ? (ObjectNode) r.at("/approvalRequest/owner") : r)
          .filter(r -> r.path("name").asText(r.path("userName").asText()).equals(person))
          .forEach(r -> ids.add(r.path("id").asText(r.path("userId").asText())));
    }
    assertThat(shown())
        .isEqualTo(
            ReportFixture.expected(
                simulator,
                ZoneOffset.UTC,
                day -> true,
                e -> ids.contains(e.record().get("userId").asText())));

    browser.click(".chip");
    choose("billable", "1");
    ReportFixture.Sums billable = shown();
    assertThat(billable.seconds()).isEqualTo(billable.billable());
    assertThat(billable)
        .isEqualTo(
            ReportFixture.expected(
                simulator,
                ZoneOffset.UTC,
                day -> true,
                e -> e.record().get("billable").asBoolean()));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void tablesSortAndFilter() throws Exception {
    open();
    choose("preset", "all");
    browser.click("#table-project th:nth-child(1) button");
    String ascending = texts("#table-project tbody .pick");
    browser.click("#table-project th:nth-child(1) button");
    String descending = texts("#table-project tbody .pick");
    List<String> names = new ArrayList<>(List.of(ascending.split("\\|")));
    java.util.Collections.reverse(names);
    assertThat(List.of(descending.split("\\|"))).hasSizeGreaterThan(4);
    assertThat(names.get(0)).isEqualTo(descending.split("\\|")[0]);
    assertThat(browser.evaluate("document.querySelector('#table-project th').ariaSort").asText())
        .isEqualTo("descending");

    String wanted = names.get(0).substring(0, 4);
    browser.click("#search-project");
    browser.type(wanted);
    assertThat(texts("#table-project tbody .pick").split("\\|"))
        .allMatch(name -> name.toLowerCase().contains(wanted.toLowerCase()));
    assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("search-project");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aNameIsTextWhateverItHolds() throws Exception {
    open();
    choose("preset", "all");

    assertThat(texts("#table-project .pick, #table-budgets td")).contains(EVIL.substring(0, 30));
    assertThat(browser.evaluate("document.title").asText()).isEqualTo("Time report");
    assertThat(browser.evaluate("document.querySelectorAll('img').length").asInt()).isZero();
    // Even markup that got in could not run: the policy names the two scripts.
    browser.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">')");
    assertThat(browser.evaluate("document.title").asText()).isEqualTo("Time report");
    assertThat(browser.complaints()).anyMatch(complaint -> complaint.contains("Security Policy"));
  }

  @Test
  void followsThePreferenceAndTheToggle() throws Exception {
    open();
    String light = browser.evaluate("getComputedStyle(document.body).backgroundColor").asText();
    browser.look(1280, 900, true);
    String dark = browser.evaluate("getComputedStyle(document.body).backgroundColor").asText();
    assertThat(dark).isNotEqualTo(light);
    browser.click("#theme");
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo(light);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void fitsAPhoneAndPaper() throws Exception {
    open();
    for (int width : List.of(1280, 400, 320)) {
      browser.look(width, 800, false);
      assertThat(browser.evaluate("document.documentElement.scrollWidth - innerWidth").asInt())
          .as("overflow at %d pixels", width)
          .isNotPositive();
    }
    assertThat(new String(browser.print(), 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aPeriodWithoutEntriesIsAPageToo() throws Exception {
    open("--from", "1999-01-01", "--to", "1999-02-01");

    assertThat(shown()).isEqualTo(new ReportFixture.Sums(0, 0, 0, Map.of()));
    assertThat(texts("#day-table")).contains("no time entries");
    assertThat(browser.complaints()).isEmpty();
  }
}
