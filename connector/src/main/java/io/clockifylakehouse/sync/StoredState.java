// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.state.WindowState;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint that a table keeps of a load. One that somebody edited, or that another version
 * wrote, counts as none: the load is then read whole, which is slower and never wrong. Stateless.
 */
final class StoredState {
  private static final Logger LOG = LoggerFactory.getLogger(StoredState.class);

  private StoredState() {}

  /** Empty when there is none, or none that can be read. */
  static Optional<WindowState> of(Destination destination, Load load) {
    Optional<String> json = destination.state(load.stream(), load.workspaceId());
    try {
      return json.map(WindowState::parse);
    } catch (ConnectorException e) {
      LOG.warn("{}: {}", load, e.getMessage());
      return Optional.empty();
    }
  }
}
