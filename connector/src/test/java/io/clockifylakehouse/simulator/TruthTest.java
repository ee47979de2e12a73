// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the endpoints serve is what the simulator says the truth is, and nothing is left over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TruthTest {
  private static final String EVERYBODY =
      "users?status=ALL&account-statuses=ACTIVE,PENDING_EMAIL_VERIFICATION,NOT_REGISTERED,LIMITED,"
          + "DELETED,LIMITED_DELETED&memberships=WORKSPACE&include-roles=true";

  private ClockifySimulator simulator;
  private Client client;

  @BeforeAll
  void start() {
    Account account =
        Account.tiny(21)
            .with("workspace_users", 40)
            .with("former_users", 3)
            .with("time_entries", 900)
            .with("expense_categories", 9)
            .with("projects", 20);
    simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited().withShuffleSets(false));
    client = new Client(simulator);
  }

  @AfterAll
  void stop() {
    simulator.close();
  }

  @ParameterizedTest
  @CsvSource({
    "workspace_users,'" + EVERYBODY + "',''",
    "groups,user-groups?includeTeamManagers=true,''",
    "clients,clients,''",
    "tags,tags,''",
    "expenses,expenses,/expenses/expenses",
    "invoices,invoices,/invoices",
    "approval_requests,approval-requests,''",
    "policies,time-off/policies?status=ALL,''",
    "time_entries_in_progress,time-entries/status/in-progress,''",
    "scheduling_assignments,"
        + "scheduling/assignments/all?start=2017-01-01T00:00:00Z&end=2047-01-01T00:00:00Z,''"
  })
  void aPagedListHoldsTheTruth(String stream, String path, String rows) {
    assertThat(texts(client.all("workspaces/{ws}/" + path, rows, 7)))
        .isEqualTo(truth(stream, "", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "custom_fields,custom-fields?entity-type=TIMEENTRY&entity-type=USER,''",
    "holidays,holidays,''"
  })
  void anUnpagedListHoldsTheTruth(String stream, String path, String rows) {
    List<JsonNode> found = new ArrayList<>();
    client.get("workspaces/{ws}/" + path).json().at(rows).forEach(found::add);
    assertThat(texts(found)).isEqualTo(truth(stream, "", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "tasks,projects,project_id,projects/{id}/tasks,''",
    "invoice_payments,invoices,invoice_id,invoices/{id}/payments,''",
    "time_off_balances,policies,policy_id,time-off/balance/policy/{id},/balances"
  })
  void everyParentListsItsOwnChildren(
      String stream, String parents, String column, String path, String rows) {
    int children = 0;
    for (String parent : client.records().records(parents).ids()) {
      List<JsonNode> found = client.all("workspaces/{ws}/" + path.replace("{id}", parent), rows, 3);
      children += found.size();
      assertThat(texts(found)).isEqualTo(truth(stream, column, parent));
    }
    assertThat(children).isPositive().isEqualTo(simulator.truth(stream).size());
  }

  @ParameterizedTest
  @CsvSource({
    "invoice_details,invoices,invoice_id,invoices/{id}",
    "member_profiles,workspace_users,user_id,member-profile/{id}"
  })
  void everyParentShowsItsOneChild(String stream, String parents, String column, String path) {
    for (String parent : client.records().records(parents).ids()) {
      JsonNode found = client.get("workspaces/{ws}/" + path.replace("{id}", parent)).json();
      assertThat(texts(List.of(found))).isEqualTo(truth(stream, column, parent));
    }
  }

  @Test
  void archivedAndActiveCategoriesTogetherAreTheTruthAndTheDefaultIsActiveOnly() {
    String path = "workspaces/{ws}/expenses/categories";
    List<JsonNode> active = client.all(path + "?archived=false", "/categories", 2);
    List<JsonNode> both = new ArrayList<>(active);
    both.addAll(client.all(path + "?archived=true", "/categories", 2));
    assertThat(texts(both)).isEqualTo(truth("expense_categories", "", ""));
    assertThat(texts(client.all(path, "/categories", 2)))
        .isEqualTo(texts(active))
        .isNotEqualTo(texts(both));
  }

  @Test
  void projectsAndTemplatesTogetherAreTheTruthAndTheDefaultLeavesTemplatesOut() {
    List<JsonNode> usual = client.all("workspaces/{ws}/projects", "", 7);
    List<JsonNode> both = new ArrayList<>(usual);
    both.addAll(client.all("workspaces/{ws}/projects?is-template=true", "", 7));
    assertThat(texts(both)).isEqualTo(truth("projects", "", "")).isNotEqualTo(texts(usual));
  }

  @Test
  void webhooksOfUsersAndOfAddonsTogetherAreTheTruthSecretsIncluded() {
    List<JsonNode> both = new ArrayList<>();
    for (String type : List.of("USER_CREATED", "ADDON")) {
      client.get("workspaces/{ws}/webhooks?type=" + type).json().get("webhooks").forEach(both::add);
    }
    assertThat(texts(both)).isEqualTo(truth("webhooks", "", ""));
    assertThat(both.get(0).get("authToken").asText()).startsWith("whsec-");
  }

  @Test
  void objectsAndReportsHoldTheTruth() {
    assertThat(client.get("user?include-memberships=true").json())
        .isEqualTo(simulator.truth("user").get(0).record());
    assertThat(client.get("workspaces").json().get(0))
        .isEqualTo(simulator.truth("workspaces").get(0).record());
    List<JsonNode> reports = new ArrayList<>();
    client
        .report("GET", "workspaces/{ws}/shared-reports", "")
        .json()
        .get("reports")
        .forEach(reports::add);
    assertThat(texts(reports)).isEqualTo(truth("shared_reports", "", ""));
    List<JsonNode> requests = new ArrayList<>();
    client
        .post("workspaces/{ws}/time-off/requests", "{}")
        .json()
        .get("requests")
        .forEach(requests::add);
    assertThat(texts(requests)).isEqualTo(truth("time_off_requests", "", ""));
  }

  @Test
  void entriesOfEverybodyAreTheTruthAndThoseWhoLeftHaveSome() {
    Set<String> listed = new TreeSet<>();
    client
        .all("workspaces/{ws}/" + EVERYBODY, "", 50)
        .forEach(user -> listed.add(user.get("id").asText()));
    Set<String> authors = new TreeSet<>();
    simulator.truth("time_entries").forEach(t -> authors.add(t.ancestors().get("user_id")));
    Set<String> gone = new TreeSet<>(authors);
    gone.removeAll(listed);
    assertThat(gone).hasSize(3);
    for (String author : authors) {
      String path = "workspaces/{ws}/user/" + author + "/time-entries";
      assertThat(texts(client.all(path, "", 20)))
          .isEqualTo(truth("time_entries", "user_id", author));
    }
  }

  @Test
  void everybodyWhoLeftIsNamedByAnExpenseOrAnApproval() {
    Set<String> named = new TreeSet<>();
    simulator.truth("expenses").forEach(t -> named.add(Json.text(t.record(), "userId")));
    simulator
        .truth("approval_requests")
        .forEach(t -> named.add(t.record().at("/approvalRequest/owner/userId").asText()));
    assertThat(named).containsAll(client.records().records("former_users").ids());
  }

  @Test
  void membershipsAndItemsComeFromTheirParents() {
    int memberships = 0;
    for (String project : client.records().records("projects").ids()) {
      memberships +=
          client.get("workspaces/{ws}/projects/" + project).json().get("memberships").size();
    }
    assertThat(simulator.truth("project_memberships")).hasSize(memberships);
    int items = 0;
    for (Truth invoice : simulator.truth("invoice_details")) {
      items += invoice.record().get("items").size();
    }
    assertThat(simulator.truth("invoice_items")).hasSize(items).isNotEmpty();
  }

  @Test
  void refusesAStreamThatDoesNotExist() {
    assertThatThrownBy(() -> simulator.truth("time_sheets"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("time_sheets");
  }

  @Test
  void truthIsACopy() {
    ObjectNode record = simulator.truth("clients").get(0).record();
    record.put("name", "changed by the test");
    assertThat(simulator.truth("clients").get(0).record()).isNotEqualTo(record);
  }

  private Set<String> truth(String stream, String column, String parent) {
    List<JsonNode> records = new ArrayList<>();
    for (Truth truth : simulator.truth(stream)) {
      if (column.isEmpty() || parent.equals(truth.ancestors().get(column))) {
        records.add(truth.record());
      }
    }
    return texts(records);
  }

  /** Records as texts in no order; the number is kept by refusing repeated ones. */
  private static Set<String> texts(List<JsonNode> records) {
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode record : records) {
      assertThat(texts.add(Json.MAPPER.convertValue(record, TreeMap.class).toString()))
          .as("%s twice", record)
          .isTrue();
    }
    return new TreeSet<>(texts);
  }
}
