// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.server.ConnectProxy;
import io.clockifylakehouse.time.SystemTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A company's proxy between this machine and the service. */
class ProxyTest {
  private static final String PASSWORD = "s3cret p@ss";
  private static final String ENCODED = "s3cret%20p%40ss";
  private static final String BASIC = "Basic Y2xlcms6czNjcmV0IHBAc3M="; // clerk:s3cret p@ss

  @TempDir private Path folder;

  private static Optional<ProxySettings> of(String proxy, String direct) {
    return ProxySettings.of(Map.of("HTTPS_PROXY", proxy, "NO_PROXY", direct));
  }

  @Test
  void requestsLeaveByItWithItsPasswordWhichTheServiceNeverSees() throws Exception {
    SelfSigned certificate = SelfSigned.of("clockify.test", folder);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.serving()));
    List<Headers> received = new CopyOnWriteArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          received.add(exchange.getRequestHeaders());
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'[', ']'});
          exchange.close();
        });
    server.start();
    SSLContext usual = SSLContext.getDefault();
    try (ConnectProxy proxy =
        ConnectProxy.start(server.getAddress().getPort(), Optional.of(BASIC))) {
      SSLContext.setDefault(certificate.trusting());
      String url = "http://clerk:" + ENCODED + "@127.0.0.1:" + proxy.port();
      ProxySettings settings = of(url, "").orElseThrow();
      assertThat(settings.secrets()).contains(PASSWORD);
      assertThat(settings.toString()).isEqualTo("127.0.0.1:" + proxy.port());
      Request request =
          new Request(
              "GET",
              URI.create("https://clockify.test/api/v1/user"),
              Map.of("X-Api-Key", "the-key"),
              Optional.empty());
      Response response =
          new JdkTransport(Duration.ofSeconds(30), Optional.of(settings)).send(request);
      assertThat(response.status()).isEqualTo(200);
      assertThat(proxy.heads())
          .singleElement()
          .satisfies(
              head ->
                  assertThat(head)
                      .startsWith("CONNECT clockify.test:443 ")
                      .contains(BASIC)
                      .doesNotContain("the-key"));
      assertThat(received)
          .singleElement()
          .satisfies(
              headers -> {
                assertThat(headers).doesNotContainKey("Proxy-authorization");
                assertThat(headers.getFirst("X-Api-Key")).isEqualTo("the-key");
              });
    } finally {
      SSLContext.setDefault(usual);
      server.stop(0);
    }
  }

  @Test
  void oneThatWantsAPasswordIsNamedAsWhatToConfigure() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.start(1, Optional.of(BASIC))) {
      ApiExchange exchange =
          new ApiExchange(
              new JdkTransport(Duration.ofSeconds(30), of("http://127.0.0.1:" + proxy.port(), "")),
              new Credentials.ApiKey("some-key"),
              new RateSettings(10, 1, 10),
              new RetrySettings(6, Duration.ofSeconds(1)),
              new SystemTime());
      Request request = Request.get(URI.create("https://clockify.test/api/v1/user"));
      assertThatThrownBy(() -> exchange.send(request, Response::status))
          .isInstanceOfSatisfying(
              ConnectorException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
          .hasMessageContaining("407")
          .hasMessageContaining("HTTPS_PROXY");
      assertThat(proxy.heads()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "proxy.corp:3128, proxy.corp, 3128",
    "http://proxy.corp, proxy.corp, 80",
    "HTTP://u:p@10.0.0.1:8080/, 10.0.0.1, 8080",
  })
  void isNamedByTheUsualVariables(String value, String host, int port) {
    for (String name : List.of("HTTPS_PROXY", "https_proxy")) {
      ProxySettings settings = ProxySettings.of(Map.of(name, value)).orElseThrow();
      assertThat(settings.host()).isEqualTo(host);
      assertThat(settings.port()).isEqualTo(port);
    }
    assertThat(ProxySettings.of(Map.of("https_proxy", " "))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://u:hunter2@proxy:1080",
        "https://u:hunter2@proxy",
        "http://u:hunter2 @proxy",
        "://u:hunter2",
        "http://u:hunter2@",
      })
  void whatIsNoProxyIsRefusedWithoutRepeatingIt(String value) {
    assertThatThrownBy(() -> ProxySettings.of(Map.of("HTTPS_PROXY", value)))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("HTTPS_PROXY is not of the form")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource({
    "'', https://api.clockify.me/api, true",
    "clockify.me, https://api.clockify.me/api, false",
    "'x, .clockify.me', https://API.clockify.me/api, false",
    "lockify.me, https://api.clockify.me/api, true",
    "'*', https://api.clockify.me/api, false",
    "'', https://localhost:8443/api, false",
    "'', http://127.0.0.1:8080/api, false",
  })
  void hostsThatAreToBeAskedDirectlyAre(String direct, String url, boolean proxied) {
    assertThat(of("proxy:3128", direct).orElseThrow().isFor(URI.create(url))).isEqualTo(proxied);
  }
}
