// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs command lines in this process, and keeps what they print. */
final class CommandLineFixture {
  private final Map<String, String> environment;

  CommandLineFixture(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What one command line left behind. */
  record Ended(int exitCode, String out, String err) {
    JsonNode json() {
      try {
        return new ObjectMapper().readTree(out);
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + out, e);
      }
    }
  }

  Ended run(String... arguments) {
    return run(new Termination(), arguments);
  }

  Ended run(Termination termination, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            false,
            new SystemTime());
    int exitCode = ClockifyLakehouse.run(surroundings, termination, arguments);
    return new Ended(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
