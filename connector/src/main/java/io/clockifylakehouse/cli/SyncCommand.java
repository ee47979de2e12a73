// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
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

  @Option(names = "--full", description = "re-read everything, whatever the state says")
  private boolean full;

  @Override
  public Outcome run(Session session) {
    Configuration configuration = session.configuration();
    return new SyncJob(
            session,
            configuration,
            selection.streams(configuration),
            selection.workspaces(configuration),
            SyncJob.incremental(configuration, full))
        .run(List.of());
  }

  @Override
  public void describeFailure(ObjectNode result) {
    ResultJson.describeNoSync(result);
  }
}
