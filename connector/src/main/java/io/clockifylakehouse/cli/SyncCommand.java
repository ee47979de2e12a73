// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings the tables up to date with the service, once. */
@Command(
    name = "sync",
    description = "Bring the tables up to date with Clockify, once.",
    sortOptions = false)
final class SyncCommand implements Action {
  @Option(
      names = "--stream",
      paramLabel = "S",
      description = "name or glob; repeatable; -S leaves one out (default: all)")
  private List<String> streams = new ArrayList<>();

  @Option(
      names = "--workspace",
      paramLabel = "W",
      description = "id or exact name; repeatable (default: all that the key sees)")
  private List<String> workspaces = new ArrayList<>();

  @Option(names = "--full", description = "re-read everything, whatever the state says")
  private boolean full;

  @Override
  public Outcome run(Session session) {
    Configuration configuration = session.configuration();
    return new SyncJob(
            session,
            configuration,
            streams.isEmpty() ? configuration.sync().streams() : streams,
            workspaces.isEmpty() ? configuration.source().workspaces() : workspaces,
            SyncJob.incremental(configuration, full))
        .run(List.of());
  }

  @Override
  public void describeFailure(ObjectNode result) {
    ResultJson.describeNoSync(result);
  }
}
