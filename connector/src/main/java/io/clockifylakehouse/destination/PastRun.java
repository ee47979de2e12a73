// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How one stream and workspace ended in a run, as {@code sync_runs} keeps it.
 *
 * @param status {@code ok, unchanged, skipped, forbidden} or {@code failed}
 * @param startedAt start of the run
 * @param unknownFields paths of fields that the schema does not know
 * @param typeMismatches paths of values that their column could not hold
 * @param snapshotId the table's snapshot after it; empty when there was none
 */
public record PastRun(
    String syncId,
    String command,
    String stream,
    Optional<String> workspaceId,
    String status,
    Optional<String> reason,
    DriftSummary drift,
    OptionalLong snapshotId,
    Instant startedAt) {

  /** The one of two that started later. */
  public PastRun later(PastRun other) {
    return other.startedAt().isBefore(startedAt) ? this : other;
  }

  /** True when the table was brought to what the service had. */
  public boolean wentWell() {
    return status.equals("ok") || status.equals("unchanged");
  }
}
