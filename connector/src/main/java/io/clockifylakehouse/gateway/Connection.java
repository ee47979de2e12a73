// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.gateway;

import java.util.Optional;

/**
 * One connection of the gateway to a Clockify account. Immutable, thus safe for use by several
 * threads.
 *
 * @param status in the gateway's own words: {@code ACTIVE}, {@code PENDING}, ...
 * @param createdAt as the gateway wrote it
 * @param updatedAt as the gateway wrote it
 * @param url to be opened in a browser to authorise the connection; whoever has it can do so
 */
public record Connection(
    String id,
    String status,
    Optional<String> createdAt,
    Optional<String> updatedAt,
    Optional<String> url) {
  /** Without the address, which holds a session's token. */
  @Override
  public String toString() {
    return "Connection[" + id + ", " + status + "]";
  }
}
