// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs command lines in this process, and keeps what they print. */
final class CommandLineFixture {
  private final Map<String, String> environment;
  private final List<String> settings;

  CommandLineFixture(Map<String, String> environment) {
    this(environment, List.of());
  }

  private CommandLineFixture(Map<String, String> environment, List<String> settings) {
    this.environment = environment;
    this.settings = settings;
  }

  /** With the options that point every command at a simulated service and a warehouse. */
  static CommandLineFixture of(ClockifySimulator simulator, Path warehouse) {
    return new CommandLineFixture(
        Map.of("CLOCKIFY_API_KEY", simulator.apiKey()), settings(simulator, warehouse));
  }

  /** The options that point a command at a simulated service and a warehouse. */
  static List<String> settings(ClockifySimulator simulator, Path warehouse) {
    return List.of(
        "--set",
        "source.base_url=" + simulator.main(),
        "--set",
        "source.reports_url=" + simulator.reports(),
        "--set",
        "source.rate_limit={start: 500, max: 500}",
        "--set",
        "destination.catalog.warehouse=" + warehouse);
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

    /** What a result of several streams says of one. */
    JsonNode stream(String name) {
      for (JsonNode result : json().path("streams")) {
        if (result.path("stream").asText().equals(name)) {
          return result;
        }
      }
      throw new AssertionError(name + " has no result: " + err);
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
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(settings);
    int exitCode = ClockifyLakehouse.run(surroundings, termination, all.toArray(String[]::new));
    return new Ended(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
