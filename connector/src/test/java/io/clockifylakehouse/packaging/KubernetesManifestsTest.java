// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests are Kubernetes's, by its own model, and say what the connector means. */
class KubernetesManifestsTest {
  private static final Path DIRECTORY = Deployment.DIRECTORY.resolve("kubernetes");
  private static final Map<String, Class<?>> MODELS =
      Map.of(
          "batch/v1 CronJob", CronJob.class,
          "batch/v1 Job", Job.class,
          "v1 ConfigMap", ConfigMap.class);

  @TempDir private Path temporary;

  static List<JsonNode> manifests() throws IOException {
    List<JsonNode> manifests = new ArrayList<>();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.sorted().toList()) {
        manifests.addAll(Deployment.documents(file));
      }
    }
    return manifests;
  }

  static List<JsonNode> jobSpecs() throws IOException {
    List<JsonNode> specs = new ArrayList<>();
    for (JsonNode manifest : manifests()) {
      switch (manifest.get("kind").asText()) {
        case "CronJob" -> specs.add(manifest.at("/spec/jobTemplate/spec"));
        case "Job" -> specs.add(manifest.get("spec"));
        default -> assertThat(manifest.has("data")).isTrue();
      }
    }
    return specs;
  }

  private static JsonNode named(String name) throws IOException {
    return manifests().stream()
        .filter(manifest -> !manifest.get("kind").asText().equals("ConfigMap"))
        .filter(manifest -> manifest.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void kubernetesKnowsEveryField() throws IOException {
    assertThat(manifests()).hasSize(5);
    for (JsonNode manifest : manifests()) {
      String kind = manifest.get("apiVersion").asText() + " " + manifest.get("kind").asText();
      Deployment.isA(MODELS.get(kind), manifest);
    }
  }

  @ParameterizedTest
  @MethodSource("jobSpecs")
  void aPodRunsAsTheImageIsMeantTo(JsonNode job) throws IOException {
    JsonNode pod = job.at("/template/spec");
    assertThat(pod.get("containers")).hasSize(1);
    Deployment.isSafe(pod.get("securityContext"), pod.at("/containers/0"));
    Deployment.mounts(pod.get("volumes"), pod.at("/containers/0"));
    assertThat(pod.get("automountServiceAccountToken").asBoolean()).isFalse();
    // The run ends within 20 seconds of the signal.
    assertThat(pod.get("terminationGracePeriodSeconds").asInt()).isGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("jobSpecs")
  void theExitCodeDecidesWhetherToTryAgain(JsonNode job) {
    JsonNode pod = job.at("/template/spec");
    assertThat(pod.get("restartPolicy").asText()).isEqualTo("Never"); // or no policy is allowed
    JsonNode rules = job.at("/podFailurePolicy/rules");
    JsonNode stop = rules.get(0);
    boolean indexed = job.has("backoffLimitPerIndex");
    assertThat(stop.get("action").asText()).isEqualTo(indexed ? "FailIndex" : "FailJob");
    assertThat(exitCodes(stop)).isEqualTo(Deployment.finalExitCodes());
    assertThat(rules.get(1).get("action").asText()).isEqualTo("Ignore");
    assertThat(rules.get(1).at("/onPodConditions/0/type").asText()).isEqualTo("DisruptionTarget");
    assertThat(rules.get(2).get("action").asText()).isEqualTo("Count");
    assertThat(exitCodes(rules.get(2))).containsExactly(Deployment.AGAIN);
    for (int rule : List.of(0, 2)) {
      assertThat(rules.get(rule).at("/onExitCodes/containerName"))
          .isEqualTo(pod.at("/containers/0/name"));
    }
  }

  private static TreeSet<Integer> exitCodes(JsonNode rule) {
    TreeSet<Integer> codes = new TreeSet<>();
    rule.at("/onExitCodes/values").forEach(code -> codes.add(code.asInt()));
    return codes;
  }

  @Test
  void oneScheduledRunAtATime() throws IOException {
    JsonNode cron = named("clockify-sync").get("spec");
    assertThat(cron.get("concurrencyPolicy").asText()).isEqualTo("Forbid");
    assertThat(cron.get("schedule").asText()).isEqualTo("7 * * * *");
  }

  @Test
  void everyConfigurationIsTaken() throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode manifest : manifests()) {
      if (manifest.has("data")) {
        names.add(manifest.at("/metadata/name").asText());
        for (JsonNode yaml : manifest.get("data")) {
          Deployment.configures(yaml.asText(), temporary);
          assertThat(yaml.asText()).contains("/run/secrets/clockify/api_key");
        }
      }
    }
    for (JsonNode job : jobSpecs()) {
      for (JsonNode volume : job.at("/template/spec/volumes")) {
        if (volume.has("configMap")) {
          assertThat(names).contains(volume.at("/configMap/name").asText());
        }
      }
    }
  }

  @Test
  void everyIndexHasItsFile() throws IOException {
    JsonNode job = named("clockify-workspaces").get("spec");
    JsonNode files = Deployment.documents(DIRECTORY.resolve("workspaces-job.yaml")).get(0);
    assertThat(job.get("completionMode").asText()).isEqualTo("Indexed");
    int completions = job.get("completions").asInt();
    assertThat(job.get("maxFailedIndexes").asInt()).isLessThanOrEqualTo(completions);
    String argument =
        Deployment.texts(job.at("/template/spec/containers/0/args")).stream()
            .filter(word -> word.startsWith("--config="))
            .findFirst()
            .orElseThrow();
    List<String> read = new ArrayList<>();
    for (int index = 0; index < completions; index++) {
      read.add(
          Path.of(argument.replace("$(JOB_COMPLETION_INDEX)", String.valueOf(index)))
              .getFileName()
              .toString());
    }
    assertThat(files.get("data").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(read);
  }
}
