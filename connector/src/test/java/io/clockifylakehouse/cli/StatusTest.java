// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code status} reads out of the tables, without a key and without a request. */
class StatusTest {
  @TempDir private Path directory;

  private Ended status(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "status",
                "--set",
                "destination.catalog.warehouse=" + directory.resolve("lakehouse")));
    arguments.addAll(List.of(options));
    return new CommandLineFixture(Map.of()).run(arguments.toArray(String[]::new));
  }

  private Ended sync(ClockifySimulator simulator, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--output", "json"));
    return CommandLineFixture.of(simulator, directory.resolve("lakehouse"))
        .run(arguments.toArray(String[]::new));
  }

  private static JsonNode stream(JsonNode json, String name, Optional<String> workspaceId) {
    return StreamSupport.stream(json.path("streams").spliterator(), false)
        .filter(node -> node.path("stream").asText().equals(name))
        .filter(
            node ->
                workspaceId.isEmpty()
                    || node.path("workspace_id").asText().equals(workspaceId.get()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tellsRowsRunsAndSnapshotsOfEveryStreamAndWorkspace() {
    Account account = Account.tiny(41).withWorkspaces(2).with("time_entries", 120);
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited())) {
      JsonNode synced = sync(simulator, "sync").json();
      int requests = simulator.log().size();

      JsonNode json = status("--output", "json").json();

      assertThat(simulator.log().size()).isEqualTo(requests);
      assertThat(json.path("streams")).hasSameSizeAs(synced.path("streams"));
      for (JsonNode result : synced.path("streams")) {
        Optional<String> workspaceId =
            Optional.of(result.path("workspace_id"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
        String name = result.path("stream").asText();
        JsonNode standing = stream(json, name, workspaceId);
        assertThat(standing.path("rows").asLong())
            .as("%s %s", name, workspaceId)
            .isEqualTo(result.path("rows").path("read").asLong());
        assertThat(standing.path("state").asText()).isEqualTo(result.path("status").asText());
        assertThat(standing.at("/last_sync/sync_id").asText())
            .isEqualTo(synced.path("sync_id").asText());
        assertThat(standing.path("snapshot_id").isIntegralNumber()).isTrue();
        assertThat(standing.path("age_seconds").asLong()).isBetween(0L, 600L);
      }
      JsonNode entries = stream(json, "time_entries", Optional.empty());
      assertThat(entries.path("oldest_full_pass").asText())
          .isEqualTo(entries.at("/last_sync/started_at").asText().replaceFirst("\\.\\d+Z", "Z"));
      assertThat(entries.path("backfill").isNull()).isTrue();
      String text = status().out();
      assertThat(text).contains("Tiny & Söhne", "Tiny & Söhne 2", "Above workspaces", "SNAPSHOT");
      assertThat(text.lines()).allMatch(line -> Display.width(line) <= 80);
      assertThat(text).doesNotContain("Never synced");
    }
  }

  @Test
  void softlyDeletedRowsDoNotCount() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(42), SimulatorSettings.unlimited())) {
      String[] soft = {"sync", "--stream=clients", "--set=sync.deletes=soft"};
      assertThat(sync(simulator, soft).exitCode()).isZero();
      long before = rows("clients");
      var clients = simulator.world().workspaces().get(0).records("clients");
      clients.remove(clients.ids().get(0));
      assertThat(sync(simulator, soft).exitCode()).isZero();
      assertThat(before).isPositive();
      assertThat(rows("clients")).isEqualTo(before - 1);
    }
  }

  private long rows(String stream) {
    JsonNode json = status("--output", "json", "--stream", stream).json();
    return stream(json, stream, Optional.empty()).path("rows").asLong();
  }

  @Test
  void nothingSyncedYetIsNoFailureAndNoTrace() {
    Ended ended = status();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("Nothing is synced yet", "./clockify-lakehouse sync");
    assertThat(directory.resolve("lakehouse")).doesNotExist();
    assertThat(status("--max-age", "P1D").exitCode()).isEqualTo(3);
  }

  @Test
  void whatWasLeftOutIsNeverSynced() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(43), SimulatorSettings.unlimited())) {
      sync(simulator, "sync", "--stream", "tags", "--stream", "workspaces");
      assertThat(status().out()).contains("Never synced: ");
      assertThat(status("--stream", "t*gs", "--max-age", "PT1H").exitCode()).isZero();
      Ended stale = status("--stream", "tags", "--stream", "clients", "--max-age", "PT1H");
      assertThat(stale.exitCode()).isEqualTo(3);
      assertThat(stale.out()).contains("stale (exit 3): clients of Tiny & Söhne is not as fresh");
      Ended unknown = status("--workspace", "nowhere");
      assertThat(unknown.exitCode()).isEqualTo(78);
      assertThat(unknown.err()).contains("'nowhere'", "run sync");
      Ended wrong = status("--max-age", "1h");
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.err()).contains("expected a duration above zero such as PT2H");
    }
  }

  @Test
  void aForbiddenStreamIsTooOldUnlessItIsToBeSkipped() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(
            Account.tiny(44).withPlan(Plan.FREE), SimulatorSettings.unlimited())) {
      assertThat(sync(simulator, "sync", "--stream", "policies").exitCode()).isEqualTo(3);
      Ended strict = status("--stream", "policies", "--max-age", "PT1H");
      assertThat(strict.exitCode()).isEqualTo(3);
      assertThat(strict.out()).contains("forbidden");
      assertThat(
              status("--stream=policies", "--max-age=PT1H", "--set=sync.on_forbidden=skip")
                  .exitCode())
          .isZero();
    }
  }
}
