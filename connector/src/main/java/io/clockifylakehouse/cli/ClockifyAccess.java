// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.Secret;
import io.clockifylakehouse.config.SourceConfiguration;
import io.clockifylakehouse.config.SourceConfiguration.Auth;
import io.clockifylakehouse.http.ApiExchange;
import io.clockifylakehouse.http.Credentials;
import io.clockifylakehouse.http.Exchange;
import io.clockifylakehouse.http.JdkTransport;
import io.clockifylakehouse.http.RateSettings;
import io.clockifylakehouse.http.RetrySettings;
import io.clockifylakehouse.source.ClockifySource;
import java.util.Set;

/**
 * Clockify as it is configured: an exchange that holds the key, and the source that reads through
 * it.
 */
record ClockifyAccess(Exchange exchange, ClockifySource source) {

  /** Reads the key; sends nothing yet. */
  static ClockifyAccess open(SourceConfiguration configuration, Session session) {
    Secret secret = configuration.auth().secret().resolve();
    session.redaction().add(secret.reveal());
    Exchange exchange =
        new ApiExchange(
            new JdkTransport(configuration.requestTimeout()),
            credentials(configuration.auth(), secret.reveal()),
            Set.copyOf(configuration.bases().values()),
            new RateSettings(
                configuration.rate().start(),
                configuration.rate().min(),
                configuration.rate().max()),
            new RetrySettings(configuration.retry().attempts(), configuration.retry().maxWait()),
            session.surroundings().time());
    return new ClockifyAccess(
        exchange, new ClockifySource(exchange, session.catalog(), configuration.bases()));
  }

  private static Credentials credentials(Auth auth, String key) {
    return switch (auth.type()) {
      case API_KEY -> new Credentials.ApiKey(key);
      case ADDON_TOKEN -> new Credentials.AddonToken(key);
      case MATON -> new Credentials.Maton(key, auth.connection());
    };
  }
}
