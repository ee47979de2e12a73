// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code sync_runs} keeps of one stream and workspace in one sync.
 *
 * @param status {@code ok, unchanged, skipped, forbidden} or {@code failed}
 * @param reading how the run read
 * @param cause the code behind the reason, in small letters; empty when there is none
 * @param earlier what an earlier run read; empty when this one read everything
 */
public record SyncRunRow(
    String command,
    String stream,
    Optional<String> workspaceId,
    String status,
    Optional<String> reason,
    RowCounts rows,
    DriftSummary drift,
    OptionalLong snapshotId,
    Instant finishedAt,
    String reading,
    Optional<String> cause,
    Optional<EarlierRead> earlier) {}
