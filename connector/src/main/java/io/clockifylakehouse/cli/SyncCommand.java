// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.observability.RunObserver;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the tables up to date with the service, once. */
@Command(
    name = "sync",
    description = "Bring the tables up to date with Clockify, once.",
    sortOptions = false)
final class SyncCommand implements Action {
  @Mixin private final Selection selection = new Selection();
  @Mixin private final Monitoring monitoring = new Monitoring();

  @Option(names = "--full", description = "re-read everything, whatever the state says")
  private boolean full;

  @Override
  public Outcome run(Session session) {
    return monitoring.observe(session, observer -> run(session, observer));
  }

  private Outcome run(Session session, RunObserver observer) {
    Configuration configuration = session.configuration();
    observer.configure(monitoring.settings(configuration.observability()));
    return new SyncJob(
            session,
            configuration,
            selection.streams(configuration),
            selection.workspaces(configuration),
            SyncJob.incremental(configuration, full))
        .run(observer, List.of());
  }

  @Override
  public void describeFailure(ObjectNode result) {
    ResultJson.describeNoSync(result);
  }
}
