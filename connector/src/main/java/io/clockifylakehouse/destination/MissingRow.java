// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.util.List;
import java.util.Optional;

/**
 * A row of the table that seems gone at the service.
 *
 * @param scopeId id of its innermost ancestor below the workspace (a user, a project); empty for a
 *     stream directly below workspaces
 * @param key the values of its key columns, in the stream's order
 */
public record MissingRow(Optional<String> scopeId, List<Object> key) {
  public MissingRow {
    key = List.copyOf(key);
  }
}
