// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * The state of a stream and workspace as a property of its table: one property for each workspace,
 * so that the writers of two workspaces do not meet. Stateless and safe for use by several threads.
 */
final class StreamState {
  private static final String PREFIX = "clockify.state";

  private StreamState() {}

  /**
   * @param workspaceId empty for a stream above workspaces
   */
  static String property(Optional<String> workspaceId) {
    return PREFIX + workspaceId.map(id -> "." + id).orElse("");
  }

  static Optional<String> of(Table table, Optional<String> workspaceId) {
    return Optional.ofNullable(table.properties().get(property(workspaceId)));
  }
}
