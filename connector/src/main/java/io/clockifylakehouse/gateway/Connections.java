// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.Request;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connections that the Maton gateway manages for the owner of its key (API.md section 2). Safe
 * for use by several threads, as far as the exchange is.
 */
public final class Connections {
  private static final String APP = "clockify";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each gateway that has its connections on another host than its requests. */
  private static final Map<String, URI> ELSEWHERE =
      Map.of("gateway.maton.ai", URI.create("https://ctrl.maton.ai"));

  private final Exchange exchange;
  private final URI base;

  /**
   * @param exchange holds the gateway's key
   * @param base see {@link #base(URI)}
   */
  public Connections(Exchange exchange, URI base) {
    this.exchange = exchange;
    this.base = base;
  }

  /** Where the connections of a gateway are managed, whose requests go to a URL. */
  public static URI base(URI gateway) {
    URI elsewhere = ELSEWHERE.get(gateway.getHost());
    return elsewhere == null ? gateway.resolve("/") : elsewhere;
  }

  /** All connections to Clockify, in the gateway's order: active ones and others. */
  public List<Connection> list() {
    JsonNode answer = send("GET", "connections?app=" + APP, Optional.empty());
    JsonNode list = answer.path("connections");
    if (!list.isArray()) {
      throw unexpected("the list of connections has no array 'connections'");
    }
    List<Connection> connections = new ArrayList<>();
    list.forEach(one -> connections.add(connection(one)));
    return connections;
  }

  /** Makes a connection; it is pending until its URL was opened in a browser. */
  public Connection create() {
    String body = JSON.createObjectNode().put("app", APP).toString();
    return one(send("POST", "connections", Optional.of(body)));
  }

  public Connection show(String id) {
    return one(send("GET", path(id), Optional.empty()));
  }

  public void delete(String id) {
    send("DELETE", path(id), Optional.empty());
  }

  private static String path(String id) {
    return "connections/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  private JsonNode send(String method, String path, Optional<String> body) {
    Request request =
        new Request(method, base.resolve("/" + path), Map.of("Accept", "application/json"), body);
    return exchange.send(
        request,
        response -> {
          byte[] bytes = response.open().readAllBytes();
          return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        });
  }

  /** Creating answers with the connection itself, or with its id alone. */
  private static Connection one(JsonNode answer) {
    return connection(answer.path("connection").isObject() ? answer.get("connection") : answer);
  }

  private static Connection connection(JsonNode json) {
    Optional<String> id = text(json, "connection_id");
    if (id.isEmpty()) {
      throw unexpected("a connection has no 'connection_id'");
    }
    return new Connection(
        id.get(),
        text(json, "status").orElse("PENDING"),
        text(json, "creation_time"),
        text(json, "last_updated_time"),
        text(json, "url"));
  }

  private static Optional<String> text(JsonNode json, String field) {
    return Optional.of(json.path(field).asText("")).filter(text -> !text.isEmpty());
  }

  private static ConnectorException unexpected(String what) {
    return new ConnectorException(
        ErrorCode.UNEXPECTED_ANSWER,
        "The gateway's answer is not the documented one: " + what + "; check source.base_url");
  }
}
