// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole syncs by command line with the two other ways in: the bearer gateway, an add-on token. */
class GatewayAndAddonTest {
  private static final String CONNECTION = "13fe7b78-0000-4000-8000-000000000000";

  @TempDir private Path directory;

  private CommandLineFixture.Ended sync(
      ClockifySimulator simulator, String key, String... settings) {
    List<String> command = new ArrayList<>(List.of("sync", "--output", "json"));
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("source.auth.value=${KEY}");
    all.add("source.base_url=" + simulator.main());
    all.add("source.rate_limit={start: 1000, max: 1000}");
    all.add("destination.catalog.warehouse=" + directory);
    all.forEach(setting -> command.addAll(List.of("--set", setting)));
    return new CommandLineFixture(Map.of("KEY", key)).run(command.toArray(String[]::new));
  }

  private static Set<String> incomplete(JsonNode result) {
    Set<String> streams = new TreeSet<>();
    for (JsonNode stream : result.path("streams")) {
      if (!stream.path("reason").isNull()) {
        streams.add(stream.path("stream").asText());
      }
    }
    return streams;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theGatewayGivesEverythingOfTheMainHost(boolean passesLastPage) {
    SimulatorSettings settings =
        SimulatorSettings.unlimited()
            .withGateway(new SimulatorSettings.Gateway(CONNECTION, passesLastPage));
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(31).withWorkspaces(2), settings)) {
      CommandLineFixture.Ended ended =
          sync(
              simulator,
              simulator.gatewayKey(),
              "source.auth.type=maton",
              "source.auth.connection=" + CONNECTION,
              "sync.streams=[\"*\", \"-shared_reports\"]");
      assertThat(incomplete(ended.json())).as(ended.err()).isEmpty();
      assertThat(ended.exitCode()).isZero();
      for (StreamDefinition stream : StreamCatalog.packaged().streams()) {
        if (!stream.name().equals("shared_reports")) {
          assertThat(TableRows.read(directory, stream.name()))
              .as(stream.name())
              .hasSameSizeAs(simulator.truth(stream.name()));
        }
      }
    }
  }

  @Test
  void theGatewaysUnknownReportHostIsNamedAndCostsNoOtherStream() {
    SimulatorSettings settings =
        SimulatorSettings.unlimited().withGateway(new SimulatorSettings.Gateway(CONNECTION, true));
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(32), settings)) {
      CommandLineFixture.Ended ended =
          sync(simulator, simulator.gatewayKey(), "source.auth.type=maton");
      assertThat(ended.exitCode()).isEqualTo(3);
      assertThat(incomplete(ended.json())).containsExactly("shared_reports");
      assertThat(ended.out()).contains("source.reports_url");
    }
  }

  @Test
  void anAddonTokenGivesTheConfiguredWorkspaces() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(
            Account.tiny(33).withWorkspaces(2), SimulatorSettings.unlimited())) {
      String workspace = simulator.world().workspaces().get(1).id();
      String[] settings = {
        "source.auth.type=addon_token",
        "source.workspaces=[" + workspace + "]",
        "sync.on_forbidden=skip"
      };
      CommandLineFixture.Ended ended = sync(simulator, simulator.addonToken(), settings);
      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(incomplete(ended.json())).containsExactly("webhooks");
      for (StreamDefinition stream : StreamCatalog.packaged().streams()) {
        long expected =
            simulator.truth(stream.name()).stream()
                .filter(t -> workspace.equals(t.ancestors().get("workspace_id")))
                .count();
        if (stream.inWorkspace() && !stream.name().equals("webhooks")) {
          assertThat(TableRows.read(directory, stream.name()))
              .as(stream.name())
              .hasSize(Math.toIntExact(expected));
        }
      }
    }
  }
}
