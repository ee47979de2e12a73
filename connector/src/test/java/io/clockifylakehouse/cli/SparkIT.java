// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Spark on the tables: reads, joins at one cut, travels in time, runs the views and does the
 * heavy maintenance, after which a sync is as exact as before. One story, told in order.
 */
@Tag("integration")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SparkIT {
  private static final Path VIEWS = Path.of("..", "schemas", "views");

  @TempDir private static Path directory;

  private static ClockifySimulator simulator;
  private static ReportFixture fixture;
  private static Spark spark;
  private static String firstCut;

  @BeforeAll
  static void start() throws IOException {
    Account account = Account.tiny(12).withWorkspaces(2).with("time_entries", 400);
    simulator = ClockifySimulator.start(account, SimulatorSettings.unlimited());
    fixture = new ReportFixture(directory);
    // An estimate that never starts anew, as the view has it.
    projects()
        .edit(
            projects().ids().get(0),
            project ->
                ((ObjectNode) project.get("timeEstimate"))
                    .put("estimate", "PT40H30M15S")
                    .put("active", true));
    fixture.sync(simulator);
    spark = Spark.start(directory.resolve("lakehouse"), directory.resolve("spark.log").toFile());
    spark.sql("USE clockify");
    firstCut =
        "sync-"
            + spark.sql("SELECT DISTINCT sync_id FROM sync_runs").get(0).get("sync_id").asText();
  }

  @AfterAll
  static void stop() {
    spark.close();
    simulator.close();
  }

  private static Records entries() {
    return simulator.world().workspaces().get(0).records("time_entries");
  }

  private static Records projects() {
    return simulator.world().workspaces().get(0).records("projects");
  }

  /** Length in seconds by id; without the timers that run. */
  private static Map<String, Long> lengths() {
    Map<String, Long> lengths = new TreeMap<>();
    for (Truth truth : simulator.truth("time_entries")) {
      JsonNode interval = truth.record().get("timeInterval");
      if (!interval.get("end").isNull()) {
        Duration length =
            Duration.between(
                Instant.parse(interval.get("start").asText()),
                Instant.parse(interval.get("end").asText()));
        lengths.put(truth.record().get("id").asText(), length.toSeconds());
      }
    }
    return lengths;
  }

  private static Map<String, Long> lengthsInSpark() throws IOException {
    Map<String, Long> lengths = new TreeMap<>();
    JsonNode rows = spark.sql("SELECT id, duration_seconds FROM time_entries WHERE NOT is_running");
    rows.forEach(row -> lengths.put(row.get("id").asText(), row.get("duration_seconds").asLong()));
    assertThat(lengths).hasSameSizeAs(rows);
    return lengths;
  }

  /** Stopped entries of a project, the latest first: those that every sync reads again. */
  private static List<String> recent() {
    String workspace = simulator.world().workspaces().get(0).id();
    return simulator.truth("time_entries").stream()
        .map(Truth::record)
        .filter(entry -> entry.get("workspaceId").asText().equals(workspace))
        .filter(entry -> entry.get("projectId").isTextual())
        .filter(entry -> !entry.at("/timeInterval/end").isNull())
        .sorted(Comparator.<JsonNode, Instant>comparing(SparkIT::start).reversed())
        .map(entry -> entry.get("id").asText())
        .toList();
  }

  private static Instant start(JsonNode entry) {
    return Instant.parse(entry.at("/timeInterval/start").asText());
  }

  /** Removes an entry, makes another an hour and a second long, and renames a project. */
  private static void change() {
    List<String> ids = recent();
    entries().remove(ids.get(0));
    entries()
        .edit(
            ids.get(1),
            entry -> {
              ObjectNode interval = (ObjectNode) entry.get("timeInterval");
              Instant start = start(entry);
              interval.put("end", start.plusSeconds(3601).toString()).put("duration", "PT1H1S");
            });
    projects().edit(projects().ids().get(0), project -> project.put("name", "Renamed"));
  }

  @Test
  @Order(1)
  void readsEveryTableAndAllOfThemAtOneTag() throws IOException {
    for (StreamDefinition stream : StreamCatalog.packaged().streams()) {
      for (String version : List.of("", " VERSION AS OF '" + firstCut + "'")) {
        assertThat(spark.number("SELECT count(*) AS n FROM " + stream.name() + version))
            .as(stream.name() + version)
            .isEqualTo(simulator.truth(stream.name()).size())
            .isPositive();
      }
    }
    assertThat(lengthsInSpark()).isEqualTo(lengths());
  }

  @Test
  @Order(2)
  void theViewsAndTheReportSayTheSameAsTheService() throws IOException {
    for (Path view : views()) {
      String name = view.getFileName().toString().replace(".sql", "");
      spark.sql("CREATE OR REPLACE TEMPORARY VIEW " + name + " AS\n" + Files.readString(view));
    }
    ReportFixture.Sums all =
        ReportFixture.expected(simulator, ZoneOffset.UTC, day -> true, entry -> true);
    for (String view :
        List.of("hours_by_project", "hours_by_client", "hours_by_user", "hours_by_week")) {
      assertThat(spark.number("SELECT sum(seconds) AS n FROM " + view)).isEqualTo(all.seconds());
      assertThat(spark.number("SELECT sum(entries) AS n FROM " + view)).isEqualTo(all.entries());
      assertThat(
              spark.number(
                  "SELECT CAST(round(sum(billable_hours) * 3600) AS bigint) AS n FROM " + view))
          .isEqualTo(all.billable());
    }
    JsonNode figures = fixture.json("--zone", "UTC");
    assertThat(ReportFixture.sums(figures.get("totals"))).isEqualTo(all);
    all.amounts()
        .forEach(
            (currency, amount) ->
                assertThat(
                        number(
                            "SELECT CAST(round(sum(minor_seconds) / 3600e0) AS bigint) AS n"
                                + " FROM billable_amount WHERE currency = '"
                                + currency
                                + "'"))
                    .isEqualTo(amount.unscaledValue().longValueExact()));
    assertThat(all.amounts()).isNotEmpty();
    for (JsonNode project : figures.get("projects")) {
      if (!project.get("id").isNull()) {
        assertThat(
                number(
                    "SELECT seconds AS n FROM hours_by_project WHERE project_id = '"
                        + project.get("id").asText()
                        + "' AND workspace_id = (SELECT id FROM workspaces WHERE name = '"
                        + project.get("workspace").asText()
                        + "')"))
            .isEqualTo(project.get("seconds").asLong());
      }
    }
    LocalDate monday = LocalDate.of(2026, 10, 12);
    assertThat(number("SELECT sum(seconds) AS n FROM hours_by_week WHERE week = DATE '2026-10-12'"))
        .isEqualTo(
            ReportFixture.expected(
                    simulator,
                    ZoneOffset.UTC,
                    day -> !day.isBefore(monday) && day.isBefore(monday.plusDays(7)),
                    entry -> true)
                .seconds())
        .isPositive();
    budgetsAndCapacity(figures);
  }

  private static void budgetsAndCapacity(JsonNode figures) throws IOException {
    int compared = 0;
    for (JsonNode budget : figures.get("budgets")) {
      if (budget.has("estimate_seconds") && budget.get("time_since").isNull()) {
        JsonNode row =
            spark
                .sql(
                    "SELECT estimate_seconds, used_seconds FROM budget_burn WHERE project_id = '"
                        + budget.get("id").asText()
                        + "'")
                .get(0);
        assertThat(row.get("estimate_seconds")).isEqualTo(budget.get("estimate_seconds"));
        assertThat(row.get("used_seconds").asLong()).isEqualTo(budget.get("used_seconds").asLong());
        compared++;
      }
    }
    assertThat(compared).isPositive();
    assertThat(number("SELECT sum(seconds) AS n FROM utilisation"))
        .isEqualTo(
            ReportFixture.expected(
                    simulator,
                    ZoneOffset.UTC,
                    day -> true,
                    entry -> entry.record().get("type").asText().equals("REGULAR"))
                .seconds());
    // PT7H and PT7H30M on five days.
    assertThat(
            spark
                .sql(
                    "SELECT DISTINCT capacity_seconds AS n FROM utilisation WHERE"
                        + " capacity_seconds IS NOT NULL ORDER BY n")
                .findValuesAsText("n"))
        .containsExactly("126000", "135000");
    assertThat(number("SELECT count(*) AS n FROM open_timers"))
        .isEqualTo(simulator.truth("time_entries_in_progress").size());
  }

  private static long number(String statement) {
    try {
      return spark.number(statement);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> views() throws IOException {
    try (java.util.stream.Stream<Path> files = Files.list(VIEWS)) {
      List<Path> views = files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
      assertThat(views).hasSize(8);
      return views;
    }
  }

  @Test
  @Order(3)
  void joinsAtOneCutAndTravelsInTime() throws IOException {
    Map<String, Long> before = lengths();
    String join =
        "SELECT count(*) AS n, sum(e.duration_seconds) AS seconds FROM time_entries VERSION AS OF"
            + " '%1$s' e JOIN projects VERSION AS OF '%1$s' p ON p.workspace_id = e.workspace_id"
            + " AND p.id = e.project_id WHERE p.name = '%2$s'";
    String renamed =
        spark
            .sql(
                "SELECT name FROM projects WHERE workspace_id = '"
                    + simulator.world().workspaces().get(0).id()
                    + "' AND id = '"
                    + projects().ids().get(0)
                    + "'")
            .get(0)
            .get("name")
            .asText();
    JsonNode joined = spark.sql(String.format(join, firstCut, renamed));

    change();
    fixture.sync(simulator);

    assertThat(lengths()).isNotEqualTo(before);
    assertThat(lengthsInSpark()).isEqualTo(lengths());
    assertThat(
            spark.number(
                "SELECT sum(duration_seconds) AS n FROM time_entries VERSION AS OF '"
                    + firstCut
                    + "'"))
        .isEqualTo(before.values().stream().mapToLong(Long::longValue).sum());
    assertThat(spark.sql(String.format(join, firstCut, renamed))).isEqualTo(joined);
    assertThat(joined.get(0).get("n").asLong()).isPositive();
    assertThat(spark.sql(String.format(join, firstCut, "Renamed")).get(0).get("n").asLong())
        .isZero();
  }

  @Test
  @Order(4)
  void itsMaintenanceLeavesTheNextSyncExact() throws IOException {
    Path data = directory.resolve("lakehouse/clockify/time_entries/data");
    Path orphan = Files.writeString(data.resolve("left-behind.parquet"), "nobody knows this file");
    Files.setLastModifiedTime(
        orphan,
        FileTime.from(Files.getLastModifiedTime(data).toInstant().minus(Duration.ofDays(9))));
    Map<String, Long> before = lengthsInSpark();

    JsonNode rewritten =
        spark.sql(
            "CALL lakehouse.system.rewrite_data_files(table => 'clockify.time_entries',"
                + " options => map('rewrite-all', 'true'))");
    assertThat(rewritten.get(0).get("rewritten_data_files_count").asLong()).isPositive();
    assertThat(lengthsInSpark()).isEqualTo(before);
    fixture.sync(simulator);
    assertThat(lengthsInSpark()).isEqualTo(before);

    JsonNode expired =
        spark.sql(
            "CALL lakehouse.system.expire_snapshots(table => 'clockify.time_entries',"
                + " older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 1)");
    assertThat(expired).hasSize(1);
    JsonNode removed =
        spark.sql(
            "CALL lakehouse.system.remove_orphan_files(table => 'clockify.time_entries',"
                + " older_than => TIMESTAMP '"
                + LocalDate.ofInstant(Files.getLastModifiedTime(data).toInstant(), ZoneOffset.UTC)
                    .minusDays(3)
                + " 00:00:00')");
    assertThat(removed.toString()).contains("left-behind.parquet");
    assertThat(orphan).doesNotExist();
    assertThat(removed).hasSize(1);

    change();
    fixture.sync(simulator);

    assertThat(lengths()).isNotEqualTo(before);
    assertThat(lengthsInSpark()).isEqualTo(lengths());
    assertThat(spark.number("SELECT count(DISTINCT id) AS n FROM time_entries"))
        .isEqualTo(simulator.truth("time_entries").size())
        .isEqualTo(spark.number("SELECT count(*) AS n FROM time_entries"));
    // A tag keeps what it names, whatever was expired.
    assertThat(
            spark.number("SELECT count(*) AS n FROM time_entries VERSION AS OF '" + firstCut + "'"))
        .isPositive();
  }
}
