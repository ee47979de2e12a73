// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.http.ApiExchange;
import io.clockifylakehouse.http.Credentials;
import io.clockifylakehouse.http.JdkTransport;
import io.clockifylakehouse.http.RateSettings;
import io.clockifylakehouse.http.RetrySettings;
import io.clockifylakehouse.iceberg.IcebergDestination;
import io.clockifylakehouse.iceberg.IcebergSettings;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.source.ClockifySource;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.time.SystemTime;
import io.clockifylakehouse.time.Time;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Wires a sync of a simulated account into a warehouse, as the command line does. */
final class TestSync {
  static final StreamCatalog CATALOG = StreamCatalog.packaged();

  private final ClockifySimulator simulator;
  private final Map<String, String> catalog;
  private String namespace = "clockify";
  private RateSettings rate = new RateSettings(2000, 1, 2000);
  private Credentials credentials;
  private List<String> streams = List.of();
  private List<String> workspaces = List.of();
  private RetrySettings retry = new RetrySettings(4, Duration.ofSeconds(5));
  private Duration timeout = Duration.ofSeconds(30);
  private boolean skipForbidden;
  private double maxShrink = 1;
  private DeleteMode deletes = DeleteMode.HARD;
  private Time time = new SystemTime();
  private UnaryOperator<Destination> wrapping = UnaryOperator.identity();
  private Consumer<SyncRun> beforeRun = run -> {};
  private Reading reading = new Reading.Incremental(Duration.ofDays(35), Duration.ofDays(7), false);

  TestSync(ClockifySimulator simulator, Path warehouse) {
    this(simulator, Map.of("type", "hadoop", "warehouse", warehouse.toString()));
  }

  /**
   * @param catalog Iceberg's catalog properties
   */
  TestSync(ClockifySimulator simulator, Map<String, String> catalog) {
    this.simulator = simulator;
    this.catalog = catalog;
    this.credentials = new Credentials.ApiKey(simulator.apiKey());
  }

  TestSync namespace(String other) {
    namespace = other;
    return this;
  }

  TestSync rate(double start, double min, double max) {
    rate = new RateSettings(start, min, max);
    return this;
  }

  TestSync retry(int attempts, Duration maxWait) {
    retry = new RetrySettings(attempts, maxWait);
    return this;
  }

  TestSync timeout(Duration other) {
    timeout = other;
    return this;
  }

  TestSync credentials(Credentials other) {
    credentials = other;
    return this;
  }

  TestSync streams(String... patterns) {
    streams = List.of(patterns);
    return this;
  }

  TestSync workspaces(String... idsOrNames) {
    workspaces = List.of(idsOrNames);
    return this;
  }

  TestSync skipForbidden() {
    skipForbidden = true;
    return this;
  }

  TestSync maxShrink(double share) {
    maxShrink = share;
    return this;
  }

  TestSync deletes(DeleteMode mode) {
    deletes = mode;
    return this;
  }

  TestSync time(Time other) {
    time = other;
    return this;
  }

  /** Puts something between the run and its destination. */
  TestSync wrapping(UnaryOperator<Destination> wrapper) {
    wrapping = wrapper;
    return this;
  }

  /** Sees the run before it begins, to stop it later. */
  TestSync beforeRun(Consumer<SyncRun> action) {
    beforeRun = action;
    return this;
  }

  TestSync reading(Reading other) {
    reading = other;
    return this;
  }

  TestSync full() {
    return reading(new Reading.Incremental(Duration.ofDays(35), Duration.ofDays(7), true));
  }

  /** What the table keeps of how far a stream's reads have come. */
  WindowState state(StreamDefinition stream, String workspaceId) {
    try (Destination destination = IcebergDestination.open(icebergSettings())) {
      return destination
          .state(stream, Optional.of(workspaceId))
          .map(WindowState::parse)
          .orElse(WindowState.NONE);
    }
  }

  SyncResult run() {
    ApiExchange exchange =
        new ApiExchange(
            new JdkTransport(timeout),
            credentials,
            Set.of(simulator.main(), simulator.reports(), simulator.audit()),
            rate,
            retry,
            time);
    Map<Host, URI> bases =
        Map.of(
            Host.MAIN, simulator.main(),
            Host.REPORTS, simulator.reports(),
            Host.AUDIT, simulator.audit());
    boolean byId = credentials instanceof Credentials.AddonToken;
    try (IcebergDestination destination = IcebergDestination.open(icebergSettings())) {
      SyncRun run =
          new SyncRun(
              new ClockifySource(exchange, CATALOG, bases),
              exchange,
              wrapping.apply(destination),
              CATALOG,
              new SyncSettings(
                  "sync",
                  streams,
                  workspaces,
                  byId,
                  reading,
                  skipForbidden,
                  Duration.ofDays(30),
                  Duration.ofDays(7)),
              time,
              new SyncListener() {});
      beforeRun.accept(run);
      return run.run();
    }
  }

  IcebergSettings icebergSettings() {
    return new IcebergSettings(catalog, "lakehouse", namespace, Map.of(), deletes, maxShrink);
  }
}
