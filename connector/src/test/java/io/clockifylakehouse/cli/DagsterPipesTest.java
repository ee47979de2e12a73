// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Dagster is told of a run that it started, by its protocol Pipes, version 0.1. */
class DagsterPipesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  /** As Dagster's {@code encode_param} does it. */
  private static String encoded(String json) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream zlib = new DeflaterOutputStream(bytes)) {
      zlib.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static Map<String, String> environment(String messages, String assetKeys) {
    return Map.of(
        "DAGSTER_PIPES_CONTEXT",
        encoded("{\"data\": {\"asset_keys\": " + assetKeys + ", \"run_id\": \"r\"}}"),
        "DAGSTER_PIPES_MESSAGES",
        encoded(messages));
  }

  private CommandLineFixture.Ended demo(Map<String, String> environment, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("demo", "--set", "sync.streams=[clients, tags]", "--set"));
    arguments.add("destination.catalog.warehouse=" + directory.resolve("lakehouse"));
    arguments.addAll(List.of(more));
    return new CommandLineFixture(environment).run(arguments.toArray(String[]::new));
  }

  private static List<JsonNode> messages(List<String> lines) throws IOException {
    List<JsonNode> messages = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("{")) {
        JsonNode message = JSON.readTree(line);
        if (message.has("__dagster_pipes_version")) {
          assertThat(message.get("__dagster_pipes_version").asText()).isEqualTo("0.1");
          assertThat(message.get("params").isObject()).isTrue();
          messages.add(message);
        }
      }
    }
    return messages;
  }

  private static List<String> methods(List<JsonNode> messages) {
    return messages.stream().map(message -> message.get("method").asText()).toList();
  }

  @Test
  void everyAssetNamedAfterAStreamIsMaterialized() throws IOException {
    Path file = directory.resolve("messages");
    CommandLineFixture.Ended ended =
        demo(
            environment(
                "{\"path\": \"" + file + "\"}",
                "[\"clockify/clients\", \"tags\", \"projects\", \"a\\\\/tags\"]"));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    List<JsonNode> messages = messages(Files.readAllLines(file));
    String report = "report_asset_materialization";
    assertThat(methods(messages)).containsExactly("opened", "log", report, report, "closed");
    assertThat(messages.get(0)).isEqualTo(parsed("opened", "{\"extras\": {}}"));
    JsonNode clients = messages.get(2).get("params");
    assertThat(clients.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("asset_key", "data_version", "metadata");
    assertThat(clients.get("asset_key").asText()).isEqualTo("clockify/clients");
    assertThat(clients.get("metadata").get("rows_added"))
        .isEqualTo(JSON.readTree("{\"raw_value\": 36, \"type\": \"int\"}"));
    assertThat(clients.get("metadata").get("location"))
        .isEqualTo(
            JSON.readTree(
                "{\"type\": \"path\", \"raw_value\": \""
                    + directory.resolve("lakehouse/clockify/clients")
                    + "\"}"));
    assertThat(messages.get(3).get("params").get("asset_key").asText()).isEqualTo("tags");
    assertThat(messages.get(4)).isEqualTo(parsed("closed", "{}"));
  }

  private static JsonNode parsed(String method, String parameters) throws IOException {
    return JSON.readTree(
        "{\"__dagster_pipes_version\": \"0.1\", \"method\": \""
            + method
            + "\", \"params\": "
            + parameters
            + "}");
  }

  @ParameterizedTest
  @CsvSource({"stdio, stderr", "stdio, stdout", "buffered_stdio, stderr"})
  void oneAssetOfAnyNameIsTheWholeRun(String key, String stream) throws IOException {
    CommandLineFixture.Ended ended =
        demo(environment("{\"" + key + "\": \"" + stream + "\"}", "[\"clockify\"]"));
    List<JsonNode> messages =
        messages((stream.equals("stderr") ? ended.err() : ended.out()).lines().toList());
    assertThat(methods(messages))
        .containsExactly("opened", "log", "report_asset_materialization", "closed");
    JsonNode metadata = messages.get(2).get("params").get("metadata");
    assertThat(metadata.get("rows_added").get("raw_value").asLong()).isGreaterThan(36);
    assertThat(metadata.has("location")).isFalse();
  }

  @Test
  void aFailureClosesWithItsReason() throws IOException {
    Path file = directory.resolve("messages");
    Map<String, String> environment =
        environment("{\"path\": \"" + file + "\"}", "[\"clockify/clients\"]");
    assertThat(demo(environment, "--set", "source.workspaces=[Nowhere]").exitCode()).isNotZero();
    assertThat(demo(environment, "--set", "sync.deletes=perhaps").exitCode()).isEqualTo(78);
    List<JsonNode> messages = messages(Files.readAllLines(file));
    assertThat(methods(messages))
        .doesNotContain("report_asset_materialization")
        .endsWith("opened", "closed");
    assertThat(
            messages.stream()
                .filter(message -> message.get("method").asText().equals("closed"))
                .map(message -> message.at("/params/exception/message").asText()))
        .satisfiesExactly(
            first -> assertThat(first).contains("Nowhere"),
            second -> assertThat(second).contains("sync.deletes"));
  }

  @Test
  void noCollectorIsToldASecret() throws IOException {
    Path file = directory.resolve("messages");
    Path lineage = directory.resolve("lineage");
    String secret = "s3cr3t-of-lineage";
    CommandLineFixture.Ended ended =
        demo(
            environment("{\"path\": \"" + file + "\"}", "[\"clockify/clients\"]"),
            "--set",
            "observability.openlineage.file=" + lineage,
            "--set",
            "observability.openlineage.api_key=" + secret,
            "--set",
            "source.workspaces=[" + secret + "]"); // a reason that quotes it
    assertThat(ended.exitCode()).isNotZero();
    assertThat(Files.readString(file)).contains("***").doesNotContain(secret);
    assertThat(Files.readString(lineage)).contains("***").doesNotContain(secret);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"path\": \"/proc/none/messages\"} | messages to Dagster",
        "{\"bucket\": \"b\"} | use a reader of files or pod logs",
        "[] | use a reader of files or pod logs"
      })
  void aBrokenPipeIsAWarningAndNoMore(String messages, String warning) {
    CommandLineFixture.Ended ended = demo(environment(messages, "[\"clockify/clients\"]"));
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).contains(warning, "the run goes on without");
    CommandLineFixture.Ended garbled =
        demo(Map.of("DAGSTER_PIPES_CONTEXT", "%", "DAGSTER_PIPES_MESSAGES", "%"));
    assertThat(garbled.exitCode()).isZero();
    assertThat(garbled.err()).contains("DAGSTER_PIPES_CONTEXT", "the run goes on without");
  }
}
