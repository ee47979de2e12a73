// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.FaultKind;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.ScriptedFaults;
import io.clockifylakehouse.simulator.SeededFaults;
import io.clockifylakehouse.simulator.SeededFaults.Rule;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of fault that passes, over real HTTP: mended by retries, or named when it stays. */
class FaultKindTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicReference<Faults> FAULTS = new AtomicReference<>(Faults.NONE);
  private static ClockifySimulator simulator;

  private final VirtualTime time = new VirtualTime();

  @BeforeAll
  static void start() {
    simulator =
        ClockifySimulator.start(
            Account.tiny(8),
            SimulatorSettings.unlimited()
                .withShuffleSets(false)
                .withFaults((number, method, target) -> FAULTS.get().on(number, method, target)));
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  private ApiExchange exchange(Duration timeout) {
    return new ApiExchange(
        new JdkTransport(timeout),
        new Credentials.ApiKey(simulator.apiKey()),
        new RateSettings(10_000, 1, 10_000),
        new RetrySettings(6, Duration.ofMinutes(2)),
        time);
  }

  private JsonNode projects(ApiExchange exchange) {
    String workspace = simulator.world().workspaces().get(0).id();
    URI uri = URI.create(simulator.main() + "/workspaces/" + workspace + "/projects?page-size=50");
    return exchange.send(Request.get(uri), FaultKindTest::json);
  }

  private static JsonNode json(Response response) throws IOException {
    JsonNode tree = JSON.readTree(response.open());
    if (tree.isMissingNode()) {
      throw new IOException("an empty body");
    }
    return tree;
  }

  static Stream<FaultKind> passing() {
    return FaultKind.PASSING.stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("passing")
  void isMendedByRetriesAndNamedWhenItStays(FaultKind kind) {
    FAULTS.set(Faults.NONE);
    JsonNode truth = projects(exchange(Duration.ofSeconds(30)));
    ApiExchange exchange = exchange(Duration.ofSeconds(30));
    FAULTS.set(new SeededFaults(5, time, Rule.of("", 1, Set.of(kind)).inARow(3)));
    assertThat(projects(exchange)).isEqualTo(truth);
    assertThat(exchange.traffic().retried()).isBetween(1L, 3L);
    SeededFaults lasting = new SeededFaults(9, time, Rule.of("", 1, Set.of(kind)));
    FAULTS.set(lasting);
    ConnectorException refusal =
        catchThrowableOfType(ConnectorException.class, () -> projects(exchange));
    if (refusal == null) {
      assertThat(kind).as("may damage a byte that nobody reads").isEqualTo(FaultKind.CORRUPT_GZIP);
    } else {
      assertThat(refusal.code().exitCode()).isEqualTo(75);
      assertThat(refusal)
          .hasMessageContaining("GET " + simulator.main() + "/workspaces/")
          .hasMessageNotContaining(simulator.apiKey());
      assertThat(lasting.struck()).isEqualTo(6);
    }
  }

  @Test
  void aHungOrDrippingAnswerEndsWithTheTimeoutAndIsTriedAgain() {
    ScriptedFaults faults =
        new ScriptedFaults()
            .add("/projects", 1, new Faults.Fault.Hung())
            .add("/projects", 1, new Faults.Fault.Dripping(Duration.ofMillis(100)));
    FAULTS.set(faults);
    ApiExchange exchange = exchange(Duration.ofMillis(700));
    assertThat(projects(exchange)).isNotEmpty();
    assertThat(exchange.traffic().retried()).isGreaterThanOrEqualTo(2);
  }
}
