// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The packaged connector against a service with the real one's cap, ten requests in any second, and
 * with pages that take their time: how far from the rate it stays, from process start to end.
 */
final class AtCap {
  /** The default of {@code source.rate_limit.max}. */
  private static final double RATE = 9.5;

  private final Connector connector;
  private final List<String> load;
  private final Account account;
  private final Path directory;

  /**
   * As {@link WholeProcess}.
   *
   * @param entries time entries that the account's 600 users have
   */
  AtCap(Connector connector, List<String> load, int entries, Path directory) {
    this.connector = connector;
    this.load = load;
    this.account =
        Account.tiny(1)
            .with("workspace_users", 600)
            .with("projects", 300)
            .with("time_entries", entries);
    this.directory = directory;
  }

  /** An initial load; one JSON object. */
  ObjectNode measure(double latencySeconds) throws IOException, InterruptedException {
    Duration latency = Duration.ofNanos((long) (latencySeconds * 1e9));
    SimulatorSettings settings = SimulatorSettings.defaults().withLatency(latency);
    try (ClockifySimulator simulator = ClockifySimulator.start(account, settings)) {
      List<String> arguments = new ArrayList<>(load);
      for (String setting :
          List.of(
              "source.base_url=" + simulator.main(),
              "source.reports_url=" + simulator.reports(),
              "source.rate_limit.max=" + RATE,
              "destination.catalog.warehouse=" + directory.resolve("at-cap-" + latencySeconds))) {
        arguments.addAll(List.of("--set", setting));
      }
      Child.Figures figures =
          connector.run(arguments, simulator.apiKey(), directory.resolve("sync.out"));
      int requests = simulator.log().size();
      ObjectNode row = new ObjectMapper().createObjectNode();
      row.put("latency_seconds", latencySeconds);
      row.put("requests", requests);
      row.put("wall_seconds", figures.wallSeconds());
      row.put("wall_over_cap", figures.wallSeconds() * RATE / requests);
      row.put("cpu_seconds", figures.cpuSeconds());
      row.put("throttled", simulator.log().answeredWith(429));
      row.put("worst_second", simulator.log().worstSlidingSecond());
      return row;
    }
  }
}
