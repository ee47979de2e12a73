// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.clockifylakehouse.cli.CommandWords;
import io.clockifylakehouse.config.ConfigurationReader;
import io.clockifylakehouse.config.Redaction;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What all files under docker/ are held to, each from the place where it is known. */
final class Deployment {
  static final Path DIRECTORY = Image.ROOT.resolve("docker");
  static final int AGAIN = ErrorCode.INTERRUPTED.exitCode();

  /** Knows the fields of a model, and takes no other. */
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return Boolean.FALSE;
                }
              })
          .build();

  private Deployment() {}

  /** The documents of a YAML file. */
  static List<JsonNode> documents(Path file) throws IOException {
    return new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll();
  }

  /** Fails when the model of Kubernetes does not know a field, or knows it with another type. */
  static void isA(Class<?> model, JsonNode node) {
    assertThatCode(() -> STRICT.treeToValue(node, model)).doesNotThrowAnyException();
  }

  /** Fails unless it is a configuration that the connector takes. */
  static void configures(String yaml, Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("connector.yaml"), yaml);
    ConfigurationReader reader =
        new ConfigurationReader(
            Map.of("CLOCKIFY_API_KEY", "key"),
            StreamCatalog.packaged().api().regions(),
            new Redaction());
    assertThatCode(() -> reader.read(Optional.of(file), List.of())).doesNotThrowAnyException();
  }

  /** The exit codes that no repetition mends. */
  static SortedSet<Integer> finalExitCodes() {
    SortedSet<Integer> codes = new TreeSet<>();
    for (ErrorCode code : ErrorCode.values()) {
      codes.add(code.exitCode());
    }
    codes.removeAll(List.of(0, AGAIN));
    return codes;
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  static String image() throws IOException {
    String version =
        Files.readString(Image.ROOT.resolve("pom.xml"))
            .split("<version>")[1]
            .split("</version>")[0];
    return "clockify-lakehouse:" + version;
  }

  /** The instruction of the Dockerfile, the last of that name. */
  static String instruction(String name) throws IOException {
    return Files.readAllLines(DIRECTORY.resolve("Dockerfile")).stream()
        .filter(line -> line.startsWith(name + " "))
        .reduce((first, last) -> last)
        .orElseThrow()
        .substring(name.length() + 1);
  }

  /** A container that runs the connector as the image is meant to be run. */
  static void isSafe(JsonNode podContext, JsonNode container) throws IOException {
    String user = instruction("USER").split(":")[0];
    assertThat(podContext.get("runAsNonRoot").asBoolean()).isTrue();
    assertThat(podContext.get("runAsUser").asText()).isEqualTo(user);
    assertThat(podContext.get("fsGroup").asText()).isEqualTo(user);
    JsonNode context = container.get("securityContext");
    assertThat(context.get("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(context.get("allowPrivilegeEscalation").asBoolean()).isFalse();
    assertThat(texts(context.at("/capabilities/drop"))).containsExactly("ALL");
    assertThat(container.get("image").asText()).isEqualTo(image());
    assertThat(container.at("/resources/limits/memory"))
        .isEqualTo(container.at("/resources/requests/memory"));
    CommandWords.areTaken(texts(container.get("args")));
  }

  /** Every mount has its volume, every volume is mounted, and what is written can be. */
  static void mounts(JsonNode volumes, JsonNode container) {
    SortedSet<String> named = new TreeSet<>();
    volumes.forEach(volume -> named.add(volume.get("name").asText()));
    SortedSet<String> mounted = new TreeSet<>();
    List<String> paths = new ArrayList<>();
    for (JsonNode mount : container.get("volumeMounts")) {
      mounted.add(mount.get("name").asText());
      paths.add(mount.get("mountPath").asText());
    }
    assertThat(mounted).isEqualTo(named);
    assertThat(paths).contains("/tmp", "/data", "/etc/clockify-lakehouse", "/run/secrets/clockify");
    assertThat(texts(container.get("args")))
        .anyMatch(argument -> argument.startsWith("--config=/etc/clockify-lakehouse/"));
  }
}
