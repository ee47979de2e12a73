// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.util.List;
import java.util.Optional;

/**
 * What maintenance did to one table, or would do.
 *
 * @param table its name within the namespace
 * @param after as before, in a dry run
 */
public record TableCare(String table, Figures before, Figures after, List<Work> work) {
  public TableCare {
    work = List.copyOf(work);
  }

  /**
   * The size of a table.
   *
   * @param files data files of the current snapshot
   * @param bytes of those files
   * @param manifests of the current snapshot
   */
  public record Figures(long files, long bytes, long snapshots, long tags, long manifests) {}

  /**
   * One step on one table.
   *
   * @param items files rewritten, snapshots and tags forgotten, manifests rewritten, files removed
   * @param bytes of those files; 0 where there are none
   * @param refusal why the step was not done; empty when it was
   */
  public record Work(MaintenancePlan.Step step, long items, long bytes, Optional<String> refusal) {}
}
