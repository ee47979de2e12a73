// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.time.Duration;
import java.util.Set;

/**
 * What maintenance does to each table, and within which limits.
 *
 * @param steps what is done, always in the order of {@link Step}
 * @param dryRun true to change nothing and only say what would be done
 * @param targetFileBytes size that data files are brought near to
 * @param keepSnapshots age that a snapshot reaches before it goes; the last few stay anyway
 * @param orphanMinAge age that a file without a reference reaches before it goes
 */
public record MaintenancePlan(
    Set<Step> steps,
    boolean dryRun,
    long targetFileBytes,
    Duration keepSnapshots,
    Duration orphanMinAge) {
  public MaintenancePlan {
    steps = Set.copyOf(steps);
  }

  /** One kind of work. */
  public enum Step {
    /** Small data files of a partition become few. */
    COMPACTION,
    /** Small manifests become few. */
    MANIFESTS,
    /** Old snapshots and outlived tags go, with the files that only they need. */
    SNAPSHOTS,
    /** Files that nothing refers to go. */
    ORPHANS
  }
}
