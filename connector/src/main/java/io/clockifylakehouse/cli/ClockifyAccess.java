// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.SourceConfiguration;
import io.clockifylakehouse.config.SourceConfiguration.Auth;
import io.clockifylakehouse.http.ApiExchange;
import io.clockifylakehouse.http.Credentials;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.JdkTransport;
import io.clockifylakehouse.http.ProxySettings;
import io.clockifylakehouse.http.RateSettings;
import io.clockifylakehouse.http.RetrySettings;
import io.clockifylakehouse.source.ClockifySource;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Clockify as it is configured: an exchange that holds the key, and the source that reads through
 * it.
 */
record ClockifyAccess(Exchange exchange, ClockifySource source) {

  /** Reads the key; sends nothing yet. */
  static ClockifyAccess open(SourceConfiguration configuration, Session session) {
    Exchange exchange =
        exchange(configuration, session, Set.copyOf(configuration.bases().values()));
    return new ClockifyAccess(
        exchange, new ClockifySource(exchange, session.catalog(), configuration.bases()));
  }

  /**
   * An exchange that holds the configured key.
   *
   * @param bases the hosts that the key may go to
   */
  static Exchange exchange(SourceConfiguration configuration, Session session, Set<URI> bases) {
    Supplier<Credentials> origin = () -> credentials(configuration.auth(), session);
    Optional<ProxySettings> proxy = ProxySettings.of(session.surroundings().environment());
    proxy.ifPresent(settings -> settings.secrets().forEach(session.redaction()::add));
    return new ApiExchange(
        new JdkTransport(configuration.requestTimeout(), proxy),
        origin.get(),
        origin,
        bases,
        rate(configuration),
        new RetrySettings(configuration.retry().attempts(), configuration.retry().maxWait()),
        session.surroundings().time());
  }

  /** How fast its requests may leave. */
  static RateSettings rate(SourceConfiguration configuration) {
    return new RateSettings(
        configuration.rate().start(), configuration.rate().min(), configuration.rate().max());
  }

  private static Credentials credentials(Auth auth, Session session) {
    String key = auth.secret().resolve().reveal();
    session.redaction().add(key);
    return switch (auth.type()) {
      case API_KEY -> new Credentials.ApiKey(key);
      case ADDON_TOKEN -> new Credentials.AddonToken(key);
      case MATON -> new Credentials.Maton(key, auth.connection());
    };
  }
}
