// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is let in, as in sections 2 and 3 of the API facts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationTest {
  private ClockifySimulator simulator;
  private Client client;

  @BeforeAll
  void start() {
    simulator = ClockifySimulator.start(Account.tiny(2), SimulatorSettings.unlimited());
    client = new Client(simulator);
  }

  @AfterAll
  void stop() {
    simulator.close();
  }

  private Client.Reply send(Map<String, String> headers, String path) {
    return client.send("GET", simulator.main(), path, "", headers);
  }

  static Stream<Arguments> refusedHeaders() {
    return Stream.of(
        Arguments.of(Map.of(), 1000),
        Arguments.of(Map.of("Authorization", "Bearer {key}"), 1000),
        Arguments.of(Map.of("X-Api-Key", "{key}", "X-Addon-Token", "{token}"), 1000),
        Arguments.of(Map.of("X-Api-Key", "wrong"), 4003),
        Arguments.of(Map.of("X-Api-Key", "{token}"), 4003),
        Arguments.of(Map.of("X-Addon-Token", "wrong"), 4017));
  }

  @ParameterizedTest
  @MethodSource("refusedHeaders")
  void refusesWithANumberThatSaysWhy(Map<String, String> headers, int code) {
    Map<String, String> filled = new HashMap<>();
    headers.forEach(
        (name, value) ->
            filled.put(
                name,
                value
                    .replace("{key}", simulator.apiKey())
                    .replace("{token}", simulator.addonToken())));
    Client.Reply reply = send(filled, "user");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.json().path("code").isNumber()).isTrue();
    assertThat(reply.code()).isEqualTo(code);
    assertThat(send(filled, "no/such/path").status()).isEqualTo(401);
  }

  @Test
  void aKeyReadsEveryHost() {
    assertThat(client.get("user").status()).isEqualTo(200);
    assertThat(client.report("GET", "workspaces/{ws}/shared-reports", "").status()).isEqualTo(200);
  }

  @Test
  void anAddonTokenReadsAWorkspaceButNotTheAccountNorWebhooks() {
    Map<String, String> token = Map.of("X-Addon-Token", simulator.addonToken());
    assertThat(send(token, "workspaces").status()).isEqualTo(403);
    assertThat(send(token, "workspaces/{ws}/webhooks").status()).isEqualTo(403);
    assertThat(send(token, "workspaces/{ws}").status()).isEqualTo(200);
    assertThat(send(token, "workspaces/{ws}/custom-fields").status()).isEqualTo(200);
  }

  @Test
  void theGatewayWantsABearerAndTheRightConnection() {
    SimulatorSettings settings =
        SimulatorSettings.unlimited()
            .withGateway(new SimulatorSettings.Gateway("connection-1", false));
    try (ClockifySimulator behind = ClockifySimulator.start(Account.tiny(2), settings)) {
      Client through = new Client(behind);
      assertThat(behind.main().getPath()).isEqualTo("/clockify/api/v1");
      String bearer = "Bearer " + behind.gatewayKey();
      Client.Reply reply =
          through.send(
              "GET",
              behind.main(),
              "workspaces/{ws}/clients",
              "",
              Map.of("Authorization", bearer, "Maton-Connection", "connection-1"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json()).hasSize(3);
      assertThat(reply.header("Last-Page")).isEmpty();
      Map<String, String> other = Map.of("Authorization", bearer, "Maton-Connection", "other");
      assertThat(through.send("GET", behind.main(), "user", "", other).status()).isEqualTo(400);
      assertThat(through.get("user").status()).isEqualTo(401);
    }
  }

  @Test
  void credentialsDoNotPrintThemselves() {
    assertThat(new Credentials("secret-key", "secret-token", "secret-gateway").toString())
        .doesNotContain("secret");
  }
}
