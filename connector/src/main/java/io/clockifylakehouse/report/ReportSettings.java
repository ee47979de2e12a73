// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What a report is about. Immutable.
 *
 * @param from first day; empty for the first there is
 * @param to the day after the last one; empty for no end
 * @param zone in which days begin; empty for the time zone of the user whose key it is, or UTC when
 *     the tables do not name one
 * @param workspaces ids or exact names; empty for all in the tables
 * @param now what "today", "overdue" and "running for" are measured from
 * @param cellsMax how many groups of entries a page may hold before they are made coarser
 */
public record ReportSettings(
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    Optional<ZoneId> zone,
    List<String> workspaces,
    Instant now,
    int cellsMax) {
  /** Keeps a page below about six megabytes. */
  public static final int CELLS_MAX = 150_000;

  public ReportSettings {
    workspaces = List.copyOf(workspaces);
  }

  /** True when a day belongs to the report. */
  boolean contains(LocalDate day) {
    return from.map(first -> !day.isBefore(first)).orElse(true)
        && to.map(day::isBefore).orElse(true);
  }
}
