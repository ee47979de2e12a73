// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far the tables of a workspace can be relied on.
 *
 * @param entriesAsOf start of the last run that brought its time entries up to date
 * @param notUpToDate streams whose last run did not go well, with the reason: {@code expenses:
 *     forbidden}
 * @param verification what the last {@code verify} found; empty when there was none
 */
record Freshness(
    int workspace,
    Optional<Instant> entriesAsOf,
    List<String> notUpToDate,
    Optional<Verification> verification) {
  Freshness {
    notUpToDate = List.copyOf(notUpToDate);
  }

  /**
   * The last comparison of the tables with the service.
   *
   * @param checks figures that were compared
   * @param differences those that did not agree and were not explained by a change since
   * @param open what could not be compared
   */
  record Verification(Instant at, long checks, long differences, long open) {}
}
