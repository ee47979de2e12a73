// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * One request, before authentication.
 *
 * @param method {@code GET}, {@code POST} or {@code DELETE}
 * @param headers beside those that every request carries
 * @param body JSON text of a POST
 */
public record Request(String method, URI uri, Map<String, String> headers, Optional<String> body) {
  public Request {
    headers = Map.copyOf(headers);
  }

  public static Request get(URI uri) {
    return new Request("GET", uri, Map.of(), Optional.empty());
  }

  public static Request post(URI uri, String body) {
    return new Request("POST", uri, Map.of(), Optional.of(body));
  }

  /** Without the values of headers: one of them may be the credential. */
  @Override
  public String toString() {
    return "Request[" + method + " " + uri + ", headers=" + headers.keySet() + "]";
  }
}
