// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import java.time.Duration;
import java.util.List;

/**
 * What one run reads.
 *
 * @param command as the user typed it, for the result and {@code sync_runs}
 * @param streams names or globs; {@code -name} leaves one out; empty means all
 * @param workspaces ids or exact names; empty means every workspace the key sees
 * @param workspacesByIdOnly true when the key cannot list workspaces (an add-on token), so that
 *     each configured id is read by itself
 * @param reading how much of the streams that can be read by time
 * @param skipForbidden true when a stream that this key may not read does not change the exit code
 * @param keepTags how long this run's tag stays
 * @param keepSnapshots how long snapshots stay that no tag names; more than any run takes
 */
public record SyncSettings(
    String command,
    List<String> streams,
    List<String> workspaces,
    boolean workspacesByIdOnly,
    Reading reading,
    boolean skipForbidden,
    Duration keepTags,
    Duration keepSnapshots) {
  public SyncSettings {
    streams = List.copyOf(streams);
    workspaces = List.copyOf(workspaces);
  }
}
