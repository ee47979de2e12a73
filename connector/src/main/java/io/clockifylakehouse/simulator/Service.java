// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The service without its sockets: a request in, an answer out. Rate caps come first, then
 * identity, then the operation. Thread-safe.
 */
final class Service {
  static final String MAIN = "/api/v1/";
  static final String REPORTS = "/report/v1/";
  static final String AUDIT = "/auditlog/v1/";
  static final String GATEWAY = "/clockify/api/v1/";

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long HOUR_NANOS = 3600 * SECOND_NANOS;

  private final World world;
  private final SimulatorSettings settings;
  private final Gate gate;
  private final Optional<GatewayConnections> connections;
  private final Map<String, Router> routers;
  private final RateCap perSecond;
  private final Map<String, RateCap> perHour = new ConcurrentHashMap<>();
  private final AtomicInteger turns = new AtomicInteger();

  Service(World world, SimulatorSettings settings, Credentials credentials) {
    this.world = world;
    this.settings = settings;
    this.connections = settings.gateway().map(gateway -> new GatewayConnections(gateway, settings));
    this.gate = new Gate(credentials, settings, connections);
    this.perSecond = new RateCap(settings.requestsPerSecond(), SECOND_NANOS);
    List<Route> main = new ArrayList<>(IdentityEndpoints.routes());
    main.addAll(TaxonomyEndpoints.routes());
    main.addAll(EntryEndpoints.routes());
    main.addAll(BillingEndpoints.routes());
    main.addAll(WorkflowEndpoints.routes());
    main.addAll(AdministrationEndpoints.routes());
    main.addAll(ChangeEndpoints.routes());
    List<Route> reports = new ArrayList<>(AdministrationEndpoints.reportRoutes());
    reports.addAll(ReportEndpoints.routes());
    this.routers =
        Map.of(
            MAIN, new Router(world, main),
            REPORTS, new Router(world, reports),
            AUDIT, new Router(world, ChangeEndpoints.auditRoutes()));
  }

  /**
   * Counts a request against the caps; the refusal when it is over one. Requests must be counted in
   * the order of their arrival.
   */
  Optional<Answer> throttled(URI target, long arrivalNanos) {
    Optional<Answer> throttled = throttled(perSecond, arrivalNanos);
    return throttled.isEmpty() && settings.requestsPerHour() > 0
        ? overQuota(target.getPath(), arrivalNanos)
        : throttled;
  }

  /** The answer to a request that is not throttled. */
  Answer answer(String method, URI target, Headers headers, byte[] body) {
    String path = target.getPath();
    if (connections.isPresent() && path.startsWith(GatewayConnections.PATH)) {
      Optional<Answer> refusal = gate.keyRefusal(headers);
      return refusal.isPresent()
          ? refusal.get()
          : connections.get().answer(method, path, query(target.getRawQuery()), body);
    }
    if (path.startsWith(GATEWAY) && settings.gateway().isPresent()) {
      SimulatorSettings.Gateway gateway = settings.gateway().get();
      Optional<Answer> refusal = gate.gatewayRefusal(headers);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      Caller caller = new Caller(world.ownerId(), !settings.member(), false);
      Answer answer = routed(method, MAIN, GATEWAY, target, body, caller);
      return gateway.passesLastPage()
          ? answer
          : new Answer(answer.status(), Map.of(), answer.body());
    }
    for (String base : routers.keySet()) {
      if (path.startsWith(base)) {
        Optional<Answer> refusal = gate.refusal(headers);
        return refusal.isPresent()
            ? refusal.get()
            : routed(method, base, base, target, body, gate.caller(headers, world.ownerId()));
      }
    }
    return Answer.empty(404);
  }

  private Answer routed(
      String method, String router, String base, URI target, byte[] body, Caller caller) {
    String path = target.getPath().substring(base.length());
    int turn = settings.shuffleSets() ? turns.incrementAndGet() : 0;
    Map<String, List<String>> query = query(target.getRawQuery());
    return world.read(() -> routers.get(router).answer(method, path, query, body, caller, turn));
  }

  private Optional<Answer> overQuota(String path, long now) {
    String[] segments = path.split("/");
    for (int i = 0; i + 1 < segments.length; i++) {
      if (segments[i].equals("workspaces")) {
        Optional<Workspace> workspace = world.find(segments[i + 1]);
        if (workspace.isPresent() && workspace.get().plan() == Plan.FREE) {
          return throttled(
              perHour.computeIfAbsent(
                  workspace.get().id(), id -> new RateCap(settings.requestsPerHour(), HOUR_NANOS)),
              now);
        }
      }
    }
    return Optional.empty();
  }

  /** With a body and without one, as both occur. */
  private Optional<Answer> throttled(RateCap cap, long now) {
    if (cap.admits(now)) {
      return Optional.empty();
    }
    Answer answer =
        turns.incrementAndGet() % 2 == 0
            ? Answer.empty(429)
            : Answer.refusal(429, "Too many requests");
    return Optional.of(
        settings.retryAfter()
            ? answer.with("Retry-After", Long.toString(cap.retryAfterSeconds(now)))
            : answer);
  }

  static Map<String, List<String>> query(String raw) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    for (String pair : raw.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.computeIfAbsent(decoded(name), unused -> new ArrayList<>()).add(decoded(value));
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
