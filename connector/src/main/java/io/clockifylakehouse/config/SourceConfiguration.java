// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import io.clockifylakehouse.stream.Host;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code source}: which Clockify, with which key, how fast.
 *
 * @param bases base URL of each host that is known; without a slash at the end
 * @param workspaces ids or exact names; empty for every workspace the key sees
 * @param requestTimeout of one attempt, from connecting to the whole answer
 */
public record SourceConfiguration(
    Map<Host, URI> bases,
    Auth auth,
    List<String> workspaces,
    Rate rate,
    Duration requestTimeout,
    Retry retry) {
  public SourceConfiguration {
    bases = Map.copyOf(bases);
    workspaces = List.copyOf(workspaces);
  }

  /** How a key is presented (API.md section 2). */
  public enum AuthType {
    /** {@code X-Api-Key}. */
    API_KEY,
    /** {@code X-Addon-Token}: cannot list workspaces, so they must be configured. */
    ADDON_TOKEN,
    /** {@code Authorization: Bearer}, to the Maton gateway. */
    MATON
  }

  /**
   * @param connection the gateway's connection; only with {@link AuthType#MATON}
   */
  public record Auth(AuthType type, SecretReference secret, Optional<String> connection) {}

  /** Requests per second: where the rate starts, and what it stays within. */
  public record Rate(double start, double min, double max) {}

  /**
   * @param attempts of one request, the first included
   * @param maxWait longest single wait between two attempts
   */
  public record Retry(int attempts, Duration maxWait) {}
}
