// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.VerificationRow;
import io.clockifylakehouse.http.Traffic;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How a verification ended.
 *
 * @param exitCode of the contract
 * @param workspaceNames names of the workspaces by id
 */
public record VerificationResult(
    String verificationId,
    Instant startedAt,
    Instant finishedAt,
    int exitCode,
    Traffic traffic,
    List<VerificationRow> comparisons,
    Map<String, String> workspaceNames) {
  public VerificationResult {
    comparisons = List.copyOf(comparisons);
    workspaceNames = Map.copyOf(workspaceNames);
  }

  /** The worst of all comparisons. */
  public Agreement agreement() {
    return comparisons.stream()
        .map(VerificationRow::agreement)
        .reduce(Agreement.EQUAL, Agreement::or);
  }
}
