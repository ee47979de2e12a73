// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One figure of a table compared with the service's own, as the table {@code verifications} keeps
 * it.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param verificationId of the run that compared
 * @param verifiedAt start of that run
 * @param workspaceId empty above workspaces
 * @param from first instant of the window; empty when it has no begin
 * @param to first instant after it; empty when it has no end
 * @param measure what was compared: {@code entries, seconds, expenses, amount, count, rows}
 * @param expected the service's figure; empty when it gave none
 * @param found the table's figure; empty when there is none
 * @param reason in words, when they are not equal
 * @param sampleIds keys of some of the rows that differ
 */
public record VerificationRow(
    String verificationId,
    Instant verifiedAt,
    String stream,
    Optional<String> workspaceId,
    Optional<Instant> from,
    Optional<Instant> to,
    String measure,
    Optional<Double> expected,
    Optional<Double> found,
    Agreement agreement,
    Optional<String> reason,
    List<String> sampleIds) {
  public VerificationRow {
    sampleIds = List.copyOf(sampleIds);
  }
}
