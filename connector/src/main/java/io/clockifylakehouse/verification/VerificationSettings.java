// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What one verification compares.
 *
 * @param streams names or globs; empty for all
 * @param workspaces ids or exact names; empty for all in the tables
 * @param workspacesByIdOnly true when the key cannot list workspaces
 * @param from first UTC date of the time entries and expenses compared; empty for all
 * @param to first UTC date after them; empty for all
 * @param deep true to read everything anew and compare row by row
 * @param lookback of the syncs: how far back each re-reads time entries
 * @param skipForbidden true when what this key may not ask does not change the exit code
 */
public record VerificationSettings(
    List<String> streams,
    List<String> workspaces,
    boolean workspacesByIdOnly,
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    boolean deep,
    Duration lookback,
    boolean skipForbidden) {
  public VerificationSettings {
    streams = List.copyOf(streams);
    workspaces = List.copyOf(workspaces);
  }
}
