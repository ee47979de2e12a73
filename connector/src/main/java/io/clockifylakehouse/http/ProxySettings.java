// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that https requests leave by, as the variables {@code HTTPS_PROXY} and {@code NO_PROXY}
 * say it. Java's own properties ({@code https.proxyHost}) count where there are no variables.
 *
 * <p>Immutable, thus safe for use by several threads. No text of it holds the user or the password.
 *
 * @param host of the proxy
 * @param authorization value of the header {@code Proxy-Authorization}; empty without a user
 * @param direct names of hosts that are not asked by the proxy, with all below them; {@code *}:
 *     none
 */
public record ProxySettings(
    String host, int port, Optional<String> authorization, List<String> direct) {
  private static final int DEFAULT_PORT = 80;

  public ProxySettings {
    direct = List.copyOf(direct);
  }

  /**
   * The proxy that the environment names; empty when it names none.
   *
   * @throws ConnectorException CONFIGURATION for what is no http proxy; the message does not repeat
   *     it, since it may hold a password
   */
  public static Optional<ProxySettings> of(Map<String, String> environment) {
    String proxy = either(environment, "https_proxy");
    if (proxy.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(proxy.contains("://") ? proxy : "http://" + proxy);
      if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
        throw unusable();
      }
      return Optional.of(
          new ProxySettings(
              uri.getHost(),
              uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
              Optional.ofNullable(uri.getUserInfo()).map(ProxySettings::basic),
              Arrays.stream(either(environment, "no_proxy").split(","))
                  .map(name -> name.strip().toLowerCase(Locale.ROOT))
                  .filter(name -> !name.isEmpty())
                  .toList()));
    } catch (URISyntaxException e) {
      throw unusable();
    }
  }

  /** As curl reads them: the name in small letters first. */
  private static String either(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty()
        ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
        : value;
  }

  private static String basic(String userInfo) {
    byte[] bytes = userInfo.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static ConnectorException unusable() {
    return ConnectorException.configuration(
        "HTTPS_PROXY is not of the form http://host:port or http://user:password@host:port (its"
            + " special characters percent-encoded); correct it, or unset it to connect directly");
  }

  /** What must not be shown: the password, and what is sent of it. */
  public List<String> secrets() {
    return authorization
        .map(header -> header.substring("Basic ".length()))
        .map(
            sent -> {
              String decoded = new String(Base64.getDecoder().decode(sent), StandardCharsets.UTF_8);
              return List.of(sent, decoded.substring(decoded.indexOf(':') + 1));
            })
        .orElse(List.of());
  }

  /** True for a request that leaves by the proxy; none to this machine does. */
  boolean isFor(URI uri) {
    String target = uri.getHost().toLowerCase(Locale.ROOT);
    boolean goesDirect =
        direct.stream()
            .map(name -> name.startsWith(".") ? name.substring(1) : name)
            .anyMatch(
                name -> name.equals("*") || target.equals(name) || target.endsWith("." + name));
    return "https".equalsIgnoreCase(uri.getScheme()) && !goesDirect && !HostRule.isLoopback(target);
  }

  /** The same for the JDK's client. */
  ProxySelector selector() {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return isFor(uri)
            ? List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, port)))
            : List.of(Proxy.NO_PROXY);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // the request fails with it, too
      }
    };
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
