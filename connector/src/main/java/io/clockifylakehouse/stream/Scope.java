// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ids of a slice's ancestors, outermost first, by the column under which a child's rows hold
 * them: {@code workspace_id=…, project_id=…}.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public record Scope(Map<String, String> ids) {
  public static final String WORKSPACE = "workspace_id";

  /** Stands for the record's own id where a slice is a single record. */
  public static final String OWN = "id";

  public static final Scope ROOT = new Scope(Map.of());

  public Scope {
    ids = Collections.unmodifiableMap(new LinkedHashMap<>(ids));
  }

  /** The scope one level below this one. */
  public Scope with(String column, String id) {
    Map<String, String> deeper = new LinkedHashMap<>(ids);
    deeper.put(column, id);
    return new Scope(deeper);
  }

  /** The workspace this scope lies in; empty above workspaces. */
  public Optional<String> workspace() {
    return Optional.ofNullable(ids.get(WORKSPACE));
  }
}
