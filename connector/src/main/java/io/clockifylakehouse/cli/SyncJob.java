// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.config.DestinationConfiguration;
import io.clockifylakehouse.config.SourceConfiguration.AuthType;
import io.clockifylakehouse.config.SyncConfiguration;
import io.clockifylakehouse.config.SyncConfiguration.OnForbidden;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.iceberg.IcebergDestination;
import io.clockifylakehouse.iceberg.IcebergSettings;
import io.clockifylakehouse.observability.RunObserver;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.Reading;
import io.clockifylakehouse.sync.SyncResult;
import io.clockifylakehouse.sync.SyncRun;
import io.clockifylakehouse.sync.SyncSettings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sync, wired from a configuration.
 *
 * @param streams names or globs
 * @param workspaces ids or exact names
 * @param reading how much of the streams that can be read by time
 */
record SyncJob(
    Session session,
    Configuration configuration,
    List<String> streams,
    List<String> workspaces,
    Reading reading) {
  private static final Logger LOG = LoggerFactory.getLogger(SyncJob.class);

  /** How a sync reads the streams that can be read by time. */
  static Reading incremental(Configuration configuration, boolean full) {
    SyncConfiguration sync = configuration.sync();
    return new Reading.Incremental(sync.lookback(), sync.fullPassEvery(), full);
  }

  /** Runs it, shows its progress, and renders how it ended. */
  Outcome run(RunObserver observer, List<String> nextSteps) {
    ClockifyAccess clockify = ClockifyAccess.open(configuration.source(), session);
    try (Destination destination = destination(configuration)) {
      SyncResult result = sync(clockify, destination, observer);
      if (session.options().output() == CommonOptions.Output.JSON) {
        result.summary().ifPresent(LOG::error); // else the text says it, with all others
      }
      observer.ended(result, stream -> destination.location(session.catalog().stream(stream)));
      return new Outcome(
          result.exitCode(),
          ResultJson.of(result, configuration.destination().namespace()),
          new SyncReport(result, tables(session.catalog(), destination), nextSteps, session.style())
              .text());
    }
  }

  private SyncResult sync(ClockifyAccess clockify, Destination destination, RunObserver observer) {
    try (Progress progress =
        Progress.of(session.surroundings(), session.options(), clockify.exchange()::traffic)) {
      SyncRun run =
          new SyncRun(
              clockify.source(),
              clockify.exchange(),
              destination,
              session.catalog(),
              settings(),
              session.surroundings().time(),
              progress);
      session.termination().onSignal(run::stop);
      observer.started(
          run.syncId(),
          configuration.destination().namespace(),
          configuration.source().bases().get(Host.MAIN),
          ClockifyLakehouse.Version.number(),
          session.catalog());
      return run.run();
    }
  }

  /** What a run of it reads. */
  SyncSettings settings() {
    return new SyncSettings(
        session.command(),
        streams,
        workspaces,
        configuration.source().auth().type() == AuthType.ADDON_TOKEN,
        reading,
        configuration.sync().onForbidden() == OnForbidden.SKIP,
        configuration.maintenance().keepTags(),
        configuration.maintenance().keepSnapshots());
  }

  /** Opens the lakehouse as it is configured. */
  static Destination destination(Configuration configuration) {
    DestinationConfiguration destination = configuration.destination();
    SyncConfiguration sync = configuration.sync();
    return IcebergDestination.open(
        new IcebergSettings(
            destination.catalog(),
            destination.catalogName(),
            destination.namespace(),
            destination.tableProperties(),
            switch (sync.deletes()) {
              case HARD -> DeleteMode.HARD;
              case SOFT -> DeleteMode.SOFT;
            },
            sync.maxShrink(),
            destination.transaction() == DestinationConfiguration.Transaction.AUTO));
  }

  /** Where the tables lie, with {@code <stream>} for the stream's name. */
  static String tables(StreamCatalog catalog, Destination destination) {
    StreamDefinition first = catalog.streams().get(0);
    String location = destination.location(first);
    return location.endsWith(first.name())
        ? location.substring(0, location.length() - first.name().length()) + "<stream>"
        : location;
  }
}
