// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a table's metadata says, without a look at its rows.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param snapshotId the current snapshot; empty when there never was one
 * @param committedAt when that was committed, by the clock of its writer
 * @param rows live rows of all workspaces, as the metrics of the data files tell them; rows that
 *     another writer deleted by delete files still count
 * @param rowsByWorkspace the same by workspace; empty for a stream above workspaces
 */
public record TableOverview(
    OptionalLong snapshotId,
    Optional<Instant> committedAt,
    long rows,
    Map<String, Long> rowsByWorkspace) {
  public TableOverview {
    rowsByWorkspace = Map.copyOf(rowsByWorkspace);
  }

  /**
   * @param workspaceId empty for all rows
   */
  public long rows(Optional<String> workspaceId) {
    return workspaceId.map(id -> rowsByWorkspace.getOrDefault(id, 0L)).orElse(rows);
  }
}
