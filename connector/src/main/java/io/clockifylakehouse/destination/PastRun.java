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
 * @param reading how the run read, so that another one can tell whether it may go on with it; empty
 *     in rows of a time when that was not kept
 * @param cause the code behind the reason, in small letters; empty when it went well, and in rows
 *     of a time when it was not kept
 * @param earlier what an earlier run read; empty when this one read everything
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
    Instant startedAt,
    Optional<String> reading,
    Optional<String> cause,
    Optional<EarlierRead> earlier) {

  /** The one of two that started later. */
  public PastRun later(PastRun other) {
    return other.startedAt().isBefore(startedAt) ? this : other;
  }

  /** True when the table was brought to what the service had. */
  public boolean wentWell() {
    return status.equals("ok") || status.equals("unchanged");
  }

  /** True when it was not read, because an earlier run had read it. */
  public boolean isCarried() {
    return earlier.flatMap(EarlierRead::syncId).isPresent();
  }

  /** What the table holds is not older than that, when it went well or was carried. */
  public Instant readSince() {
    return earlier.map(EarlierRead::since).orElse(startedAt);
  }
}
