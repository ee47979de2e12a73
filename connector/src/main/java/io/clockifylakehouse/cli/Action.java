// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A command: it parses, wires and renders; everything around that is the {@link Invocation}'s. */
interface Action {
  /**
   * @throws io.clockifylakehouse.error.ConnectorException for every foreseen failure
   */
  Outcome run(Session session);

  /** The keys that the JSON result has beside the common ones when there is no outcome. */
  default void describeFailure(ObjectNode result) {}
}
