// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The records of one kind in a simulated workspace, open to change while the server runs.
 *
 * <p>Records given and taken are copies. Implementations are safe for use by several threads: an
 * answer of the server sees each change wholly or not at all.
 */
public interface Records {
  int size();

  /** All ids, oldest first. */
  List<String> ids();

  Optional<ObjectNode> find(String id);

  /** Creates the record, or replaces the one with its id. Unknown fields are kept. */
  void put(ObjectNode record);

  /** Changes a record in place; false when there is none. The id must stay. */
  boolean edit(String id, Consumer<ObjectNode> change);

  /** Deletes a record; false when there is none. */
  boolean remove(String id);
}
