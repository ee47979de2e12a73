// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.config.DestinationConfiguration;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read, against the simulated service. */
class DemoTest {
  @TempDir private Path directory;
  private ClockifySimulator simulator;

  @BeforeEach
  void start() {
    simulator = ClockifySimulator.start(Account.tiny(5), SimulatorSettings.unlimited());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Ended run(String key, String command, String... further) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(CommandLineFixture.settings(simulator, directory.resolve("lakehouse")));
    arguments.addAll(List.of(further));
    return new CommandLineFixture(Map.of("CLOCKIFY_API_KEY", key))
        .run(arguments.toArray(String[]::new));
  }

  @Test
  void theDemoFillsTheTablesAndASecondOneChangesNothing() {
    CommandLineFixture line = new CommandLineFixture(Map.of());
    String[] demo = {
      "demo",
      "--output",
      "json",
      "--set",
      "destination.catalog.warehouse=" + directory.resolve("lakehouse"),
      "--set",
      "sync.streams=[workspaces, projects, tasks, tags, clients]"
    };
    Ended first = line.run(demo);
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.json().path("status").asText()).isEqualTo("ok");
    assertThat(first.json().at("/requests/throttled").asInt()).isZero();
    assertThat(directory.resolve("lakehouse/clockify/tasks/metadata")).isDirectory();
    Ended second = line.run(demo);
    assertThat(second.json().path("streams").findValuesAsText("status"))
        .isNotEmpty()
        .containsOnly("unchanged");
  }

  @Test
  void tellsToRemoveAWarehouseOnlyWhereThereIsADirectory() {
    assertThat(leaving(Map.of("type", "hadoop", "warehouse", "/data/lake")))
        .isEqualTo("rm -r /data/lake");
    assertThat(leaving(Map.of("type", "rest", "uri", "http://catalog:8181", "warehouse", "lake")))
        .isEqualTo("put another destination.namespace than clockify into the configuration");
    assertThat(leaving(Map.of("catalog-impl", "com.example.Catalog"))).doesNotContain("rm -r");
  }

  private static String leaving(Map<String, String> catalog) {
    return DemoCommand.leaving(
        new DestinationConfiguration(
            catalog, "lakehouse", "clockify", Map.of(), DestinationConfiguration.Transaction.AUTO));
  }

  @Test
  void aPortInUseIsConfiguration() {
    Ended ended =
        new CommandLineFixture(Map.of())
            .run("demo", "--port", Integer.toString(simulator.main().getPort()));
    assertThat(ended.exitCode()).isEqualTo(78);
    assertThat(ended.err()).contains("port " + simulator.main().getPort());
  }

  @Test
  void checkProbesEveryStreamAndLeavesNoTrace() {
    Ended ended = run(simulator.apiKey(), "check --output json");
    JsonNode json = ended.json();
    assertThat(json.at("/catalog/writable").asBoolean()).isTrue();
    assertThat(json.path("workspaces").findValuesAsText("name")).containsExactly("Tiny & Söhne");
    assertThat(json.path("streams").findValuesAsText("stream")).contains("user", "tasks", "tags");
    assertThat(json.path("streams").findValuesAsText("status"))
        .contains("readable")
        .doesNotContain("failed");
    assertThat(directory.resolve("lakehouse")).doesNotExist();
    assertThat(ended.exitCode()).isEqualTo(json.path("exit_code").asInt());
  }

  @Test
  void checkSaysWhatIsWrongWithTheCatalog() {
    Ended ended =
        run(simulator.apiKey(), "check", "--set", "destination.catalog.warehouse=/proc/nowhere");
    assertThat(ended.exitCode()).isEqualTo(78);
    assertThat(ended.out()).contains("Catalog (hadoop): ", "/proc/nowhere");
  }

  @Test
  void aKeyThatIsRefusedIsNotAllowed() {
    for (String command : List.of("check", "browse users", "sync")) {
      Ended ended = run("wr0ng-key-value", command);
      assertThat(ended.exitCode()).as(command).isEqualTo(77);
      assertThat(ended.out() + ended.err()).doesNotContain("wr0ng-key-value");
    }
  }

  @Test
  void browseListsNamesAndIds() {
    assertThat(run(simulator.apiKey(), "browse workspaces").out()).contains("ID", "Tiny & Söhne");
    JsonNode items =
        run(simulator.apiKey(), "browse users --output json --workspace", "Tiny & Söhne")
            .json()
            .path("items");
    assertThat(items.findValuesAsText("id")).hasSize(items.size()).doesNotHaveDuplicates();
    Ended unknown = run(simulator.apiKey(), "browse clients --workspace nowhere");
    assertThat(unknown.exitCode()).isEqualTo(78);
    assertThat(unknown.err()).contains("'nowhere'");
  }
}
