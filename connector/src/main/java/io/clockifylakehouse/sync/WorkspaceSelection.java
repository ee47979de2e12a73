// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which workspaces a run reads: those of the given ids or exact names, or all.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
record WorkspaceSelection(List<String> idsOrNames) {

  boolean all() {
    return idsOrNames.isEmpty();
  }

  boolean selects(String id, String name) {
    return all() || idsOrNames.contains(id) || idsOrNames.contains(name);
  }

  /** The ids and names that none of the workspaces has; names by id are given. */
  Set<String> missing(Map<String, String> workspaces) {
    Set<String> missing = new LinkedHashSet<>(idsOrNames);
    missing.removeAll(workspaces.keySet());
    missing.removeAll(workspaces.values());
    return missing;
  }
}
