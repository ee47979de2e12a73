// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.IcebergBuild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
  private final CommandLineFixture line = new CommandLineFixture(Map.of());
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          snc                    | Unmatched argument at index 0: 'snc'; did you mean sync?
          sync --ful             | Unknown option: '--ful'; did you mean --full?
          sync extra             | Unmatched argument at index 1: 'extra'
          sync --output xml      | Invalid value for option '--output': expected text, json, found 'xml'
          --log-level loud sync  | Invalid value for option '--log-level': expected error, warn, info, debug, trace, found 'loud'
          browse                 | Missing required parameter: 'WHAT'
          sync --config          | Missing required parameter for option '--config' (FILE)
          backfill               | Missing required option: '--from=DATE'
          demo --port x          | Invalid value for option '--port': 'x' is not an int
          """)
  void wrongUsageIsTwoLinesAndExitTwo(String arguments, String message) {
    Ended ended = line.run(arguments.split(" "));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines()).hasSize(2);
    assertThat(ended.err().lines().findFirst()).hasValue(message);
    assertThat(ended.err()).contains("Help: clockify-lakehouse");
  }

  @Test
  void nothingTypedIsWrongUsageWithHelp() {
    Ended ended = line.run();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith("Usage: clockify-lakehouse COMMAND");
  }

  static Stream<String> commands() {
    return Stream.concat(
        Stream.of(""), new CommandLine(new ClockifyLakehouse()).getSubcommands().keySet().stream());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpFitsEightyColumns(String command) {
    Ended ended = command.isEmpty() ? line.run("--help") : line.run(command, "--help");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).startsWith("Usage: clockify-lakehouse").contains("--result-file");
    assertThat(ended.out().lines()).allMatch(l -> l.length() <= 80);
    Ended asked = command.isEmpty() ? line.run("help") : line.run("help", command);
    assertThat(asked.exitCode()).isZero();
    assertThat(asked.out()).isEqualTo(ended.out());
  }

  @Test
  void helpOfNoCommandNamesTheNearest() {
    Ended ended = line.run("help", "pln");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("there is no command 'pln'; did you mean 'plan'?");
  }

  @Test
  void theTopHelpHasAnExampleAndTheExitCodes() {
    assertThat(line.run("--help").out())
        .contains("clockify-lakehouse demo", "Exit codes:")
        .containsPattern("0 .*75 ")
        .containsPattern("2 .*77 ")
        .containsPattern("3 .*78 ");
  }

  @Test
  void theVersionIsOneOfTheCommonOptions() {
    assertThat(line.run("sync", "--version").out())
        .startsWith("clockify-lakehouse ")
        .contains("Apache Iceberg " + IcebergBuild.version(), "Java " + Runtime.version());
  }

  @Test
  void aFailureIsOneLineOnStandardErrorAndAResultForMachines() throws IOException {
    Path file = directory.resolve("new/result.json");
    Ended ended =
        line.run(
            "sync", "--output", "json", "--result-file", file.toString(), "--set", "sync.delets=x");
    assertThat(ended.exitCode()).isEqualTo(78);
    assertThat(ended.err().lines()).singleElement().asString().contains("ERROR").contains("delets");
    JsonNode json = ended.json();
    assertThat(json.properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "command",
            "status",
            "exit_code",
            "started_at",
            "finished_at",
            "reason",
            "sync_id",
            "requests",
            "streams");
    assertThat(json.path("status").asText()).isEqualTo("failed");
    assertThat(json.path("exit_code").asInt()).isEqualTo(78);
    assertThat(json.path("reason").asText()).contains("did you mean 'deletes'?");
    assertThat(Files.readString(file)).isEqualTo(ended.out());
    assertThat(directory.resolve("new")).isDirectoryContaining("glob:**result.json");
    assertThat(Files.list(directory.resolve("new"))).hasSize(1);
  }

  @Test
  void theCommonOptionsMayStandBeforeTheCommand() {
    Ended ended = line.run("--output", "json", "--set", "destination.namespace=n", "discover");
    assertThat(ended.json().at("/streams/0/table").asText()).startsWith("n.");
  }

  @Test
  void aResultFileThatCannotBeWrittenFailsBeforeAnythingIsDone() {
    Ended ended = line.run("discover", "--result-file", directory.toString());
    assertThat(ended.exitCode()).isEqualTo(78);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("--result-file: '" + directory + "' cannot be written");
  }

  @Test
  void aResultFileIsReplacedWhole() throws IOException {
    Path file = Files.writeString(directory.resolve("r.json"), "x".repeat(100_000));
    line.run("spec", "--result-file", file.toString());
    assertThat(new ObjectMapper().readTree(Files.readString(file)))
        .isEqualTo(new ObjectMapper().readTree(Configuration.schema()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sync", "check", "browse clients", "plan", "backfill --from 2024-01-01"})
  void withoutAKeyThereIsAWayOutOfIt(String command) {
    Ended ended = line.run(command.split(" "));
    assertThat(ended.exitCode()).isEqualTo(78);
    assertThat(ended.err()).contains("CLOCKIFY_API_KEY is not set", "export", "demo");
    assertThat(ended.err().lines()).hasSize(1);
  }

  @Test
  void discoverNeedsNoKeyAndTellsEveryStream() {
    Ended ended = line.run("discover", "--output", "json");
    assertThat(ended.exitCode()).isZero();
    JsonNode streams = ended.json().path("streams");
    assertThat(streams.findValuesAsText("stream"))
        .isEqualTo(
            StreamCatalog.packaged().streams().stream().map(StreamDefinition::name).toList());
    for (JsonNode stream : streams) {
      for (String key :
          new String[] {
            "table", "endpoint", "parent", "key", "read_mode", "write_mode", "partitioning", "plan"
          }) {
        assertThat(stream.has(key)).as(key).isTrue();
      }
      assertThat(stream.path("columns")).isNotEmpty();
      for (JsonNode column : stream.path("columns")) {
        assertThat(column.path("type").asText()).isNotEmpty();
        assertThat(column.path("doc").asText()).isNotEmpty();
      }
    }
    String text = line.run("discover").out();
    assertThat(text.lines()).allMatch(l -> Display.width(l) <= 80);
    assertThat(text).contains("27 streams");
  }

  @Test
  void discoverShowsTheColumnsOfOneStream() {
    Ended ended = line.run("discover", "time_entries");
    assertThat(ended.out())
        .contains("clockify.time_entries", "started_at  timestamptz", "_synced_at", "_extra");
    Ended unknown = line.run("discover", "time_entry");
    assertThat(unknown.exitCode()).isEqualTo(78);
    assertThat(unknown.err()).contains("unknown stream 'time_entry'; did you mean 'time_entries'?");
  }

  @Test
  void specPrintsTheSchemaInBothForms() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(Configuration.schema());
    assertThat(line.run("spec").json()).isEqualTo(schema);
    assertThat(line.run("spec", "--output", "json").json()).isEqualTo(schema);
  }

  @Test
  void browseRefusesWhatHasNoNames() {
    Ended ended = new CommandLineFixture(Map.of("CLOCKIFY_API_KEY", "k1234")).run("browse", "usrs");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("cannot list 'usrs'; did you mean 'users'?");
  }
}
