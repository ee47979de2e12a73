// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.config.SyncConfiguration.OnForbidden;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.sync.SyncStatus;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says where every stream stands, from the tables alone. */
@Command(
    name = "status",
    description = {
      "Say where every stream stands: rows, state, last sync, snapshot.",
      "Reads the tables alone: no request, no key."
    },
    sortOptions = false)
final class StatusCommand implements Action {
  @Mixin private final Selection selection = new Selection();

  @Option(
      names = "--max-age",
      paramLabel = "DURATION",
      description = "exit 3 when a stream's last good sync is older, such as PT2H")
  private Duration maxAge;

  @Override
  public Outcome run(Session session) {
    Configuration configuration = session.configuration();
    try (Destination destination = SyncJob.destination(configuration)) {
      SyncStatus status =
          SyncStatus.read(
              destination,
              session.catalog(),
              selection.streams(configuration),
              selection.workspaces(configuration));
      return new StatusReport(
              status,
              Optional.ofNullable(maxAge),
              configuration.sync().onForbidden() == OnForbidden.SKIP,
              SyncJob.tables(session.catalog(), destination),
              session.surroundings().time().now())
          .outcome(session, configuration.destination().namespace());
    }
  }
}
