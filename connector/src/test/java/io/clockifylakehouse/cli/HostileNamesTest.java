// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that would move the cursor, turn the text, climb up paths or end a query. */
class HostileNamesTest {
  private static final String NAME =
      "../../etc/\u001b]0;owned\u0007\u001b[2J\r\n\u202e\u2066\u009b31m'; DROP TABLE x;--<script>\u0000"
          + "x".repeat(10_000);

  @TempDir private Path directory;

  private Ended run(ClockifySimulator simulator, String... arguments) {
    return CommandLineFixture.of(simulator, directory.resolve("lakehouse")).run(arguments);
  }

  @Test
  void arriveExactlyInTablesAndJsonAndHarmlesslyOnTheTerminal() throws Exception {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(31), SimulatorSettings.unlimited())) {
      Workspace workspace = simulator.world().workspaces().get(0);
      workspace.edit(settings -> settings.put("name", NAME));
      for (String stream : List.of("clients", "projects", "tags")) {
        String id = workspace.records(stream).ids().get(0);
        workspace.records(stream).edit(id, record -> record.put("name", NAME));
      }
      Path result = directory.resolve("result.json");
      Ended sync = run(simulator, "sync", "--result-file", result.toString());
      assertThat(sync.exitCode()).as(sync.err()).isZero();
      assertHarmless(sync);
      for (String table : List.of("workspaces", "clients", "projects", "tags")) {
        assertThat(TableRows.read(directory.resolve("lakehouse"), table))
            .anyMatch(row -> NAME.equals(row.get("name")));
      }
      for (List<String> command :
          List.of(
              List.of("check"),
              List.of("browse", "workspaces"),
              List.of("browse", "clients"),
              List.of("plan"),
              List.of("status"),
              List.of("status", "--max-age", "PT0S"),
              List.of("sync", "--workspace", NAME),
              List.of("sync", "--workspace", NAME + NAME),
              List.of("browse", NAME),
              List.of("sync", "--stream", NAME),
              List.of("sync", "--set", NAME + "=1"),
              List.of("sync", "--log-level", "debug", "--workspace", NAME + NAME))) {
        assertHarmless(run(simulator, command.toArray(String[]::new)));
      }
      JsonNode browsed = run(simulator, "browse", "workspaces", "--output", "json").json();
      assertThat(browsed.path("items").findValuesAsText("name")).contains(NAME);
      JsonNode status = run(simulator, "status", "--output", "json").json();
      assertThat(status.path("streams").findValuesAsText("workspace")).contains(NAME);
      assertThat(Files.list(directory).map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("lakehouse", "result.json");
    }
  }

  private static void assertHarmless(Ended ended) {
    for (String text : List.of(ended.out(), ended.err())) {
      assertThat(text.lines()).allSatisfy(l -> assertThat(l).isEqualTo(Display.clean(l)));
      assertThat(text).doesNotContain("\r");
    }
  }
}
