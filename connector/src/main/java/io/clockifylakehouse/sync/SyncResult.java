// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.sync.StreamResult.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a run ended, whatever happened in it.
 *
 * @param exitCode of the contract
 * @param reason why the whole run ended early (a 401, a signal); empty when it went through
 * @param workspaceNames names of the workspaces by id, as far as they are known
 */
public record SyncResult(
    String command,
    SyncStamp stamp,
    Instant finishedAt,
    int exitCode,
    Optional<String> reason,
    Traffic traffic,
    List<StreamResult> streams,
    Map<String, String> workspaceNames) {

  /** Why the run is not whole, in one line: its early end, or the first stream left out. */
  public Optional<String> summary() {
    if (reason.isPresent() || exitCode == 0) {
      return reason;
    }
    List<StreamResult> left =
        streams.stream()
            .filter(s -> s.status() == Status.FAILED || s.status() == Status.FORBIDDEN)
            .filter(s -> s.reason().isPresent())
            .toList();
    String more =
        left.size() < 2
            ? ""
            : " (and %d more, each with its reason in the result)".formatted(left.size() - 1);
    // The one that decides the exit code; parents come before their children.
    return left.stream()
        .filter(s -> s.cause().filter(code -> code.exitCode() == exitCode).isPresent())
        .findFirst()
        .or(() -> left.stream().findFirst())
        .flatMap(StreamResult::reason)
        .map(first -> first + more);
  }

  /** {@code ok}, {@code partial} (some streams are whole) or {@code failed}. */
  public String status() {
    if (exitCode == 0) {
      return "ok";
    }
    boolean anyWhole = streams.stream().anyMatch(StreamResult::whole);
    return anyWhole ? "partial" : "failed";
  }
}
