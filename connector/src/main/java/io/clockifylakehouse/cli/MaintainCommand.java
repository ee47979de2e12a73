// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.config.MaintenanceConfiguration;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.destination.MaintenancePlan.Step;
import io.clockifylakehouse.sync.MaintenanceRun;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tends the tables, changing no row of them. */
@Command(
    name = "maintain",
    description = {
      "Join small files, forget old snapshots and tags, join manifests and remove",
      "files that nothing refers to. No row changes. Needs no key; waits a little",
      "for a sync that is running, then exits 75."
    },
    sortOptions = false)
final class MaintainCommand implements Action {
  private static final long MEBIBYTE = 1L << 20;

  @Option(
      names = "--stream",
      paramLabel = "S",
      completionCandidates = CompletionCommand.Streams.class,
      description = "name or glob; repeatable; -S leaves one out (default: all)")
  private List<String> streams = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "STEP",
      split = ",",
      description = "compaction, snapshots, manifests, orphans (default: all four)")
  private List<Step> only = new ArrayList<>();

  @Option(names = "--dry-run", description = "say what would be done, and change nothing")
  private boolean dryRun;

  @Override
  public Outcome run(Session session) {
    Configuration configuration = session.configuration();
    MaintenanceConfiguration maintenance = configuration.maintenance();
    Set<Step> steps = only.isEmpty() ? EnumSet.allOf(Step.class) : EnumSet.copyOf(only);
    MaintenancePlan plan =
        new MaintenancePlan(
            steps,
            dryRun,
            maintenance.targetFileMebibytes() * MEBIBYTE,
            maintenance.keepSnapshots(),
            maintenance.orphanMinAge());
    try (Destination destination = SyncJob.destination(configuration)) {
      MaintenanceRun run =
          new MaintenanceRun(
              destination,
              session.catalog(),
              streams.isEmpty() ? configuration.sync().streams() : streams,
              session.surroundings().time());
      return new MaintainReport(run.run(plan), plan, session.surroundings().time().now())
          .outcome(session, configuration.destination().namespace());
    }
  }

  @Override
  public void describeFailure(ObjectNode result) {
    result.put("dry_run", dryRun);
    result.putArray("tables");
  }
}
