// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.config.DestinationConfiguration;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.observability.RunObserver;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole main job with no account: a simulated Clockify on loopback, synced into tables. */
@Command(
    name = "demo",
    description = {
      "Sync a simulated Clockify into ./lakehouse; needs no account.",
      "Reads no configuration file unless one is named; --set works as ever."
    },
    sortOptions = false)
final class DemoCommand implements Action {
  private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

  /**
   * What the simulated service lets through per second when it is synced here; the real one: 10.
   */
  private static final int REQUESTS_PER_SECOND = 200;

  /** Stays below the cap, or the demo would mostly show how the rate is found. */
  private static final List<String> SETTINGS =
      List.of(
          "source.rate_limit.start=60",
          "source.rate_limit.max=180",
          // The simulated workspaces have different plans, and a forbidden stream is part of that.
          "sync.on_forbidden=skip");

  @Option(
      names = "--serve",
      description = "only serve the simulated Clockify, until stopped; sync nothing")
  private boolean serve;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "of the simulated Clockify on loopback (default: any free one)")
  private int port;

  @Mixin private final Monitoring monitoring = new Monitoring();

  @Override
  public Outcome run(Session session) {
    SimulatorSettings settings = SimulatorSettings.defaults().withPort(port);
    if (!serve) {
      settings = settings.withRequestsPerSecond(REQUESTS_PER_SECOND);
    }
    if (port < 0 || port > 65_535) {
      throw new ConnectorException(
          ErrorCode.USAGE, "demo: --port must be 0 to 65535, found " + port);
    }
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.demo(), settings)) {
      return serve
          ? serve(session, simulator)
          : monitoring.observe(session, observer -> sync(session, simulator, observer));
    }
  }

  private Outcome sync(Session session, ClockifySimulator simulator, RunObserver observer) {
    LOG.info(
        "simulated Clockify at {}; it lets {} requests a second through, the real one 10",
        simulator.main(),
        REQUESTS_PER_SECOND);
    Configuration configuration = configuration(session, simulator);
    observer.configure(monitoring.settings(configuration.observability()));
    return new SyncJob(
            session,
            configuration,
            configuration.sync().streams(),
            configuration.source().workspaces(),
            SyncJob.incremental(configuration, false))
        .run(
            observer,
            List.of(
                "Next:",
                "  ./clockify-lakehouse demo                   again: nothing new, none written",
                "  ./clockify-lakehouse status                 where every stream stands",
                "  ./clockify-lakehouse discover time_entries  what its columns mean",
                "With your own account, into tables of their own:",
                "  " + leaving(configuration.destination()),
                "  export CLOCKIFY_API_KEY=...                 Preferences > Advanced",
                "  ./clockify-lakehouse check"));
  }

  /** What keeps the demo's rows out of one's own tables. */
  static String leaving(DestinationConfiguration destination) {
    String warehouse = destination.catalog().get("warehouse");
    return "hadoop".equals(destination.catalog().get("type")) && warehouse != null
        ? "rm -r " + Display.clean(warehouse)
        : "put another destination.namespace than "
            + Display.clean(destination.namespace())
            + " into the configuration";
  }

  /** The demo's settings, then the user's, then where the simulated service is. */
  private static Configuration configuration(Session session, ClockifySimulator simulator) {
    List<String> assignments = new ArrayList<>(SETTINGS);
    assignments.addAll(session.options().assignments());
    assignments.add("source.base_url=" + simulator.main());
    assignments.add("source.reports_url=" + simulator.reports());
    assignments.add("source.audit_url=" + simulator.audit());
    assignments.add("source.auth={type: api_key}");
    assignments.add("source.auth.value=" + simulator.apiKey());
    // Without a file unless one is named: simulated rows must not land in somebody's warehouse.
    return session.options().config().isPresent()
        ? session.reader().read(session.options().config(), assignments)
        : session.reader().readWithoutFile(assignments);
  }

  /** Prints where the service is, and serves until a signal comes. */
  private static Outcome serve(Session session, ClockifySimulator simulator) {
    CountDownLatch stopped = new CountDownLatch(1);
    session.termination().onSignal(reason -> stopped.countDown());
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), 0);
    json.put("base_url", simulator.main().toString());
    json.put("reports_url", simulator.reports().toString());
    json.put("audit_url", simulator.audit().toString());
    json.put("api_key", simulator.apiKey());
    String text =
        "Simulated Clockify, until Ctrl-C. In another terminal:\n\n"
            + "export CLOCKIFY_API_KEY="
            + simulator.apiKey()
            + "\n./clockify-lakehouse sync \\\n  --set source.base_url="
            + simulator.main()
            + " \\\n  --set source.reports_url="
            + simulator.reports()
            + " \\\n  --set sync.on_forbidden=skip\n";
    session
        .surroundings()
        .out()
        .println(
            switch (session.options().output()) {
              case TEXT -> text;
              case JSON -> json;
            });
    session.surroundings().out().flush();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Outcome(0, json, text, true);
  }

  @Override
  public void describeFailure(ObjectNode result) {
    ResultJson.describeNoSync(result);
  }
}
