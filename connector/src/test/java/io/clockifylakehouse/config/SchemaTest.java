// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.StreamCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema, the parser, the example file and the README say the same. */
class SchemaTest {
  private static final Path FOLDER = Path.of("..", "config");
  private static final JsonNode SCHEMA = schema();
  private static final JsonSchema VALIDATOR =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SCHEMA);

  private static JsonNode schema() {
    try {
      return new ObjectMapper().readTree(Configuration.schema());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isValid(String yaml) {
    return VALIDATOR.validate(Document.parse("c.yaml", yaml).node()).isEmpty();
  }

  private static Configuration parse(String yaml) {
    return new ConfigurationReader(
            Map.of("CLOCKIFY_API_KEY", "some-key", "A", "5"),
            StreamCatalog.packaged().api().regions(),
            new Redaction())
        .parse("c.yaml", yaml, List.of());
  }

  private static boolean isParsed(String yaml) {
    try {
      parse(yaml);
      return true;
    } catch (ConnectorException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "source: null",
        "source: {region: eu}",
        "source: {region: '${A:-eu}x'.length}",
        "source: {base_url: 'http://[::1]:8/x', reports_url: 'http://127.1.2.3'}",
        "source: {auth: {file: /run/key}}",
        "source: {auth: {value: null, file: /run/key}}",
        "source: {auth: {aws_secret: {id: x, endpoint: null}}}",
        "source: {auth: {type: maton, connection: x}}",
        "source: {auth: {type: addon_token}, workspaces: [x]}",
        "source: {auth: {type: addon_token}, workspaces: x}",
        "source: {workspaces: 5f}",
        "source: {rate_limit: {start: '${A}'}}",
        "source: {request_timeout: PT1.5S, retry: {attempts: 1, max_wait: PT1H30M}}",
        "destination: {catalog: {warehouse: x}}",
        "destination: {catalog: {catalog-impl: x, a.b: true, c: 4}}",
        "destination: {namespace: a.b-c}",
        "destination: {transaction: never}",
        "destination: {table_properties: {x: null}}",
        "sync: {streams: [a, -b], lookback: P1DT2H, max_shrink: 0, on_forbidden: skip}",
        "maintenance: {keep_tags: P90D, keep_snapshots: '${NONE:-PT36H}'}"
      })
  void bothAccept(String yaml) {
    String usable = yaml.replace("'${A:-eu}x'.length", "'${NONE:-eu}'");
    assertThat(isParsed(usable)).as("parser").isTrue();
    assertThat(isValid(usable)).as("schema").isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sources: {}",
        "source: [a]",
        "source: {region: xx}",
        "source: {base_url: 'http://example.com'}",
        "source: {base_url: 'http://localhostess'}",
        "source: {auth: secret}",
        "source: {auth: {typ: api_key}}",
        "source: {auth: {type: basic}}",
        "source: {auth: {value: a, file: b}}",
        "source: {auth: {file: a, aws_secret: {id: b}}}",
        "source: {auth: {value: a, aws_secret: {id: b}}}",
        "source: {auth: {aws_secret: {key: b}}}",
        "source: {auth: {aws_secret: {id: b, secret: c}}}",
        "source: {auth: {connection: x}}",
        "source: {auth: {type: addon_token}}",
        "source: {auth: {type: addon_token}, workspaces: []}",
        "source: {workspaces: [[a]]}",
        "source: {rate_limit: {min: 0}}",
        "source: {rate_limit: {start: fast}}",
        "source: {request_timeout: 2m}",
        "source: {request_timeout: P}",
        "source: {retry: {attempts: 0}}",
        "source: {retry: {attempts: 1.5}}",
        "destination: {catalog: {uri: x}}",
        "destination: {catalog: {type: {a: b}}}",
        "destination: {catalog_name: ' '}",
        "destination: {transaction: sometimes}",
        "destination: {namespace: a..b}",
        "destination: {table: x}",
        "sync: {streams: {a: b}}",
        "sync: {backfill_commit_rows: 0}",
        "sync: {backfill_commit_rows: many}",
        "sync: {deletes: never}",
        "sync: {max_shrink: 1.1}",
        "sync: {max_shrink: -0.1}",
        "sync: {on_forbidden: 3}",
        "maintenance: {keep_tags: 30 days}",
        "maintenance: {keep_logs: P1D}"
      })
  void bothRefuse(String yaml) {
    assertThat(isParsed(yaml)).as("parser").isFalse();
    assertThat(isValid(yaml)).as("schema").isFalse();
  }

  @Test
  void theSchemasDefaultsAreTheParsers() throws IOException {
    List<String> lines = new ArrayList<>();
    defaults("", SCHEMA, lines);
    assertThat(lines).hasSizeGreaterThan(15);
    // Within a secret that is not configured nothing has a value.
    assertThat(lines.remove("source.auth.aws_secret.key=api_key")).isTrue();
    Configuration explicit =
        new ConfigurationReader(
                Map.of("CLOCKIFY_API_KEY", "some-key"),
                StreamCatalog.packaged().api().regions(),
                new Redaction())
            .parse("c.yaml", "", lines);
    assertThat(explicit).isEqualTo(parse(""));
    assertThat(parse("source: {auth: {aws_secret: {id: x}}}").source().auth().secret())
        .isEqualTo(
            new SecretReference.AwsSecret("x", "api_key", Optional.empty(), Optional.empty()));
  }

  private static void defaults(String path, JsonNode schema, List<String> lines) {
    JsonNode value = schema.get("default");
    if (value != null) {
      lines.add(path + "=" + (value.isTextual() ? value.asText() : value.toString()));
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String key = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      defaults(key, property.getValue(), lines);
    }
  }

  private static void leaves(String path, JsonNode schema, Set<String> keys) {
    if (!schema.has("properties")) {
      keys.add(path);
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      leaves(
          path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
          property.getValue(),
          keys);
    }
  }

  @Test
  void theRegionsAreThoseOfTheApi() {
    Set<String> regions = new TreeSet<>();
    SCHEMA
        .at("/properties/source/properties/region/anyOf/0/enum")
        .forEach(region -> regions.add(region.asText()));
    regions.remove("null");
    assertThat(regions).isEqualTo(new TreeSet<>(StreamCatalog.packaged().api().regions().keySet()));
  }

  @Test
  void theReadmeListsEveryKeyAndNoOther() throws IOException {
    Set<String> keys = new TreeSet<>();
    leaves("", SCHEMA, keys);
    Set<String> listed = new TreeSet<>();
    Matcher row = Pattern.compile("(?m)^\\| `([a-z_.]+)` \\|").matcher(Files.readString(readme()));
    while (row.find()) {
      listed.add(row.group(1));
    }
    listed.removeIf(name -> !name.contains("."));
    assertThat(listed).isEqualTo(keys);
  }

  @Test
  void theReadmesExamplesAreTaken() throws IOException {
    Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(readme()));
    List<String> examples = new ArrayList<>();
    while (block.find()) {
      examples.addAll(List.of(block.group(1).replaceAll("\\$\\{[A-Z_]+}", "x").split("---\n")));
    }
    assertThat(examples).hasSizeGreaterThan(7);
    assertThat(examples).allSatisfy(example -> assertThat(isValid(example)).isTrue());
    assertThat(examples).allSatisfy(example -> assertThat(isParsed(example)).isTrue());
    assertThat(examples)
        .filteredOn(example -> example.startsWith("# AWS Glue"))
        .allSatisfy(
            example ->
                assertThat(parse(example).destination().catalog())
                    .containsEntry("client.region", "eu-central-1"));
  }

  private static Path readme() {
    return FOLDER.resolve("README.md");
  }

  @Test
  void theFilesOfTheFolderAreValidAndMeanTheDefaults() throws IOException {
    for (String name : List.of("connector.yaml", "connector.example.yaml")) {
      String yaml = Files.readString(FOLDER.resolve(name));
      assertThat(isValid(yaml)).as(name).isTrue();
      assertThat(parse(yaml)).as(name).isEqualTo(parse(""));
    }
  }

  @Test
  void theExampleNamesEveryKey() throws IOException {
    String example = Files.readString(FOLDER.resolve("connector.example.yaml"));
    Set<String> keys = new TreeSet<>();
    leaves("", SCHEMA, keys);
    for (String key : keys) {
      String last = key.substring(key.lastIndexOf('.') + 1);
      assertThat(example).as(key).containsPattern("(?m)(^ *(# )?|[{ ])" + last + ":");
    }
  }
}
