// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.http.Traffic;
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

  /** {@code ok}, {@code partial} (some streams are whole) or {@code failed}. */
  public String status() {
    if (exitCode == 0) {
      return "ok";
    }
    boolean anyWhole = streams.stream().anyMatch(StreamResult::whole);
    return anyWhole ? "partial" : "failed";
  }
}
