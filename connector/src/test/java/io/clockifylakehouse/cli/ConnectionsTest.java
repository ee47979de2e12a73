// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gateway's connections, against the simulated gateway. */
class ConnectionsTest {
  private static final String ACTIVE = "13fe7b78-0000-4000-8000-000000000000";

  private ClockifySimulator simulator;
  private CommandLineFixture commands;

  @BeforeEach
  void start() {
    SimulatorSettings.Gateway gateway = new SimulatorSettings.Gateway(ACTIVE, true);
    simulator =
        ClockifySimulator.start(
            Account.tiny(3), SimulatorSettings.unlimited().withGateway(gateway));
    commands = new CommandLineFixture(Map.of("MATON_API_KEY", simulator.gatewayKey()));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private CommandLineFixture.Ended run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("connections"));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "--set", "source.base_url=" + simulator.main(),
            "--set", "source.auth.type=maton",
            "--set", "source.auth.value=${MATON_API_KEY}"));
    return commands.run(command.toArray(String[]::new));
  }

  private static List<String> ids(CommandLineFixture.Ended ended) {
    List<String> ids = new ArrayList<>();
    ended.json().path("connections").forEach(one -> ids.add(one.path("id").asText()));
    return ids;
  }

  @Test
  void makesListsShowsAndDeletesAConnection() {
    assertThat(ids(run("list", "--output", "json"))).containsExactly(ACTIVE);

    CommandLineFixture.Ended created = run("create", "--output", "json");
    assertThat(created.exitCode()).isZero();
    JsonNode made = created.json().path("connections").path(0);
    String id = made.path("id").asText();
    assertThat(made.path("status").asText()).isEqualTo("PENDING");
    assertThat(made.path("url").asText()).startsWith("https://connect.example/?session_token=");
    assertThat(created.json().path("command").asText()).isEqualTo("connections");

    assertThat(ids(run("list", "--output", "json"))).containsExactly(ACTIVE, id);
    assertThat(ids(run("show", id, "--output", "json"))).containsExactly(id);
    assertThat(run("delete", id).out()).isEqualTo("deleted " + id + "\n");
    assertThat(ids(run("list", "--output", "json"))).containsExactly(ACTIVE);
  }

  @Test
  void printsTheAddressToOpenInABrowser() {
    assertThat(run("create").out())
        .contains("open this in a browser")
        .contains("https://connect.example/?session_token=");
    assertThat(run("list").out()).contains(ACTIVE).contains("PENDING").contains("to authorise");
  }

  @Test
  void namesWhatIsWrong() {
    CommandLineFixture.Ended missing = run("show", "nowhere");
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err()).contains("404").contains("/connections/nowhere");
    assertThat(run("show").exitCode()).isEqualTo(2);
    assertThat(run("list", "one").exitCode()).isEqualTo(2);
    assertThat(run("frobnicate").exitCode()).isEqualTo(2);
    CommandLineFixture.Ended key =
        commands.run("connections", "list", "--set", "source.auth.value=a-clockify-key");
    assertThat(key.exitCode()).isEqualTo(78);
    assertThat(key.err()).contains("source.auth.type").contains("maton");
    commands = new CommandLineFixture(Map.of("MATON_API_KEY", "wrong-key"));
    assertThat(run("list").exitCode()).isEqualTo(77);
  }

  @Test
  void aDeletedConnectionCarriesNoMoreRequests() {
    assertThat(browse().exitCode()).isZero();
    run("delete", ACTIVE);
    CommandLineFixture.Ended after = browse();
    assertThat(after.exitCode()).isEqualTo(3);
    assertThat(after.err()).contains("No active clockify connection");
  }

  private CommandLineFixture.Ended browse() {
    return commands.run(
        "browse",
        "workspaces",
        "--set",
        "source.base_url=" + simulator.main(),
        "--set",
        "source.auth.type=maton",
        "--set",
        "source.auth.value=${MATON_API_KEY}",
        "--set",
        "source.auth.connection=" + ACTIVE);
  }
}
