// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paging as in section 4 of the API facts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagingTest {
  private static final String WINDOW = "start=2017-01-01T00:00:00Z&end=2047-01-01T00:00:00Z";

  private ClockifySimulator simulator;
  private Client client;

  @BeforeAll
  void start() {
    Account account =
        Account.tiny(11)
            .with("clients", 101)
            .with("tags", 50)
            .with("policies", 3)
            .with("time_entries", 400)
            .with("time_entries_in_progress", 21)
            .with("holidays", 60)
            .with("custom_fields", 60)
            .with("webhooks", 60)
            .with("time_off_requests", 7)
            .with("shared_reports", 60);
    simulator = ClockifySimulator.start(account, SimulatorSettings.unlimited());
    client = new Client(simulator);
  }

  @AfterAll
  void stop() {
    simulator.close();
  }

  private String expand(String path) {
    return path.replace("{user}", simulator.world().ownerId())
        .replace("{project}", client.records().records("projects").ids().get(0))
        .replace("{invoice}", client.records().records("invoices").ids().get(0))
        .replace("{policy}", client.records().records("policies").ids().get(0))
        .replace("{window}", WINDOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "approval-requests",
        "clients",
        "invoices",
        "invoices/{invoice}/payments",
        "projects",
        "projects/{project}/tasks",
        "scheduling/assignments/all?{window}",
        "tags",
        "time-entries/status/in-progress",
        "time-off/balance/policy/{policy}",
        "time-off/balance/user/{user}",
        "time-off/policies",
        "user-groups",
        "user/{user}/time-entries",
        "users",
        "users/{user}/managers",
        "expenses",
        "expenses/categories"
      })
  void saysOnTheseListsWhetherThePageIsTheLast(String list) {
    String path = expand("workspaces/{ws}/" + list);
    Client.Reply reply = client.get(path);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Last-Page")).isPresent();
    String past = path + (path.contains("?") ? "&" : "?") + "page=900";
    assertThat(client.get(past).header("Last-Page")).contains("true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "workspaces",
        "workspaces/{ws}/custom-fields",
        "workspaces/{ws}/projects/{project}/custom-fields",
        "workspaces/{ws}/holidays",
        "workspaces/{ws}/webhooks"
      })
  void ignoresPagesOnTheseLists(String list) {
    Client.Reply whole = client.get(expand(list));
    Client.Reply paged = client.get(expand(list) + "?page=7&page-size=1");
    assertThat(paged.header("Last-Page")).isEmpty();
    assertThat(paged.json().size()).isEqualTo(whole.json().size()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "clients,5000",
    "projects,5000",
    "tags,5000",
    "users,5000",
    "expenses,5000",
    "user/{user}/time-entries,5000",
    "time-entries/status/in-progress,1000",
    "time-off/policies,200",
    "time-off/balance/policy/{policy},200",
    "time-off/balance/user/{user},200"
  })
  void refusesAPageLargerThanTheMaximum(String list, int maximum) {
    String path = expand("workspaces/{ws}/" + list) + "?page-size=";
    assertThat(client.get(path + maximum).status()).isEqualTo(200);
    Client.Reply refused = client.get(path + (maximum + 1));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isNotEqualTo(501);
  }

  @ParameterizedTest
  @CsvSource({"page=0", "page-size=0", "page=x", "page-size=-1"})
  void refusesAPageThatCannotBe(String parameter) {
    assertThat(client.get("workspaces/{ws}/tags?" + parameter).status()).isEqualTo(400);
  }

  @Test
  void defaultsToFiftyRowsAndToTenRunningTimers() {
    assertThat(client.get("workspaces/{ws}/clients").json()).hasSize(50);
    assertThat(client.get("workspaces/{ws}/clients").header("Last-Page")).contains("false");
    Client.Reply timers = client.get("workspaces/{ws}/time-entries/status/in-progress");
    assertThat(timers.json()).hasSize(10);
    assertThat(timers.header("Last-Page")).contains("false");
  }

  @Test
  void aFullLastPageIsMarkedAndThePageAfterItIsEmpty() {
    Client.Reply full = client.get("workspaces/{ws}/tags?page=1&page-size=50");
    assertThat(full.json()).hasSize(50);
    assertThat(full.header("Last-Page")).contains("true");
    Client.Reply past = client.get("workspaces/{ws}/tags?page=2&page-size=50");
    assertThat(past.json()).isEmpty();
    assertThat(past.header("Last-Page")).contains("true");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 49, 50, 51, 100, 101, 102, 5000})
  void pagesOfAnySizeHoldEveryRowOnce(int size) {
    List<JsonNode> rows = client.all("workspaces/{ws}/clients?sort-column=NAME", "", size);
    Set<String> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.get("id").asText()));
    assertThat(rows).hasSize(101);
    assertThat(ids).hasSize(101);
  }

  @Test
  void sortsByIdBothWays() {
    List<String> up = ids(client.get("workspaces/{ws}/tags?sort-column=ID&sort-order=ASCENDING"));
    List<String> down =
        ids(client.get("workspaces/{ws}/tags?sort-column=ID&sort-order=DESCENDING"));
    assertThat(up).isSorted().hasSize(50);
    List<String> reversed = new ArrayList<>(down);
    Collections.reverse(reversed);
    assertThat(reversed).isEqualTo(up);
    assertThat(client.get("workspaces/{ws}/clients?sort-column=ID").status()).isEqualTo(400);
  }

  private static List<String> ids(Client.Reply reply) {
    List<String> ids = new ArrayList<>();
    reply.json().forEach(row -> ids.add(row.get("id").asText()));
    return ids;
  }

  @Test
  void requestsForTimeOffArePagedInTheBodyWithoutAHeader() {
    Client.Reply reply =
        client.post("workspaces/{ws}/time-off/requests", "{\"page\":2,\"pageSize\":5}");
    assertThat(reply.json().get("count").asInt()).isEqualTo(7);
    assertThat(reply.json().get("requests")).hasSize(2);
    assertThat(reply.header("Last-Page")).isEmpty();
    String large = "{\"pageSize\":201}";
    assertThat(client.post("workspaces/{ws}/time-off/requests", large).status()).isEqualTo(400);
  }

  @Test
  void sharedReportsKnowOnlyTheUnhyphenatedPageSize() {
    String path = "workspaces/{ws}/shared-reports?";
    assertThat(client.report("GET", path + "pageSize=7", "").json().get("reports")).hasSize(7);
    Client.Reply hyphenated = client.report("GET", path + "page-size=7", "");
    assertThat(hyphenated.json().get("reports")).hasSize(50);
    assertThat(hyphenated.header("Last-Page")).isEqualTo(Optional.empty());
  }

  @Test
  void entityChangesCountPagesFromZero() {
    String path = "workspaces/{ws}/entities/created?type=CLIENTS&limit=100&page=";
    assertThat(client.get(path + 0).json()).hasSize(100);
    assertThat(client.get(path + 1).json()).hasSize(1);
    assertThat(client.get("workspaces/{ws}/entities/created").code()).isEqualTo(3001);
  }
}
