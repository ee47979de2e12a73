// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What proves to the service who asks, in one of the three ways it knows (API.md section 2).
 *
 * <p>Immutable, thus safe for use by several threads. {@code toString} never shows a value.
 * Constructors throw CONFIGURATION for a value that cannot be a header, without showing it.
 */
public sealed interface Credentials {
  /** The secret itself. */
  String value();

  /** The request headers that carry it. */
  Map<String, String> headers();

  /** A person's or service account's key. */
  record ApiKey(String value) implements Credentials {
    public ApiKey {
      requireToken(value, "API key");
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("X-Api-Key", value);
    }

    @Override
    public String toString() {
      return "ApiKey[" + Redaction.MARK + "]";
    }
  }

  /** The token of an installed add-on: a JWT. */
  record AddonToken(String value) implements Credentials {
    public AddonToken {
      requireToken(value, "add-on token");
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("X-Addon-Token", value);
    }

    @Override
    public String toString() {
      return "AddonToken[" + Redaction.MARK + "]";
    }
  }

  /**
   * The key of a bearer gateway before the service.
   *
   * @param connection which of the gateway's connections; absent for its oldest active one
   */
  record Maton(String value, Optional<String> connection) implements Credentials {
    public Maton {
      requireToken(value, "Maton key");
      connection.ifPresent(id -> requireToken(id, "Maton connection"));
    }

    @Override
    public Map<String, String> headers() {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("Authorization", "Bearer " + value);
      connection.ifPresent(id -> headers.put("Maton-Connection", id));
      return Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return "Maton[" + Redaction.MARK + "]";
    }
  }

  private static void requireToken(String value, String what) {
    if (value.isEmpty()) {
      throw ConnectorException.configuration(
          "The " + what + " is empty: set source.auth, or the variable or file it names");
    }
    for (int at = 0; at < value.length(); at++) {
      if (value.charAt(at) < '!' || value.charAt(at) > '~') {
        throw ConnectorException.configuration(
            String.format(
                "The %s (%d characters) holds a space, a line break or another character that "
                    + "cannot stand in a header, at position %d: copy it again, without what is "
                    + "around it",
                what, value.length(), at + 1));
      }
    }
  }
}
