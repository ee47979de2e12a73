// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Where a credential may go: encrypted, or to this machine; and to configured hosts only.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param origins scheme, host and port of each allowed base; empty for any host
 */
record HostRule(Optional<Set<String>> origins) {
  /** By name, without a look-up: what a name resolves to may change between check and use. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

  static HostRule anyHost() {
    return new HostRule(Optional.empty());
  }

  /**
   * @throws ConnectorException CONFIGURATION for a base that is neither https nor on loopback
   */
  static HostRule only(Set<URI> bases) {
    Set<String> origins = new TreeSet<>();
    for (URI base : bases) {
      requireSafe(base);
      origins.add(origin(base));
    }
    return new HostRule(Optional.of(origins));
  }

  /**
   * @throws ConnectorException CONFIGURATION, naming the URL, when it may not be sent to
   */
  void check(URI uri) {
    requireSafe(uri);
    if (origins.isPresent() && !origins.get().contains(origin(uri))) {
      throw ConnectorException.configuration(
          String.format(
              "%s is not on a configured host: the key goes to %s only. If that is Clockify's new"
                  + " address, set source.base_url (or source.region)",
              place(uri), String.join(", ", origins.get())));
    }
  }

  /**
   * @throws ConnectorException CONFIGURATION, naming the URL, unless it is https, or http to
   *     loopback, without a user in it
   */
  static void requireSafe(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    boolean safe = scheme.equals("https") || scheme.equals("http") && isLoopback(host);
    if (!safe || host.isEmpty() || uri.getRawUserInfo() != null) {
      throw ConnectorException.configuration(
          "Refused to send the key to "
              + place(uri)
              + ": a URL must be https://host/…, without user and password; plain http is for"
              + " localhost, 127.0.0.1 and [::1] only");
    }
  }

  /** True for this machine's names for itself, in small letters. */
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  /** Scheme, host and port. */
  static String origin(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }

  /** The URL without what may be secret: user and query. */
  static String place(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return (uri.getScheme() == null ? "" : uri.getScheme() + "://") + host + port + path;
  }
}
