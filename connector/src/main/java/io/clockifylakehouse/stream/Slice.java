// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The unit of work and retry: one stream, one scope, one period, one variant of its endpoint.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param period of the stream's window column; {@link Period#ALWAYS} where it is read whole
 * @param variant the parameters of the endpoint's variant; empty where it has only one
 */
public record Slice(
    StreamDefinition stream, Scope scope, Period period, Map<String, String> variant) {
  public Slice {
    variant = Map.copyOf(variant);
  }

  /** For logs and messages: {@code tasks[workspace_id=…, project_id=…]}. */
  public String name() {
    StringBuilder name = new StringBuilder(stream.name());
    if (!scope.ids().isEmpty() || !variant.isEmpty()) {
      Map<String, String> parts = new LinkedHashMap<>(scope.ids());
      parts.putAll(variant);
      name.append(parts);
    }
    return name.toString();
  }
}
