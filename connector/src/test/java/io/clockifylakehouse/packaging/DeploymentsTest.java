// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.cli.CommandWords;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other files under docker/ say what the connector means, in the words of their tools. */
class DeploymentsTest {
  private static final Path DIRECTORY = Deployment.DIRECTORY;

  @TempDir private Path temporary;

  private record Ended(int exitCode, String out) {}

  /** Runs a tool; what it writes to either output is kept. */
  private Ended run(String... command) throws IOException, InterruptedException {
    Path out = temporary.resolve("tool.out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    return new Ended(process.waitFor(), Files.readString(out));
  }

  private static boolean present(String tool) {
    return Pattern.compile(":")
        .splitAsStream(System.getenv("PATH"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  @Test
  void theDockerfileMakesAnImageThatNeedsNothing() throws IOException {
    List<String> lines = Files.readAllLines(DIRECTORY.resolve("Dockerfile"));
    assertThat(lines.stream().filter(line -> line.startsWith("FROM "))).hasSize(2);
    assertThat(Deployment.instruction("USER")).matches("[1-9]\\d*:[1-9]\\d*");
    String version = Deployment.image().split(":")[1];
    assertThat(lines).contains("ARG VERSION=" + version, "CMD [\"--help\"]");
    assertThat(String.join("\n", lines))
        .contains("org.opencontainers.image.title=", "org.opencontainers.image.licenses=");
    assertThat(Image.entryPoint())
        .startsWith("/opt/clockify-lakehouse/runtime/bin/java")
        .endsWith("io.clockifylakehouse.cli.ClockifyLakehouse");
    for (String line : Files.readAllLines(Image.ROOT.resolve(".dockerignore"))) {
      if (line.startsWith("!")) {
        assertThat(Image.ROOT.resolve(line.substring(1))).exists();
      }
    }
  }

  @Test
  void composeRunsTheConnectorOnTheCatalogThatItStarts() throws IOException {
    JsonNode file = Deployment.documents(DIRECTORY.resolve("compose.yaml")).get(0);
    assertThat(fields(file)).isSubsetOf("name", "services", "configs", "volumes");
    JsonNode services = file.get("services");
    for (JsonNode service : services) {
      service
          .path("depends_on")
          .properties()
          .forEach(
              needed -> {
                assertThat(services.has(needed.getKey())).isTrue();
                assertThat(needed.getValue().get("condition").asText())
                    .isIn("service_started", "service_healthy", "service_completed_successfully");
              });
      for (JsonNode config : service.path("configs")) {
        assertThat(file.get("configs").has(config.get("source").asText())).isTrue();
      }
    }
    JsonNode connector = services.get("connector");
    List<String> words = Deployment.texts(connector.get("entrypoint"));
    int entry = Image.entryPoint().size();
    assertThat(words.subList(0, entry)).isEqualTo(Image.entryPoint());
    words.addAll(Deployment.texts(connector.get("command")));
    CommandWords.areTaken(words.subList(entry, words.size()));
    assertThat(words.get(entry))
        .isEqualTo("--config=" + connector.at("/configs/0/target").asText());
    assertThat(connector.get("image").asText()).isEqualTo(Deployment.image());
    assertThat(connector.get("user").asText()).isEqualTo(Deployment.instruction("USER"));
    assertThat(connector.get("read_only").asBoolean()).isTrue();
    assertThat(Deployment.texts(connector.get("tmpfs"))).containsExactly("/tmp", "/data");
    Deployment.configures(file.at("/configs/connector/content").asText(), temporary);
    assertThat(Files.readAllLines(DIRECTORY.resolve("connector.env")))
        .contains("CLOCKIFY_API_KEY=");
    // The tables that the reader asks for are the connector's.
    List<String> streams =
        StreamCatalog.packaged().streams().stream().map(StreamDefinition::name).toList();
    assertThat(
            Pattern.compile("lakehouse\\.clockify\\.(\\w+)")
                .matcher(services.at("/rows/command/0").asText())
                .results()
                .map(MatchResult::group)
                .map(table -> table.substring("lakehouse.clockify.".length())))
        .isNotEmpty()
        .isSubsetOf(streams);
  }

  /** The pod's parts by the model of Kubernetes, Argo's own by its field reference. */
  @Test
  void argoRetriesOnOneExitCodeAlone() throws IOException {
    JsonNode template =
        Deployment.documents(DIRECTORY.resolve("argo/workflowtemplate.yaml")).get(0);
    assertThat(template.get("apiVersion").asText()).isEqualTo("argoproj.io/v1alpha1");
    assertThat(template.get("kind").asText()).isEqualTo("WorkflowTemplate");
    JsonNode spec = template.get("spec");
    assertThat(fields(spec))
        .isSubsetOf(
            "entrypoint",
            "activeDeadlineSeconds",
            "securityContext",
            "arguments",
            "volumes",
            "templates");
    Deployment.isA(PodSecurityContext.class, spec.get("securityContext"));
    Deployment.isA(Volume[].class, spec.get("volumes"));
    JsonNode steps = spec.at("/templates/0");
    JsonNode sync = spec.at("/templates/1");
    assertThat(spec.get("entrypoint")).isEqualTo(steps.get("name"));
    assertThat(fields(steps)).isSubsetOf("name", "parallelism", "steps");
    assertThat(steps.at("/steps/0/0/template")).isEqualTo(sync.get("name"));
    assertThat(fields(sync)).isSubsetOf("name", "inputs", "outputs", "retryStrategy", "container");
    JsonNode retry = sync.get("retryStrategy");
    assertThat(fields(retry)).isSubsetOf("limit", "expression", "backoff");
    assertThat(retry.get("limit").isTextual()).isTrue();
    assertThat(retry.get("expression").asText())
        .isEqualTo("asInt(lastRetry.exitCode) == " + Deployment.AGAIN);
    JsonNode container = sync.get("container");
    Deployment.isA(Container.class, container);
    Deployment.isSafe(spec.get("securityContext"), container);
    Deployment.mounts(spec.get("volumes"), container);
    assertThat(Deployment.texts(container.get("command"))).isEqualTo(Image.entryPoint());
    assertThat(Deployment.texts(container.get("args")))
        .contains(
            "--result-file=" + sync.at("/outputs/parameters/0/valueFrom/path").asText(),
            "--workspace={{inputs.parameters.workspace}}");
  }

  private static Set<String> fields(JsonNode object) {
    Set<String> fields = new TreeSet<>();
    object.fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  @Test
  void systemdRestartsAfterOneExitCodeAlone() throws Exception {
    Path unit = DIRECTORY.resolve("systemd/clockify-sync.service");
    List<String> lines = Files.readAllLines(unit);
    List<String> words =
        CommandWords.of(
            lines.stream().filter(line -> line.startsWith("ExecStart=")).findFirst().orElseThrow());
    words.set(0, words.get(0).substring("ExecStart=".length()));
    int entry = Image.entryPoint().size();
    assertThat(words.subList(0, entry)).isEqualTo(Image.entryPoint());
    CommandWords.areTaken(words.subList(entry, words.size()));
    assertThat(lines).contains("RestartForceExitStatus=" + Deployment.AGAIN, "TimeoutStopSec=30s");
    assertThat(lines).noneMatch(line -> line.startsWith("Restart="));
    assumeTrue(present("systemd-analyze"), "NOT RUN: the units' syntax; it needs systemd-analyze");
    // It asks for the program, which is not installed here.
    String here =
        Files.readString(unit)
            .replace(words.get(0), Path.of(System.getProperty("java.home"), "bin/java").toString());
    Path copy = Files.writeString(temporary.resolve("clockify-sync.service"), here);
    Path timer =
        Files.copy(
            unit.resolveSibling("clockify-sync.timer"), temporary.resolve("clockify-sync.timer"));
    Ended verified = run("systemd-analyze", "verify", copy.toString(), timer.toString());
    assertThat(verified.out()).isEmpty();
    assertThat(verified.exitCode()).isZero();
  }

  private JsonNode loaded(String orchestrator, String file) throws Exception {
    assumeTrue(present("python3"), "NOT RUN: " + file + "; it needs python3");
    Path script = temporary.resolve("orchestrators.py");
    try (InputStream resource = getClass().getResourceAsStream("orchestrators.py")) {
      Files.copy(resource, script);
    }
    Ended ended =
        run("python3", "-B", script.toString(), orchestrator, DIRECTORY.resolve(file).toString());
    assertThat(ended.exitCode()).as(ended.out()).isZero();
    return new ObjectMapper().readTree(ended.out());
  }

  @Test
  void airflowRunsOnePodPerWorkspaceAndRetriesOnOneExitCodeAlone() throws Exception {
    JsonNode dag = loaded("airflow", "airflow/clockify_lakehouse.py");
    assertThat(dag.get("max_active_runs").asInt()).isEqualTo(1);
    assertThat(dag.get("arguments")).hasSize(2);
    assertThat(Deployment.texts(dag.at("/arguments/1")))
        .contains("--workspace=Two words", "--result-file=/airflow/xcom/return.json");
    for (JsonNode arguments : dag.get("arguments")) {
      CommandWords.areTaken(Deployment.texts(arguments));
    }
    JsonNode options = dag.get("options");
    assertThat(options.get("image").asText()).isEqualTo(Deployment.image());
    assertThat(
            options.at("/security_context/runAsUser").asText()
                + ":"
                + options.at("/security_context/runAsGroup").asText())
        .isEqualTo(Deployment.instruction("USER"));
    assertThat(options.at("/container_security_context/readOnlyRootFilesystem").asBoolean())
        .isTrue();
    Deployment.isA(PodSecurityContext.class, options.get("security_context"));
    dag.get("retried")
        .properties()
        .forEach(
            code -> {
              int exitCode = Integer.parseInt(code.getKey());
              boolean isFinal = Deployment.finalExitCodes().contains(exitCode);
              String expected = isFinal ? "never" : exitCode == 0 ? "done" : "yes";
              assertThat(code.getValue().asText()).as("exit code %s", exitCode).isEqualTo(expected);
            });
  }

  @Test
  void dagsterRunsTheChosenStreams() throws Exception {
    JsonNode definitions = loaded("dagster", "dagster/clockify_lakehouse.py");
    List<String> streams = Deployment.texts(definitions.get("streams"));
    assertThat(StreamCatalog.packaged().streams().stream().map(StreamDefinition::name))
        .containsAll(streams);
    JsonNode pod = definitions.get("pod");
    Deployment.isA(PodSpec.class, pod);
    Deployment.isSafe(pod.get("securityContext"), pod.at("/containers/0"));
    Deployment.mounts(pod.get("volumes"), pod.at("/containers/0"));
    assertThat(Deployment.texts(pod.at("/containers/0/args")))
        .containsAll(streams.stream().map(stream -> "--stream=" + stream).toList());
  }

  /** Files that are there, services that there are, words that the connector takes. */
  @Test
  void everyCommandOfTheReadmeCanBeTyped() throws IOException {
    List<String> commands = new ArrayList<>();
    boolean shell = false;
    for (String line : Files.readAllLines(DIRECTORY.resolve("README.md"))) {
      if (line.startsWith("```")) {
        shell = line.equals("```sh");
      } else if (shell) {
        commands.add(line);
      }
    }
    assertThat(commands).hasSizeGreaterThan(8);
    JsonNode services =
        Deployment.documents(DIRECTORY.resolve("compose.yaml")).get(0).get("services");
    for (String command : commands) {
      List<String> words = CommandWords.of(command);
      for (String word : words) {
        if (word.startsWith("docker/")) {
          assertThat(Image.ROOT.resolve(word)).as(command).exists();
        }
      }
      int image = words.indexOf(Deployment.image());
      if (command.startsWith("docker run ")) {
        CommandWords.areTaken(words.subList(image + 1, words.size()));
      } else if (command.contains("docker compose ")) {
        assertThat(services.has(words.get(words.size() - 1))).as(command).isTrue();
      } else {
        assertThat(Set.of("docker", "kubectl", "argo", "systemctl", "cp"))
            .as(command)
            .contains(words.get(0).split("/")[0]);
      }
    }
  }
}
