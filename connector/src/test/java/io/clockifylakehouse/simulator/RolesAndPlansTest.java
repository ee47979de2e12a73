// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a plan or a role does not allow. */
class RolesAndPlansTest {
  private static final String WINDOW = "start=2017-01-01T00:00:00Z&end=2047-01-01T00:00:00Z";

  @ParameterizedTest
  @CsvSource({
    "approval-requests,STANDARD",
    "invoices,STANDARD",
    "holidays,STANDARD",
    "time-off/policies,STANDARD",
    "custom-fields,PRO",
    "expenses,PRO",
    "expenses/categories,PRO",
    "scheduling/assignments/all?" + WINDOW + ",PRO",
    "clients,FREE",
    "webhooks,FREE"
  })
  void anEndpointOpensWithItsPlan(String path, Plan needed) {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(1), SimulatorSettings.unlimited())) {
      Client client = new Client(simulator);
      for (Plan plan : Plan.values()) {
        client.records().plan(plan);
        assertThat(client.get("workspaces/{ws}/" + path).status())
            .as("%s on %s", path, plan)
            .isEqualTo(plan.compareTo(needed) < 0 ? 403 : 200);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Plan.class)
  void theWorkspaceListsTheFeaturesItHas(Plan plan) {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(1).withPlan(plan), SimulatorSettings.unlimited())) {
      JsonNode workspace = new Client(simulator).get("workspaces/{ws}").json();
      assertThat(workspace.get("featureSubscriptionType").asText()).startsWith(plan.name());
      Set<String> features = new TreeSet<>();
      workspace.get("features").forEach(feature -> features.add(feature.asText()));
      for (Plan.Feature feature : Plan.Feature.values()) {
        assertThat(features.contains(feature.name())).isEqualTo(plan.has(feature));
      }
    }
  }

  @Test
  void theAuditLogIsForEnterprisesAndTakesThirtyDaysAtMost() {
    Account account = Account.tiny(1).withPlan(Plan.ENTERPRISE);
    String body =
        "{\"start\":\"%s\",\"end\":\"%s\",\"authors\":{\"contains\":\"DOES_NOT_CONTAIN\","
            + "\"authorIds\":[\"SYSTEM\"]},\"page-size\":%d}";
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited())) {
      Client client = new Client(simulator);
      String project = client.records().records("projects").ids().get(0);
      String from = IdSequence.created(project).toString();
      String to = IdSequence.created(project).plusSeconds(60).toString();
      assertThat(audit(client, simulator, String.format(body, from, to, 50)).json()).hasSize(1);
      assertThat(audit(client, simulator, String.format(body, from, to, 51)).status())
          .isEqualTo(400);
      String late = IdSequence.created(project).plusSeconds(31 * 86_400).toString();
      assertThat(audit(client, simulator, String.format(body, from, late, 50)).status())
          .isEqualTo(400);
      client.records().plan(Plan.PRO);
      assertThat(audit(client, simulator, String.format(body, from, to, 50)).status())
          .isEqualTo(403);
    }
  }

  private static Client.Reply audit(Client client, ClockifySimulator simulator, String body) {
    return client.send(
        "POST",
        simulator.audit(),
        "workspaces/{ws}/audit-log",
        body,
        Map.of("X-Api-Key", simulator.apiKey()));
  }

  @Test
  void aMemberSeesOnlyWhatIsTheirOwn() {
    Account account = Account.tiny(3).with("workspace_users", 12).with("expenses", 40);
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited().withMember(true))) {
      Client client = new Client(simulator);
      String self = simulator.world().ownerId();
      String other = client.records().records("workspace_users").ids().get(1);
      assertThat(other).isNotEqualTo(self);
      String entries = "workspaces/{ws}/user/%s/time-entries";
      assertThat(client.get(String.format(entries, self)).json()).isNotEmpty();
      for (JsonNode entry : client.get(String.format(entries, self)).json()) {
        assertThat(entry.get("hourlyRate").isNull()).isTrue();
        String one = "workspaces/{ws}/time-entries/" + entry.get("id").asText();
        assertThat(client.get(one).json().get("costRate").isNull()).isTrue();
      }
      assertThat(client.get(String.format(entries, other)).status()).isEqualTo(403);
      assertThat(client.get("workspaces/{ws}/member-profile/" + other).status()).isEqualTo(403);
      assertThat(client.get("workspaces/{ws}/invoices").status()).isEqualTo(403);
      assertThat(client.get("workspaces/{ws}/webhooks").status()).isEqualTo(403);
      List<JsonNode> users = client.all("workspaces/{ws}/users?status=ALL", "", 50);
      assertThat(users).hasSize(1);
      List<JsonNode> expenses = client.all("workspaces/{ws}/expenses", "/expenses/expenses", 50);
      assertThat(expenses).isNotEmpty().hasSizeLessThan(40);
      for (JsonNode expense : expenses) {
        assertThat(expense.get("userId").asText()).isEqualTo(self);
      }
      for (JsonNode timer : client.get("workspaces/{ws}/time-entries/status/in-progress").json()) {
        assertThat(timer.get("userId").asText()).isEqualTo(self);
      }
    }
  }
}
