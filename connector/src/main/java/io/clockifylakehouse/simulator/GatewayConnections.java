// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connections that the gateway manages (API.md section 2): one is active from the start, new
 * ones stay pending, as nobody opens their address in a browser. Thread-safe.
 */
final class GatewayConnections {
  static final String PATH = "/connections";

  private static final String ACTIVE = "ACTIVE";

  private final SimulatorSettings settings;
  private final Map<String, ObjectNode> connections = new LinkedHashMap<>();
  private int made;

  GatewayConnections(SimulatorSettings.Gateway gateway, SimulatorSettings settings) {
    this.settings = settings;
    add(gateway.connection(), ACTIVE);
  }

  private ObjectNode add(String id, String status) {
    String now = settings.time().now().toString();
    ObjectNode connection =
        JsonNodeFactory.instance
            .objectNode()
            .put("connection_id", id)
            .put("status", status)
            .put("creation_time", now)
            .put("last_updated_time", now)
            .put("url", "https://connect.example/?session_token=" + id)
            .put("app", "clockify");
    connection.putObject("metadata");
    connections.put(id, connection);
    return connection;
  }

  /** Whether requests may go through a connection; through the oldest one when none is named. */
  synchronized boolean isActive(Optional<String> id) {
    return connections.values().stream()
        .filter(one -> id.isEmpty() || one.path("connection_id").asText().equals(id.get()))
        .anyMatch(one -> one.path("status").asText().equals(ACTIVE));
  }

  synchronized Answer answer(
      String method, String path, Map<String, List<String>> query, byte[] body) {
    String id = path.equals(PATH) ? "" : path.substring(PATH.length() + 1);
    if (id.isEmpty()) {
      return switch (method) {
        case "GET" -> list(query);
        case "POST" -> create(body);
        default -> Answer.empty(405);
      };
    }
    if (!connections.containsKey(id)) {
      return Answer.refusal(404, "Connection not found");
    }
    return switch (method) {
      case "GET" -> one(connections.get(id));
      case "DELETE" -> {
        connections.remove(id);
        yield Answer.ok(JsonNodeFactory.instance.objectNode(), 0);
      }
      default -> Answer.empty(405);
    };
  }

  private Answer list(Map<String, List<String>> query) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode array = answer.putArray("connections");
    connections.values().stream()
        .filter(one -> matches(one, query, "app") && matches(one, query, "status"))
        .forEach(array::add);
    return Answer.ok(answer, 0);
  }

  private static boolean matches(ObjectNode one, Map<String, List<String>> query, String field) {
    return !query.containsKey(field) || query.get(field).contains(one.path(field).asText());
  }

  private Answer create(byte[] body) {
    if (!Json.parse(body).path("app").asText().equals("clockify")) {
      return Answer.refusal(400, "Unknown app");
    }
    return one(add(String.format("00000000-0000-4000-8000-%012d", ++made), "PENDING"));
  }

  private static Answer one(ObjectNode connection) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("connection", connection);
    return Answer.ok(answer, 0);
  }
}
