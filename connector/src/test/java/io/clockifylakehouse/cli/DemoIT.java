// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged connector as a user runs it: the launcher, in an empty directory. */
class DemoIT {
  private static final Path LAUNCHER = Path.of("..", "clockify-lakehouse").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void demoFillsEveryTableAndASecondRunChangesNothing() throws Exception {
    JsonNode first = demo();
    assertThat(first.get("status").asText()).isEqualTo("ok");
    for (StreamDefinition stream : StreamCatalog.packaged().streams()) {
      long added = 0;
      for (JsonNode result : first.get("streams")) {
        if (result.get("stream").asText().equals(stream.name())) {
          assertThat(result.get("table").asText()).isEqualTo("clockify." + stream.name());
          added += result.get("rows").get("added").asLong();
        }
      }
      assertThat(TableRows.read(directory.resolve("lakehouse"), stream.name()))
          .as(stream.name())
          .hasSize(Math.toIntExact(added))
          .isNotEmpty();
    }
    JsonNode second = demo();
    assertThat(second.get("sync_id")).isNotEqualTo(first.get("sync_id"));
    for (JsonNode result : second.get("streams")) {
      // The demo's account lives on: only what says how long a timer runs may have moved.
      assertThat(result.get("rows").get("added").asLong()).isZero();
      assertThat(result.get("rows").get("deleted").asLong()).isZero();
    }
  }

  private JsonNode demo() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "demo"));
    command.addAll(List.of("--output", "json", "--result-file", "result.json"));
    Path out = directory.resolve("out.json");
    Path err = directory.resolve("err.log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    JsonNode result = JSON.readTree(out.toFile());
    assertThat(JSON.readTree(directory.resolve("result.json").toFile())).isEqualTo(result);
    return result;
  }
}
