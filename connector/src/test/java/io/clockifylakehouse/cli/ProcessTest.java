// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process: its streams, its signals, its exit code. */
@Timeout(120)
class ProcessTest {
  @TempDir private Path directory;

  private Process start(String... arguments) throws IOException {
    return ConnectorProcess.start(directory, Map.of(), arguments);
  }

  @Test
  void aFailureIsOnStandardErrorAndNothingOnStandardOutput() throws Exception {
    Process process = start("sync");
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(78);
    assertThat(err).contains("ERROR source.auth.value: the variable CLOCKIFY_API_KEY is not set");
    assertThat(err.lines()).hasSize(1);
    assertThat(directory.resolve("out")).isEmptyFile();
  }

  @Test
  void aSignalLeavesAResultAndExitSeventyFive() throws Exception {
    Process process = start("demo", "--output", "json", "--result-file", "result.json");
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    String line = err.readLine();
    while (line != null && !line.contains("stream ended")) {
      line = err.readLine();
    }
    process.toHandle().destroy(); // unlike Process.destroy, it leaves the streams open
    while (err.readLine() != null) {
      // until the process has ended
    }
    assertThat(process.waitFor()).isEqualTo(75);
    String result = Files.readString(directory.resolve("result.json"));
    assertThat(result).isEqualTo(Files.readString(directory.resolve("out")));
    JsonNode json = new ObjectMapper().readTree(result);
    assertThat(json.path("exit_code").asInt()).isEqualTo(75);
    assertThat(json.path("reason").asText()).contains("signal");
  }

  @Test
  @Timeout(60)
  void aThreadThatDiesLeavesAResultAndTellsTheCollectors() throws Exception {
    // Without its library no file of the default codec can be written; a thread of a pool finds
    // out.
    Map<String, String> broken = Map.of("JAVA_TOOL_OPTIONS", "-DZstdNativePath=/nowhere.so");
    Process process =
        ConnectorProcess.start(
            directory,
            broken,
            "demo",
            "--output",
            "json",
            "--result-file",
            "result.json",
            "--metrics-file",
            "metrics.prom");
    process.getErrorStream().readAllBytes();
    assertThat(process.waitFor()).isEqualTo(1);
    String result = Files.readString(directory.resolve("result.json"));
    assertThat(result).isEqualTo(Files.readString(directory.resolve("out")));
    JsonNode json = new ObjectMapper().readTree(result);
    assertThat(json.path("exit_code").asInt()).isEqualTo(1);
    assertThat(json.path("status").asText()).isEqualTo("failed");
    assertThat(json.path("reason").asText())
        .startsWith("unforeseen ")
        .containsAnyOf("/nowhere.so", "zstd"); // the thread that came first, or the next one
    assertThat(Files.readString(directory.resolve("metrics.prom")))
        .contains("clockify_sync_exit_code{command=\"demo\"} 1.0\n");
  }

  @Test
  @Timeout(15) // below the time that the first signal alone leaves
  void aSecondSignalEndsTheProcessAtOnce() throws Exception {
    Process process = ConnectorProcess.start(StuckProcess.class, directory, Map.of());
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    assertThat(err.readLine()).isEqualTo("ready");
    process.toHandle().destroy();
    assertThat(err.readLine()).isEqualTo("told: stopped by a signal");
    process.toHandle().destroy();
    assertThat(process.waitFor()).isEqualTo(75);
  }
}
