// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.time.SystemTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that signed its certificate itself, as an intercepting proxy does. */
class UntrustedServerTest {
  @TempDir private Path folder;

  @Test
  void anUntrustedCertificateIsAnErrorOfTheConfigurationThatNamesTheTrustStore() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(SelfSigned.of("localhost", folder).serving()));
    AtomicInteger requests = new AtomicInteger();
    server.createContext("/", exchange -> requests.incrementAndGet());
    server.start();
    try {
      int port = server.getAddress().getPort();
      ApiExchange exchange =
          new ApiExchange(
              new JdkTransport(Duration.ofSeconds(30)),
              new Credentials.ApiKey("some-key"),
              new RateSettings(10, 1, 10),
              new RetrySettings(6, Duration.ofSeconds(1)),
              new SystemTime());
      Request request = Request.get(URI.create("https://localhost:" + port + "/api/v1/user"));
      assertThatThrownBy(() -> exchange.send(request, Response::status))
          .isInstanceOfSatisfying(
              ConnectorException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
          .hasMessageContaining("https://localhost:" + port)
          .hasMessageContaining("javax.net.ssl.trustStore");
      assertThat(exchange.traffic().sent()).isEqualTo(1);
      assertThat(requests).hasValue(0);
    } finally {
      server.stop(0);
    }
  }
}
