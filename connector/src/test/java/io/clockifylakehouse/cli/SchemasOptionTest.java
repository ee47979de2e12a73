// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stream files of a user's own, from outside of the build. */
class SchemasOptionTest {
  private static final String BALANCES =
      """
      stream: balances_by_user
      doc: Time-off balances of each person.
      plan: STANDARD
      feature: TIME_OFF
      endpoint:
        path: /workspaces/{workspaces.id}/time-off/balance/user/{workspace_users.id}
        records: balances
        paging: {max: 200}
      key: [id]
      fields:
        id: {type: string, doc: Id of the balance.}
        policyName: {type: string, doc: Name of the policy.}
        balance: {type: double, doc: Time that is left.}
      example: {id: "5b715448b079875110792222", policyName: Days, balance: 1.5}
      """;

  @TempDir private Path directory;
  private Path schemas;
  private ClockifySimulator simulator;

  @BeforeEach
  void start() throws IOException {
    schemas = directory.resolve("schemas");
    Path packaged = Path.of("..", "schemas");
    Files.createDirectories(schemas.resolve("streams"));
    try (Stream<Path> files = Files.walk(packaged)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        Files.copy(file, schemas.resolve(packaged.relativize(file).toString()));
      }
    }
    simulator =
        ClockifySimulator.start(Account.tiny(52).withPlan(Plan.PRO), SimulatorSettings.unlimited());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void oneFileAddsAStream() throws IOException {
    Files.writeString(schemas.resolve("streams/balances_by_user.yaml"), BALANCES);
    assertThat(run("discover", "balances_by_user").out()).contains("policy_name");
    assertThat(run("check").out()).contains("balances_by_user");
    Ended synced = run("sync", "--stream", "balances_by_user", "--stream", "time_off_balances");
    assertThat(synced.exitCode()).as(synced.err() + synced.out()).isZero();
    assertThat(ids("balances_by_user")).isNotEmpty().isEqualTo(ids("time_off_balances"));
    assertThat(run("status").out()).contains("balances_by_user");
    assertThat(run("plan", "--stream", "balances_by_user").exitCode()).isZero();
  }

  @Test
  void aNewFieldOfAStreamBecomesAColumnAndAnImpossibleChangeTouchesNothing() throws IOException {
    assertThat(run("sync", "--stream", "tags").exitCode()).isZero();
    Path tags = schemas.resolve("streams/tags.yaml");
    String before = Files.readString(tags);
    Files.writeString(
        tags, before.replace("fields:\n", "fields:\n  hue: {type: int, doc: Hue.}\n"));
    assertThat(run("sync", "--stream", "tags").exitCode()).isZero();
    assertThat(TableRows.read(lakehouse(), "tags").get(0)).containsEntry("hue", null);

    Files.writeString(
        tags, before.replace("fields:\n", "fields:\n  hue: {type: string, doc: Hue.}\n"));
    Set<Path> files = files();
    Ended refused = run("sync", "--stream", "tags", "--stream", "clients");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.out().replaceAll("\\s+", " "))
        .contains("column hue is int and the stream's is string; rename that table");
    assertThat(files()).as("nothing was written").isEqualTo(files);
  }

  @Test
  void faultsAreNamedWithTheirFileAndPath() throws IOException {
    Files.writeString(
        schemas.resolve("streams/balances_by_user.yaml"), BALANCES.replace("key:", "keys:"));
    Ended ended = run("sync");
    assertThat(ended.exitCode()).isEqualTo(78);
    assertThat(ended.err()).contains("streams/balances_by_user.yaml").contains("keys");
    schemas = directory.resolve("nowhere");
    assertThat(run("discover").exitCode()).isEqualTo(78);
    assertThat(run("discover").err()).contains("nowhere", "should hold clockify.yaml");
  }

  @Test
  void checkNamesTheOtherRegionsWhenARegionRefusesTheKey() throws IOException {
    Path api = schemas.resolve("clockify.yaml");
    String regional = Files.readString(api).replace("https://euc1.clockify.me/", service());
    Files.writeString(api, regional);
    List<String> command = List.of("check", "--set", "source.region=eu", "--schemas");
    Ended refused =
        new CommandLineFixture(Map.of("CLOCKIFY_API_KEY", "a-key-of-another-region"))
            .run(Stream.concat(command.stream(), Stream.of("" + schemas)).toArray(String[]::new));
    assertThat(refused.exitCode()).isEqualTo(77);
    assertThat(refused.err())
        .contains("asked of region eu", "another (global, us, uk, au)", "set source.region");
  }

  private String service() {
    return simulator.main().resolve("/").toString();
  }

  private Set<Object> ids(String table) {
    return TableRows.read(lakehouse(), table).stream()
        .map(row -> row.get("id"))
        .collect(Collectors.toSet());
  }

  private Set<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(lakehouse())) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.toString().contains("lock"))
          .collect(Collectors.toSet());
    }
  }

  private Path lakehouse() {
    return directory.resolve("lakehouse");
  }

  private Ended run(String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--schemas", schemas.toString()));
    return CommandLineFixture.of(simulator, lakehouse()).run(arguments.toArray(String[]::new));
  }
}
