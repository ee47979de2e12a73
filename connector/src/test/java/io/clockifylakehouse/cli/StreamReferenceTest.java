// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * That the reference of streams beside their files says what {@code discover} does; {@code
 * -Dregenerate=true} rewrites it.
 */
class StreamReferenceTest {
  private static final Path REFERENCE = Path.of("..", "schemas", "reference.md");

  @Test
  void hasEveryColumnOfEveryStream() throws IOException {
    String expected = reference();
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(REFERENCE, expected);
    }
    assertThat(Files.readString(REFERENCE)).isEqualTo(expected);
  }

  private static String reference() {
    StringBuilder text =
        new StringBuilder("# Streams and their columns\n\n")
            .append("Generated from the files in `streams/`, see `StreamReferenceTest`; ")
            .append("`discover STREAM` prints the same. `_deleted_at` is there under ")
            .append("`deletes: soft` alone.\n");
    JsonNode streams =
        new CommandLineFixture(Map.of()).run("discover", "--output", "json").json().get("streams");
    streams.forEach(stream -> append(text, stream));
    return text.toString();
  }

  private static void append(StringBuilder text, JsonNode stream) {
    text.append("\n## ").append(stream.get("stream").asText()).append("\n\n");
    text.append(stream.get("doc").asText()).append("\n\n");
    text.append("| | |\n| --- | --- |\n");
    for (String fact :
        new String[] {"endpoint", "parent", "key", "read_mode", "partitioning", "sort", "plan"}) {
      String value = value(stream.get(fact));
      if (!value.isEmpty()) {
        text.append("| %s | %s |\n".formatted(fact.replace('_', ' '), value));
      }
    }
    text.append("\n| column | type | |\n| --- | --- | --- |\n");
    for (JsonNode column : stream.get("columns")) {
      text.append(
          "| `%s` | `%s` | %s |\n"
              .formatted(
                  column.get("name").asText(),
                  column.get("type").asText(),
                  column.get("doc").asText().replace("|", "\\|")));
    }
  }

  private static String value(JsonNode fact) {
    if (fact.isArray()) {
      StringBuilder names = new StringBuilder();
      fact.forEach(
          name -> names.append(names.isEmpty() ? "`" : ", `").append(name.asText()).append('`'));
      return names.toString();
    }
    return fact.isNull() ? "" : "`" + fact.asText() + "`";
  }
}
