// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import io.clockifylakehouse.simulator.Plan.Feature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the endpoint for a request and refuses what the service refuses before an endpoint is
 * asked: unknown paths and methods, unknown workspaces, features the plan has not, operations the
 * role has not. Immutable, thus safe for use by several threads.
 */
final class Router {
  private final World world;
  private final List<Route> routes;

  /**
   * @param routes a path with a literal segment stands before one with a placeholder there
   */
  Router(World world, List<Route> routes) {
    this.world = world;
    this.routes = List.copyOf(routes);
  }

  Answer answer(
      String method,
      String path,
      Map<String, List<String>> query,
      byte[] body,
      Caller caller,
      int turn) {
    List<String> segments = List.of(path.split("/"));
    Set<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> variables = route.match(segments);
      if (variables.isPresent() && route.method().equals(method)) {
        Call call = new Call(world, caller, variables.get(), query, body, turn);
        return answer(route, call);
      }
      if (variables.isPresent()) {
        allowed.add(route.method());
      }
    }
    if (allowed.isEmpty()) {
      return Answer.refusal(404, 3000, "No static resource v1/" + path + ".");
    }
    return Answer.refusal(405, 3000, "Request method '" + method + "' is not supported")
        .with("Allow", String.join(",", allowed));
  }

  private Answer answer(Route route, Call call) {
    if (route.path().contains("{workspace}")) {
      Optional<Workspace> workspace = world.find(call.variable("workspace"));
      if (workspace.isEmpty()) {
        return Answer.empty(404);
      }
      Optional<Feature> feature = route.feature();
      if (feature.isPresent() && !workspace.get().plan().has(feature.get())) {
        return forbidden(route);
      }
    }
    if (!route.openToAddons() && call.caller().addon()
        || !route.openToMembers() && !call.caller().admin()) {
      return forbidden(route);
    }
    Answer answer = route.endpoint().answer(call);
    return call.refusal().orElse(answer);
  }

  /** With a body on some paths and without one on others: both occur, and no code is known. */
  private static Answer forbidden(Route route) {
    return route.path().size() % 2 == 0 ? Answer.empty(403) : Answer.refusal(403, "Access Denied");
  }
}
