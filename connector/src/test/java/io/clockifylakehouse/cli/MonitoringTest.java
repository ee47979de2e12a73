// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.sun.net.httpserver.HttpServer;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What collectors are told of a run, and that the run does not depend on them. */
class MonitoringTest {
  /** Knows the fields of the specification, and takes no other: not even as a further facet. */
  private static final JsonMapper SPECIFICATION =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(com.fasterxml.jackson.databind.introspect.Annotated a) {
                  return Boolean.FALSE;
                }

                @Override
                public boolean hasIgnoreMarker(AnnotatedMember member) {
                  return false;
                }
              })
          .build();

  private record Post(String path, String authorization, String body) {}

  @TempDir private Path directory;
  private HttpServer collector;
  private final ConcurrentLinkedQueue<Post> posts = new ConcurrentLinkedQueue<>();
  private int answer = 200;

  @BeforeEach
  void serve() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          posts.add(
              new Post(
                  exchange.getRequestURI().getPath(),
                  exchange.getRequestHeaders().getFirst("Authorization"),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private CommandLineFixture.Ended demo(String... more) {
    List<String> arguments = new ArrayList<>(List.of("demo", "--set", "sync.streams=[clients]"));
    arguments.add("--set");
    arguments.add("destination.catalog.warehouse=" + directory.resolve("lakehouse"));
    arguments.addAll(List.of(more));
    return new CommandLineFixture(Map.of()).run(arguments.toArray(String[]::new));
  }

  private String collectorAddress() {
    return "http://127.0.0.1:" + collector.getAddress().getPort();
  }

  @Test
  void metricsOfARunStandInTheFile() throws IOException {
    Path file = directory.resolve("textfile/clockify.prom");
    assertThat(demo("--metrics-file", file.toString()).exitCode()).isZero();
    assertThat(Files.readString(file))
        .contains("# TYPE clockify_sync_rows_total counter\n")
        .contains("clockify_sync_exit_code{command=\"demo\"} 0.0\n")
        .containsPattern("clockify_sync_last_success_timestamp_seconds\\{command=\"demo\"} 1\\.")
        .containsPattern("clockify_sync_requests_total\\{command=\"demo\",kind=\"sent\"} [1-9]")
        .containsPattern(
            "clockify_sync_rows_total\\{op=\"added\",stream=\"clients\",workspace_id=\"\\w+\"} 24.0")
        .containsPattern(
            "clockify_sync_stream_success\\{stream=\"clients\",workspace_id=\"\\w+\"} 1");
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void theLastSuccessOutlivesAFailureBeforeAnythingIsRead() throws IOException {
    Path file = directory.resolve("clockify.prom");
    demo("--metrics-file", file.toString());
    String success = lastSuccess(file);
    CommandLineFixture.Ended failed =
        new CommandLineFixture(Map.of()).run("sync", "--metrics-file", file.toString());
    assertThat(failed.exitCode()).isEqualTo(78);
    assertThat(Files.readString(file)).contains("clockify_sync_exit_code{command=\"sync\"} 78.0\n");
    assertThat(lastSuccess(file)).isEqualTo(success);
  }

  private static String lastSuccess(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("clockify_sync_last_success_timestamp_seconds{"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void pushesToTheGroupOfTheCommandOrTheUsersOwn() {
    demo("--set", "observability.push_url=" + collectorAddress());
    demo("--set", "observability.push_url=" + collectorAddress() + "/metrics/job/mine/shard/1");
    assertThat(posts)
        .extracting(Post::path)
        .containsExactly(
            "/metrics/job/clockify_lakehouse/command/demo", "/metrics/job/mine/shard/1");
    assertThat(posts).allMatch(post -> post.body().contains("clockify_sync_exit_code{"));
  }

  @Test
  void lineageBeginsAndCompletesInTheWordsOfTheSpecification() throws IOException {
    Path file = directory.resolve("lineage.jsonl");
    CommandLineFixture.Ended ended =
        demo(
            "--set",
            "observability.openlineage.file=" + file,
            "--set",
            "observability.openlineage.url=" + collectorAddress() + "/api/v1/lineage",
            "--set",
            "observability.openlineage.api_key=s3cr3t-of-lineage");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).doesNotContain("s3cr3t-of-lineage");
    List<String> lines = Files.readAllLines(file);
    assertThat(posts).extracting(Post::body).containsExactlyElementsOf(lines);
    assertThat(posts).extracting(Post::authorization).containsOnly("Bearer s3cr3t-of-lineage");
    assertThat(lines).hasSize(2);
    OpenLineage.RunEvent start = SPECIFICATION.readValue(lines.get(0), OpenLineage.RunEvent.class);
    OpenLineage.RunEvent end = SPECIFICATION.readValue(lines.get(1), OpenLineage.RunEvent.class);
    assertThat(start.getEventType()).isEqualTo(EventType.START);
    assertThat(end.getEventType()).isEqualTo(EventType.COMPLETE);
    assertThat(end.getRun().getRunId()).isEqualTo(start.getRun().getRunId());
    assertThat(end.getJob().getName()).isEqualTo("clockify.demo");
    assertThat(end.getJob().getFacets().getJobType().getProcessingType()).isEqualTo("BATCH");
    OpenLineage.OutputDataset table =
        end.getOutputs().stream()
            .filter(output -> output.getName().endsWith("/clockify/clients"))
            .findFirst()
            .orElseThrow();
    assertThat(table.getNamespace()).isEqualTo("file");
    assertThat(table.getOutputFacets().getOutputStatistics().getRowCount()).isEqualTo(36);
    assertThat(table.getFacets().getSchema().getFields())
        .extracting(OpenLineage.SchemaDatasetFacetFields::getName)
        .contains("id", "name", "workspace_id", "_extra");
    assertThat(end.getInputs())
        .extracting(OpenLineage.InputDataset::getName)
        .anyMatch(name -> name.endsWith("/workspaces/{workspaces.id}/clients"));
  }

  @Test
  void aRunThatFailsSaysWhyInItsLineage() throws IOException {
    Path file = directory.resolve("lineage.jsonl");
    demo(
        "--set",
        "observability.openlineage.file=" + file,
        "--set",
        "source.workspaces=[0123456789abcdef01234567]");
    List<String> lines = Files.readAllLines(file);
    OpenLineage.RunEvent end =
        SPECIFICATION.readValue(lines.get(lines.size() - 1), OpenLineage.RunEvent.class);
    assertThat(end.getEventType()).isEqualTo(EventType.FAIL);
    assertThat(end.getRun().getFacets().getErrorMessage().getMessage())
        .contains("0123456789abcdef01234567");
  }

  @Test
  void everyLineOfAJsonLogIsAnObjectWithWhatBelongsToIt() throws IOException {
    CommandLineFixture.Ended ended =
        demo("--log-format", "json", "--set", "observability.push_url=http://127.0.0.1:1");
    assertThat(ended.exitCode()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : ended.err().lines().toList()) {
      lines.add(SPECIFICATION.readTree(line));
    }
    assertThat(lines)
        .allMatch(line -> line.path("timestamp").asText().endsWith("Z"))
        .allMatch(line -> !line.path("message").asText().isEmpty())
        .anyMatch(
            line ->
                line.path("message").asText().equals("stream ended")
                    && line.path("stream").asText().equals("clients")
                    && line.path("status").asText().equals("ok")
                    && line.path("rows").asLong() == 24)
        .anyMatch(
            line ->
                line.path("level").asText().equals("WARN")
                    && line.path("message").asText().contains("http://127.0.0.1:1"));
  }

  @Test
  void aBrokenCollectorIsAWarningAndNoMore() throws IOException {
    answer = 500;
    Path notADirectory = Files.writeString(directory.resolve("file"), "");
    CommandLineFixture.Ended ended =
        demo(
            "--metrics-file",
            notADirectory.resolve("clockify.prom").toString(),
            "--set",
            "observability.push_url=http://127.0.0.1:1",
            "--set",
            "observability.openlineage.url=" + collectorAddress(),
            "--set",
            "observability.openlineage.file=" + notADirectory.resolve("lineage.jsonl"));
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err().lines().filter(line -> line.contains(" WARN ")))
        .hasSize(6)
        .allMatch(line -> line.endsWith("; the run goes on without"))
        .anyMatch(line -> line.contains("answered 500"))
        .anyMatch(line -> line.contains("127.0.0.1:1: ConnectException"));
  }
}
