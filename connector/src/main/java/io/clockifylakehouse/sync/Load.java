// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.StreamDefinition;
import java.util.Optional;

/**
 * What is committed at once: one stream of one workspace, or one stream above workspaces.
 *
 * @param workspaceId empty for a stream above workspaces
 */
record Load(StreamDefinition stream, Optional<String> workspaceId) {

  /** Streams have one definition each, so that the name says it all. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Load load
        && stream.name().equals(load.stream.name())
        && workspaceId.equals(load.workspaceId);
  }

  @Override
  public int hashCode() {
    return 31 * stream.name().hashCode() + workspaceId.hashCode();
  }

  @Override
  public String toString() {
    return stream.name() + workspaceId.map(id -> "[" + id + "]").orElse("");
  }
}
