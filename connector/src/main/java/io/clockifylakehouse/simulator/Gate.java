// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Optional;

/**
 * Who a request is from, by its headers (API.md sections 2 and 3). Immutable, thus safe for use by
 * several threads.
 */
final class Gate {
  private static final String API_KEY = "X-Api-Key";
  private static final String ADDON_TOKEN = "X-Addon-Token";

  private final Credentials credentials;
  private final SimulatorSettings settings;
  private final Optional<GatewayConnections> connections;

  /**
   * @param connections of the gateway; empty when there is none
   */
  Gate(
      Credentials credentials,
      SimulatorSettings settings,
      Optional<GatewayConnections> connections) {
    this.credentials = credentials;
    this.settings = settings;
    this.connections = connections;
  }

  /** The refusal of a request that came straight to the service; empty when it may pass. */
  Optional<Answer> refusal(Headers headers) {
    List<String> keys = headers.getOrDefault(API_KEY, List.of());
    List<String> tokens = headers.getOrDefault(ADDON_TOKEN, List.of());
    if (keys.size() + tokens.size() != 1) {
      return Optional.of(Answer.refusal(401, 1000, "Multiple or none auth tokens present"));
    }
    if (keys.size() == 1 && !keys.get(0).equals(credentials.apiKey())) {
      return Optional.of(Answer.refusal(401, 4003, "Api key does not exist"));
    }
    if (tokens.size() == 1 && !tokens.get(0).equals(credentials.addonToken())) {
      return Optional.of(Answer.refusal(401, 4017, "Token is not valid"));
    }
    return Optional.empty();
  }

  /** The refusal of a request to the gateway; empty when it may pass. */
  Optional<Answer> gatewayRefusal(Headers headers) {
    Optional<Answer> refusal = keyRefusal(headers);
    if (refusal.isPresent()) {
      return refusal;
    }
    Optional<String> connection = Optional.ofNullable(headers.getFirst("Maton-Connection"));
    return connections.orElseThrow().isActive(connection)
        ? Optional.empty()
        : Optional.of(Answer.refusal(400, "No active clockify connection"));
  }

  /** The refusal of a request that does not carry the gateway's key; empty when it does. */
  Optional<Answer> keyRefusal(Headers headers) {
    return ("Bearer " + credentials.gatewayKey()).equals(headers.getFirst("Authorization"))
        ? Optional.empty()
        : Optional.of(Answer.refusal(401, "Invalid API key"));
  }

  /** Whom a request that passed speaks for. */
  Caller caller(Headers headers, String ownerId) {
    return new Caller(ownerId, !settings.member(), headers.containsKey(ADDON_TOKEN));
  }
}
