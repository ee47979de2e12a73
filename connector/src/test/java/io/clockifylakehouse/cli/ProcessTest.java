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
