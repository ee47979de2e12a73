// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What surprises a client of the real service surprises one of the simulator too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuirksTest {
  private static final String NOBODY = "000000000000000000000000";

  private ClockifySimulator simulator;
  private Client client;

  @BeforeAll
  void start() {
    Account account =
        Account.tiny(9)
            .with("workspace_users", 40)
            .with("time_entries", 1500)
            .with("projects", 24)
            .with("tasks", 60)
            .with("approval_requests", 20)
            .with("time_off_requests", 12)
            .with("expenses", 60);
    simulator = ClockifySimulator.start(account, SimulatorSettings.unlimited());
    client = new Client(simulator);
  }

  @AfterAll
  void stop() {
    simulator.close();
  }

  private String first(String kind) {
    return client.records().records(kind).ids().get(0);
  }

  @ParameterizedTest
  @CsvSource({
    // path, status, code (-1: no body)
    "workspaces/000000000000000000000000,404,-1",
    "workspaces/000000000000000000000000/clients,404,-1",
    "workspaces/{ws}/nothing/here,404,3000",
    "workspaces/{ws}/policies,404,3000",
    "workspaces/{ws}/templates,404,3000",
    "workspaces/{ws}/projects/000000000000000000000000,400,501",
    "workspaces/{ws}/projects/000000000000000000000000/tasks,400,501",
    "workspaces/{ws}/time-entries/000000000000000000000000,400,501",
    "workspaces/{ws}/expenses/000000000000000000000000,400,501",
    "workspaces/{ws}/invoices/000000000000000000000000,400,501",
    "workspaces/{ws}/invoices/000000000000000000000000/payments,400,501",
    "workspaces/{ws}/clients/000000000000000000000000,400,501",
    "workspaces/{ws}/time-off/balance/policy/000000000000000000000000,400,501",
    "workspaces/{ws}/time-entries,405,3000",
    "workspaces/{ws}/time-off/requests,405,3000",
    "workspaces/{ws}/user-groups/000000000000000000000000,405,3000",
    "workspaces/{ws}/tags?archived=perhaps,400,3000",
    "workspaces/{ws}/scheduling/assignments/all,400,3001",
    "workspaces/{ws}/scheduling/assignments/all?start=2026-01-01T00:00:00Z,400,3001",
    "workspaces/{ws}/holidays/in-period?start=2026-01-01,400,3001",
    "workspaces/{ws}/approval-requests?status=REJECTED,400,3000",
    "workspaces/{ws}/approval-requests?status=WITHDRAWN_SUBMISSION,400,3000",
    "workspaces/{ws}/custom-fields?status=ACTIVE,400,3000",
    "workspaces/{ws}/webhooks?type=SYSTEM,500,-1"
  })
  void refusesLikeTheService(String path, int status, int code) {
    Client.Reply reply = client.get(path);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.code()).isEqualTo(code);
    if (status == 405) {
      assertThat(reply.header("Allow")).isPresent();
    }
    if (status == 404 && code < 0) {
      assertThat(reply.bytes()).isEmpty();
    }
  }

  @Test
  void requestsForTimeOffAreAskedForByPostAndNeverAsWithdrawn() {
    String path = "workspaces/{ws}/time-off/requests";
    assertThat(client.post(path, "{}").json().get("count").asInt()).isEqualTo(12);
    assertThat(client.post(path, "{\"statuses\":[\"PENDING\"]}").json().get("requests")).hasSize(4);
    assertThat(client.post(path, "{\"statuses\":[\"WITHDRAWN\"]}").status()).isEqualTo(400);
    assertThat(client.post(path, "{").status()).isEqualTo(400);
  }

  @Test
  void approvalsWithoutAStateAreAllOfThem() {
    Set<String> states = new TreeSet<>();
    for (JsonNode approval : client.all("workspaces/{ws}/approval-requests", "", 7)) {
      assertThat(approval.has("id")).isFalse();
      assertThat(approval.at("/approvalRequest/id").asText()).hasSize(24);
      states.add(approval.at("/approvalRequest/status/state").asText());
    }
    assertThat(states).hasSize(5).contains("REJECTED", "WITHDRAWN_SUBMISSION");
    assertThat(client.all("workspaces/{ws}/approval-requests?status=APPROVED", "", 7)).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({"clients", "projects", "tags"})
  void withoutTheParameterArchivedAndActiveOnesAreListed(String list) {
    int all = client.all("workspaces/{ws}/" + list, "", 50).size();
    int archived = client.all("workspaces/{ws}/" + list + "?archived=true", "", 50).size();
    int active = client.all("workspaces/{ws}/" + list + "?archived=false", "", 50).size();
    assertThat(archived).isPositive();
    assertThat(active).isPositive();
    assertThat(all).isEqualTo(archived + active);
  }

  @Test
  void policiesAreActiveOnesUnlessAllAreAskedFor() {
    int active = client.get("workspaces/{ws}/time-off/policies").json().size();
    int archived = client.get("workspaces/{ws}/time-off/policies?status=ARCHIVED").json().size();
    assertThat(archived).isPositive();
    assertThat(client.get("workspaces/{ws}/time-off/policies?status=ALL").json())
        .hasSize(active + archived);
  }

  @Test
  void limitedAndDeletedAccountsMustBeAskedFor() {
    int usual = client.all("workspaces/{ws}/users?status=ALL", "", 50).size();
    String all =
        "workspaces/{ws}/users?status=ALL&account-statuses=ACTIVE,PENDING_EMAIL_VERIFICATION,"
            + "NOT_REGISTERED,LIMITED,DELETED,LIMITED_DELETED";
    List<JsonNode> users = client.all(all, "", 50);
    assertThat(users).hasSize(40).hasSizeGreaterThan(usual);
    assertThat(client.all("workspaces/{ws}/users", "", 50)).hasSizeLessThan(usual);
    Set<String> zones = new TreeSet<>();
    users.forEach(user -> zones.add(user.at("/settings/timeZone").asText()));
    assertThat(zones).contains("Pacific/Pago_Pago", "Pacific/Kiritimati");
    assertThat(some(users, user -> user.get("settings").isNull())).isTrue();
    assertThat(some(users, user -> user.get("name").isNull())).isTrue();
    assertThat(some(users, user -> user.has("roles"))).isFalse();
    List<JsonNode> full = client.all(all + "&memberships=ALL&include-roles=true", "", 50);
    assertThat(some(full, user -> user.get("roles").size() > 0)).isTrue();
    assertThat(some(full, user -> user.get("memberships").size() > 1)).isTrue();
    assertThat(some(full, u -> u.at("/memberships/0/membershipStatus").asText().equals("INACTIVE")))
        .isTrue();
  }

  private static boolean some(List<JsonNode> records, Predicate<JsonNode> condition) {
    return records.stream().anyMatch(condition);
  }

  @Test
  void setsComeInAnotherOrderOnTheNextCall() {
    List<String> first = texts(client.get("workspaces/{ws}").json().get("features"));
    List<String> second = texts(client.get("workspaces/{ws}").json().get("features"));
    assertThat(second).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
    List<String> days =
        texts(client.get("workspaces/{ws}").json().at("/workspaceSettings/workingDays"));
    List<String> others =
        texts(client.get("workspaces/{ws}").json().at("/workspaceSettings/workingDays"));
    assertThat(others).isNotEqualTo(days).containsExactlyInAnyOrderElementsOf(days);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  @Test
  void timeEntriesHaveTheOddValuesThatOccur() {
    List<JsonNode> entries = new ArrayList<>();
    simulator.truth("time_entries").forEach(truth -> entries.add(truth.record()));
    assertThat(some(entries, entry -> entry.get("tagIds").isNull())).isTrue();
    assertThat(some(entries, entry -> entry.get("tagIds").isArray())).isTrue();
    assertThat(some(entries, e -> e.at("/timeInterval/duration").asText().equals("PT49H")))
        .isTrue();
    assertThat(some(entries, e -> e.at("/timeInterval/duration").asText().equals("PT0S"))).isTrue();
    Set<String> types = new TreeSet<>();
    Set<String> values = new TreeSet<>();
    for (JsonNode entry : entries) {
      types.add(entry.get("type").asText());
      assertThat(entry.size()).isEqualTo(15);
      assertThat(entry.at("/timeInterval/end").isNull())
          .isEqualTo(entry.at("/timeInterval/duration").isNull());
      entry
          .get("customFieldValues")
          .forEach(value -> values.add(value.get("value").getNodeType().name()));
    }
    assertThat(types).containsExactly("BREAK", "HOLIDAY", "REGULAR", "TIME_OFF");
    assertThat(values).containsExactly("ARRAY", "BOOLEAN", "NULL", "NUMBER", "STRING");
    String future = simulator.account().today().toString();
    assertThat(some(entries, e -> e.at("/timeInterval/start").asText().compareTo(future) > 0))
        .isTrue();
    assertThat(some(entries, e -> e.get("description").asText().contains("\n"))).isTrue();
    assertThat(some(entries, e -> e.get("description").asText().contains("🎉"))).isTrue();
  }

  @Test
  void textsSurviveTheWireUnchanged() {
    String description = String.join("|", RealisticText.AWKWARD);
    String id = first("time_entries");
    client.records().records("time_entries").edit(id, e -> e.put("description", description));
    assertThat(client.get("workspaces/{ws}/time-entries/" + id).json().get("description").asText())
        .isEqualTo(description);
  }

  @Test
  void absentClientsAreEmptyTextsAndBudgetsPassThirtyTwoBits() {
    List<JsonNode> projects = client.all("workspaces/{ws}/projects", "", 50);
    projects.addAll(client.all("workspaces/{ws}/projects?is-template=true", "", 50));
    assertThat(
            some(
                projects,
                p ->
                    p.get("clientId").asText("x").isEmpty()
                        && p.get("clientName").asText("x").isEmpty()))
        .isTrue();
    assertThat(some(projects, p -> p.at("/budgetEstimate/estimate").asLong() > Integer.MAX_VALUE))
        .isTrue();
    assertThat(some(projects, p -> p.get("duration").isNull())).isTrue();
    assertThat(some(projects, p -> p.get("duration").asText().matches("PT\\d+H.*"))).isTrue();
    Set<String> statuses = new TreeSet<>();
    Set<String> types = new TreeSet<>();
    for (JsonNode project : projects) {
      for (JsonNode membership : project.get("memberships")) {
        statuses.add(membership.get("membershipStatus").asText());
        types.add(membership.get("membershipType").asText());
      }
    }
    assertThat(statuses).contains("INACTIVE");
    assertThat(types).contains("PROJECT", "USERGROUP");
  }

  @Test
  void aTaskHasItsDurationOnlyWhenAskedForAlone() {
    String project =
        simulator.truth("tasks").stream()
            .filter(done -> Json.text(done.record(), "status").equals("DONE"))
            .findFirst()
            .orElseThrow()
            .ancestors()
            .get("project_id");
    JsonNode task = client.get("workspaces/{ws}/projects/" + project + "/tasks").json().get(0);
    assertThat(task.get("duration").isNull()).isTrue();
    assertThat(task.has("workspaceId")).isFalse();
    String one = "workspaces/{ws}/projects/" + project + "/tasks/" + task.get("id").asText();
    assertThat(client.get(one).json().get("duration").asText()).startsWith("PT");
    assertThat(client.get("workspaces/{ws}/projects/" + project + "/tasks?is-active=true").json())
        .hasSizeLessThan(
            client.get("workspaces/{ws}/projects/" + project + "/tasks").json().size());
  }

  @Test
  void expensesIgnoreDatesAndHaveNamesInTheListButIdsAlone() {
    Client.Reply reply = client.get("workspaces/{ws}/expenses?start=2001-01-01&end=2001-01-02");
    JsonNode rows = reply.json().at("/expenses/expenses");
    assertThat(rows).hasSize(50);
    assertThat(new String(reply.bytes())).containsPattern("\"total\":\\d+\\.\\d");
    JsonNode row = rows.get(0);
    assertThat(row.has("projectId")).isFalse();
    assertThat(row.has("project")).isTrue();
    JsonNode alone = client.get("workspaces/{ws}/expenses/" + row.get("id").asText()).json();
    assertThat(alone.has("categoryId")).isTrue();
    assertThat(alone.has("category")).isFalse();
    List<JsonNode> all = client.all("workspaces/{ws}/expenses", "/expenses/expenses", 25);
    assertThat(some(all, expense -> expense.get("project").isNull())).isTrue();
    assertThat(some(all, expense -> expense.get("category").isNull())).isTrue();
    assertThat(some(all, e -> e.at("/project/clientId").asText("x").isEmpty())).isTrue();
  }

  @Test
  void timestampsHaveNoneThreeOrNineDigitsOfASecond() {
    Set<Integer> digits = new HashSet<>();
    for (Truth request : simulator.truth("time_off_requests")) {
      String created = request.record().get("createdAt").asText();
      digits.add(created.contains(".") ? created.length() - created.indexOf('.') - 2 : 0);
    }
    assertThat(digits).contains(0, 9);
    for (Truth assignment : simulator.truth("scheduling_assignments")) {
      assertThat(assignment.record().at("/period/end").asText()).endsWith(".999Z");
    }
  }

  @Test
  void hydratedEntriesAreASuperset() {
    String path = "workspaces/{ws}/user/" + simulator.world().ownerId() + "/time-entries";
    JsonNode plain = client.get(path).json();
    JsonNode hydrated = client.get(path + "?hydrated=true").json();
    for (int i = 0; i < plain.size(); i++) {
      assertThat(hydrated.get(i).get("id")).isEqualTo(plain.get(i).get("id"));
      assertThat(hydrated.get(i).size()).isEqualTo(20);
      assertThat(hydrated.get(i).has("user")).isTrue();
    }
    JsonNode project = client.get("workspaces/{ws}/projects?hydrated=true").json().get(0);
    assertThat(project.has("clientName")).isFalse();
    assertThat(project.get("tasks").isArray()).isTrue();
  }

  @Test
  void aUserWhoNeverExistedIsAMissingObject() {
    String path = "workspaces/{ws}/user/" + NOBODY + "/time-entries";
    assertThat(client.get(path).code()).isEqualTo(501);
    assertThat(client.get("workspaces/{ws}/member-profile/" + NOBODY).code()).isEqualTo(501);
  }

  @Test
  void customFieldsOfUsersMustBeAskedFor() {
    assertThat(client.get("workspaces/{ws}/custom-fields").json()).hasSize(5);
    String both = "workspaces/{ws}/custom-fields?entity-type=TIMEENTRY&entity-type=USER";
    assertThat(client.get(both).json()).hasSize(6);
  }

  @Test
  void totalsOfSchedulingHaveAnEmptyBody() {
    Client.Reply reply =
        client.get(
            "workspaces/{ws}/scheduling/assignments/users/"
                + simulator.world().ownerId()
                + "/totals?start=2026-01-01T00:00:00Z&end=2026-02-01T00:00:00Z");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.bytes()).isEmpty();
  }

  @Test
  void invoicesAreRowsInTheListAndWholeAlone() {
    JsonNode list = client.get("workspaces/{ws}/invoices").json();
    assertThat(list.get("total").asInt()).isEqualTo(3);
    assertThat(list.get("invoices").get(0).size()).isEqualTo(11);
    JsonNode whole = client.get("workspaces/{ws}/invoices/" + first("invoices")).json();
    assertThat(whole.get("items").isArray()).isTrue();
    assertThat(whole.get("tax").isFloatingPointNumber()).isTrue();
    Map<String, String> key = Map.of("X-Api-Key", simulator.apiKey());
    String path = "workspaces/{ws}/invoices/" + first("invoices");
    assertThat(client.send("DELETE", simulator.main(), path, "", key).status()).isEqualTo(405);
  }

  @Test
  void foreignIdsSortByAge() {
    List<String> ids = client.records().records("clients").ids();
    String next = simulator.world().nextId();
    assertThat(next).isGreaterThan(Collections.max(ids));
  }
}
