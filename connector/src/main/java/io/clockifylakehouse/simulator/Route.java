// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import io.clockifylakehouse.simulator.Plan.Feature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One operation of the service. Immutable.
 *
 * @param method HTTP method
 * @param path its segments; one in braces stands for any value
 * @param feature what the workspace's plan must have
 * @param openToAddons whether add-on tokens may call it
 * @param openToMembers whether a key without the role of an admin may call it
 */
record Route(
    String method,
    List<String> path,
    Optional<Feature> feature,
    boolean openToAddons,
    boolean openToMembers,
    Endpoint endpoint) {

  /** What answers a call. */
  interface Endpoint {
    Answer answer(Call call);
  }

  static Route get(String path, Endpoint endpoint) {
    return of("GET", path, endpoint);
  }

  static Route post(String path, Endpoint endpoint) {
    return of("POST", path, endpoint);
  }

  private static Route of(String method, String path, Endpoint endpoint) {
    List<String> segments = List.of(path.split("/"));
    return new Route(method, segments, Optional.empty(), true, true, endpoint);
  }

  Route needs(Feature needed) {
    return new Route(method, path, Optional.of(needed), openToAddons, openToMembers, endpoint);
  }

  Route closedToAddons() {
    return new Route(method, path, feature, false, openToMembers, endpoint);
  }

  Route closedToMembers() {
    return new Route(method, path, feature, openToAddons, false, endpoint);
  }

  /** The values of the placeholders when the path is this one. */
  Optional<Map<String, String>> match(List<String> segments) {
    if (segments.size() != path.size()) {
      return Optional.empty();
    }
    Map<String, String> variables = new TreeMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String expected = path.get(i);
      if (expected.startsWith("{")) {
        variables.put(expected.substring(1, expected.length() - 1), segments.get(i));
      } else if (!expected.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }
}
