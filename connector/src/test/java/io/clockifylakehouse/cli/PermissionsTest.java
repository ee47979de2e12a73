// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.ScriptedFaults;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that may not read everything, or nothing any more. */
class PermissionsTest {
  @TempDir private Path directory;
  private final ScriptedFaults faults = new ScriptedFaults();
  private ClockifySimulator simulator;

  private void start(Plan plan, boolean member) {
    simulator =
        ClockifySimulator.start(
            Account.tiny(61).withPlan(plan),
            SimulatorSettings.unlimited().withFaults(faults).withMember(member));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void aForbiddenStreamSaysWhetherThePlanOrTheRoleIsLikely() {
    start(Plan.FREE, true);
    Ended synced = run("sync", "--output", "json");
    assertThat(synced.exitCode()).isEqualTo(3);
    assertThat(synced.stream("holidays").path("status").asText()).isEqualTo("forbidden");
    assertThat(synced.stream("holidays").path("reason").asText())
        .contains("answered 403", "likely the plan: the workspace's plan (FREE) lacks it");
    assertThat(synced.stream("webhooks").path("reason").asText())
        .contains("likely the role: the workspace's plan (FREE) includes it");
    assertThat(synced.stream("clients").path("status").asText()).isEqualTo("ok");
    String reason = synced.json().path("reason").asText();
    assertThat(reason).contains("answered 403", "more, each with its reason in the result");
    assertThat(synced.err().lines().reduce((first, last) -> last))
        .get()
        .asString()
        .contains(reason);

    Ended checked = run("check");
    assertThat(checked.exitCode()).isEqualTo(3);
    assertThat(checked.out().replaceAll("\\s+", " "))
        .contains("a regular member's key: sees only its own time entries")
        .contains("webhooks", "likely the role", "likely the plan");
    assertThat(run("check", "--set", "sync.on_forbidden=skip").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"402", "403"})
  void rowsOfAStreamThatTurnsForbiddenStayAndItsChildrenToo(int status) {
    start(Plan.PRO, false);
    assertThat(run("sync").exitCode()).isZero();
    List<Map<String, Object>> policies = TableRows.read(lakehouse(), "policies");
    List<Map<String, Object>> balances = TableRows.read(lakehouse(), "time_off_balances");
    assertThat(balances).isNotEmpty();
    faults.status("/time-off/policies", 100, status);
    Ended synced = run("sync", "--full", "--output", "json");
    assertThat(synced.exitCode()).isEqualTo(3);
    assertThat(synced.stream("policies").path("reason").asText())
        .contains("answered " + status, "likely the role: the workspace's plan (PRO_2021)");
    assertThat(synced.stream("time_off_balances").path("status").asText()).isEqualTo("forbidden");
    assertThat(TableRows.read(lakehouse(), "policies")).hasSameElementsAs(policies);
    assertThat(TableRows.read(lakehouse(), "time_off_balances")).hasSameElementsAs(balances);
    assertThat(run("sync", "--full", "--set", "sync.on_forbidden=skip").exitCode()).isZero();
  }

  @Test
  void checkTellsWhatTimeMayMendFromWhatItWillNot() {
    start(Plan.PRO, false);
    faults.status("/clients", 100, 503);
    faults.status("/webhooks", 100, 403);
    Ended checked = run("check", "--output", "json", "--set", "source.retry.attempts=1");
    assertThat(checked.exitCode()).isEqualTo(75);
    assertThat(checked.stream("clients").path("status").asText()).isEqualTo("failed");
    assertThat(checked.stream("webhooks").path("status").asText()).isEqualTo("forbidden");
    assertThat(checked.stream("tags").path("status").asText()).isEqualTo("readable");
    assertThat(checked.json().at("/workspaces/0/role").asText()).isEqualTo("owner");
    assertThat(checked.json().at("/workspaces/0/plan").asText()).isEqualTo("PRO_2021");
  }

  @Test
  void aKeyThatMayNotSeeItsWorkspacesIsNoForbiddenStreamToSkip() {
    start(Plan.PRO, false);
    assertThat(run("sync", "--stream", "clients").exitCode()).isZero();
    List<Map<String, Object>> clients = TableRows.read(lakehouse(), "clients");
    faults.add(
        "/workspaces$", 100, new Faults.Fault.Instead(403, Map.of(), "<html>blocked</html>"));
    Ended blocked = run("sync", "--set", "sync.on_forbidden=skip", "--output", "json");
    assertThat(blocked.exitCode()).isEqualTo(3);
    assertThat(blocked.json().path("reason").asText()).contains("/workspaces answered 403");
    assertThat(TableRows.read(lakehouse(), "clients")).hasSameElementsAs(clients);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1000 | saw no credential, or more than one",
        "4003 | this API key does not exist there",
        "4017 | this token is not valid",
        "9999 | the credential was refused",
      })
  void aRefusedKeyStopsEverythingAndNamesTheCauseOfItsCode(int code, String cause) {
    start(Plan.PRO, false);
    assertThat(run("sync", "--stream", "clients", "--stream", "tags").exitCode()).isZero();
    List<Map<String, Object>> clients = TableRows.read(lakehouse(), "clients");
    String body = "{\"message\": \"No\", \"code\": " + code + "}";
    faults.add("/clients", 1000, new Faults.Fault.Instead(401, Map.of(), body));
    simulator.log().clear();
    Ended synced = run("sync", "--output", "json");
    assertThat(synced.exitCode()).isEqualTo(77);
    assertThat(synced.json().path("reason").asText()).contains("401 code " + code, cause);
    assertThat(simulator.log().arrivedAfter(401)).as("in flight at most").isLessThan(32);
    assertThat(TableRows.read(lakehouse(), "clients")).hasSameElementsAs(clients);
    Ended checked = run("check");
    assertThat(checked.exitCode()).isEqualTo(77);
    assertThat(checked.err()).contains(cause);
  }

  private Path lakehouse() {
    return directory.resolve("lakehouse");
  }

  private Ended run(String... command) {
    return CommandLineFixture.of(simulator, lakehouse()).run(command);
  }
}
