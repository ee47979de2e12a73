// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.http.RateSettings;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code plan} announces, and what the sync after it sends. */
class PlanTest {
  private static final Account FIFTY_USERS =
      Account.tiny(31)
          .with("workspace_users", 50)
          .with("former_users", 5)
          .with("projects", 40)
          .with("time_entries", 9_000)
          .with("expenses", 5_200)
          .with("policies", 4);

  @TempDir private Path directory;

  private Ended run(ClockifySimulator simulator, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    for (String setting :
        List.of(
            "source.base_url=" + simulator.main(),
            "source.reports_url=" + simulator.reports(),
            "source.rate_limit={start: 400, max: 500}",
            "sync.on_forbidden=skip",
            "destination.catalog.warehouse=" + directory.resolve("lakehouse"))) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of("--output", "json"));
    Ended ended =
        new CommandLineFixture(Map.of("CLOCKIFY_API_KEY", simulator.apiKey()))
            .run(arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    return ended;
  }

  /** Plans a sync, runs it, and compares. */
  private JsonNode assertAnnounced(ClockifySimulator simulator, String... options) {
    List<String> plan = new ArrayList<>(List.of("plan"));
    plan.addAll(List.of(options));
    simulator.log().clear();
    JsonNode announced = run(simulator, plan.toArray(String[]::new)).json();
    assertThat(announced.path("spent").asLong()).isEqualTo(simulator.log().size()).isPositive();
    simulator.log().clear();
    plan.set(0, "sync");
    run(simulator, plan.toArray(String[]::new));
    assertThat(announced.path("requests").asInt())
        .as(announced.toPrettyString())
        .isCloseTo(simulator.log().size(), Percentage.withPercentage(5));
    long sum =
        StreamSupport.stream(announced.path("streams").spliterator(), false)
            .mapToLong(stream -> stream.path("requests").asLong())
            .sum();
    assertThat(announced.path("requests").asLong()).isEqualTo(sum);
    return announced;
  }

  @Test
  void announcesTheRequestsOfTheNextSync() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(FIFTY_USERS, SimulatorSettings.unlimited())) {
      run(simulator, "sync");
      JsonNode announced = assertAnnounced(simulator);
      assertThat(announced.path("spent").asInt()).isEqualTo(1);
      assertThat(announced.path("unsynced")).isEmpty();
      assertThat(announced.path("rate").asDouble()).isEqualTo(500);
      RateSettings rate = new RateSettings(400, 1, 500);
      assertThat(announced.path("seconds").asDouble())
          .isCloseTo(rate.seconds(announced.path("requests").asInt()), within(0.001));
      assertAnnounced(simulator, "--full");
      assertAnnounced(simulator, "--stream", "tasks", "--stream", "invoice_payments");
      assertAnnounced(simulator, "--stream", "time_entries");
    }
  }

  @Test
  void countsThePagesOfAPersonWithMoreEntriesThanOneHolds() {
    Account account =
        Account.tiny(32)
            .with("workspace_users", 2)
            .with("former_users", 0)
            .with("time_entries", 24_000);
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited())) {
      run(simulator, "sync", "--stream", "time_entries");
      JsonNode whole = run(simulator, "plan", "--full", "--stream", "time_entries").json();
      assertThat(requests(whole, "time_entries")).isBetween(5L, 7L);
    }
  }

  @Test
  void severalWorkspacesAndForbiddenStreams() {
    Account account = Account.tiny(33).withWorkspaces(3).withPlan(Plan.FREE);
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, SimulatorSettings.unlimited())) {
      run(simulator, "sync");
      JsonNode announced = assertAnnounced(simulator);
      assertThat(requests(announced, "policies")).isEqualTo(3);
      assertThat(requests(announced, "time_off_balances")).isZero();
      assertAnnounced(simulator, "--workspace", "Tiny & Söhne 2");
    }
  }

  @Test
  void beforeTheFirstSyncItReadsTheListsThatNameParents() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(FIFTY_USERS, SimulatorSettings.unlimited())) {
      JsonNode announced = run(simulator, "plan").json();
      assertThat(announced.path("spent").asInt()).isLessThan(10);
      assertThat(announced.path("unsynced")).isNotEmpty();
      assertThat(requests(announced, "tasks")).isEqualTo(40);
      assertThat(requests(announced, "member_profiles")).isEqualTo(50);
      assertThat(directory.resolve("lakehouse")).doesNotExist();
      assertAnnounced(simulator);
    }
  }

  private static long requests(JsonNode announced, String stream) {
    return StreamSupport.stream(announced.path("streams").spliterator(), false)
        .filter(node -> node.path("stream").asText().equals(stream))
        .mapToLong(node -> node.path("requests").asLong())
        .sum();
  }

  @Test
  void theTextSaysWhatItTook() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(34), SimulatorSettings.unlimited())) {
      Ended ended =
          new CommandLineFixture(Map.of("CLOCKIFY_API_KEY", simulator.apiKey()))
              .run(
                  "plan",
                  "--set=source.base_url=" + simulator.main(),
                  "--set=source.reports_url=" + simulator.reports(),
                  "--set=destination.catalog.warehouse=" + directory.resolve("lakehouse"));
      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(ended.out())
          .contains("The next sync: ", " s at up to 9.5 a second", "This plan took ");
      assertThat(ended.out().lines()).allMatch(line -> Display.width(line) <= 80);
    }
  }
}
