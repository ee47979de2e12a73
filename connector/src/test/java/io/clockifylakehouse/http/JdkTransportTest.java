// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdkTransportTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final byte[] BODY =
      "[{\"id\":\"1\"}]".repeat(100).getBytes(StandardCharsets.UTF_8);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stopServer() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private Request serve(HttpHandler handler) {
    server.createContext("/", handler);
    return Request.get(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x"));
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes);
    }
    return zipped.toByteArray();
  }

  private Request serveGzip(byte[] zipped) {
    return serve(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          reply(exchange, 200, zipped);
        });
  }

  /** Answers one connection with exactly these bytes and closes it. */
  private Request serveRaw(String answer) throws IOException {
    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    threads.submit(
        () -> {
          try (socket;
              Socket connection = socket.accept()) {
            byte[] head = new byte[8192];
            int length = 0;
            while (!new String(head, 0, length, StandardCharsets.US_ASCII).contains("\r\n\r\n")) {
              length += Math.max(0, connection.getInputStream().read(head, length, 1));
            }
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            connection.getOutputStream().flush();
          }
          return null;
        });
    return Request.get(URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/x"));
  }

  @Test
  void sendsWhatTheServiceNeedsToKnow() throws Exception {
    AtomicReference<Map<String, String>> seen = new AtomicReference<>();
    Request get =
        serve(
            exchange -> {
              seen.set(
                  Map.of(
                      "method", exchange.getRequestMethod(),
                      "agent", exchange.getRequestHeaders().getFirst("User-Agent"),
                      "encoding", exchange.getRequestHeaders().getFirst("Accept-Encoding"),
                      "type", exchange.getRequestHeaders().getFirst("Content-Type"),
                      "upgrade", "" + exchange.getRequestHeaders().getFirst("Upgrade"),
                      "key", exchange.getRequestHeaders().getFirst("X-Api-Key"),
                      "body",
                          new String(
                              exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
              exchange.getResponseHeaders().set("Last-Page", "true");
              reply(exchange, 200, BODY);
            });
    Response response =
        new JdkTransport(AMPLE)
            .send(
                new Request("POST", get.uri(), Map.of("X-Api-Key", "k"), Optional.of("{\"ö\":1}")));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("LAST-PAGE")).contains("true");
    assertThat(response.open().readAllBytes()).isEqualTo(BODY);
    assertThat(seen.get())
        .containsEntry("method", "POST")
        .containsEntry("encoding", "gzip")
        .containsEntry("type", "application/json")
        .containsEntry("upgrade", "null")
        .containsEntry("key", "k")
        .containsEntry("body", "{\"ö\":1}");
    assertThat(seen.get().get("agent")).startsWith("clockify-lakehouse/");
  }

  @Test
  void decodesGzip() throws Exception {
    Response response = new JdkTransport(AMPLE).send(serveGzip(gzip(BODY)));
    assertThat(response.body().length).isLessThan(BODY.length);
    assertThat(response.open().readAllBytes()).isEqualTo(BODY);
  }

  @Test
  void aCorruptOrCutGzipIsABrokenBody() throws Exception {
    byte[] zipped = gzip(BODY);
    byte[] corrupt = zipped.clone();
    corrupt[corrupt.length - 6] ^= 0x55;
    Response response = new JdkTransport(AMPLE).send(serveGzip(corrupt));
    assertThatThrownBy(() -> response.open().readAllBytes()).isInstanceOf(IOException.class);
    byte[] cut = Arrays.copyOf(zipped, zipped.length - 10);
    Response half = new Response(200, Map.of("content-encoding", "gzip"), cut);
    assertThatThrownBy(() -> half.open().readAllBytes()).isInstanceOf(IOException.class);
    Response text = new Response(200, Map.of("content-encoding", "gzip"), BODY);
    assertThatThrownBy(text::open).isInstanceOf(IOException.class);
    Response strange = new Response(200, Map.of("content-encoding", "br"), BODY);
    assertThatThrownBy(strange::open).hasMessageContaining("br");
  }

  @Test
  void aBodyThatUnpacksBeyondBoundsIsBroken() throws IOException {
    Response bomb = new Response(200, Map.of("content-encoding", "gzip"), gzip(new byte[100_000]));
    assertThat(bomb.open(100_000).readAllBytes()).hasSize(100_000);
    assertThatThrownBy(() -> bomb.open(99_999).readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("99999 bytes");
  }

  @Test
  void aBodyCutShortIsAFailure() throws IOException {
    Request fixed = serveRaw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"id\":1}]");
    assertThatThrownBy(() -> new JdkTransport(AMPLE).send(fixed)).isInstanceOf(IOException.class);
    Request chunked =
        serveRaw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n[{\"id\":1}]\r\n");
    assertThatThrownBy(() -> new JdkTransport(AMPLE).send(chunked)).isInstanceOf(IOException.class);
  }

  @Test
  void aBodyThatDripsDoesNotOutliveTheTimeoutNorItsConnection() {
    CountDownLatch dripping = new CountDownLatch(1);
    CountDownLatch hungUp = new CountDownLatch(1);
    Request request =
        serve(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              try (OutputStream body = exchange.getResponseBody()) {
                // Ends by itself, well, after far longer than the timeout: then the test fails.
                for (int i = 0; i < 200 && !waits(over, 50); i++) {
                  body.write(' ');
                  body.flush();
                  dripping.countDown();
                }
              } catch (IOException e) {
                hungUp.countDown();
              }
            });
    assertThatThrownBy(() -> new JdkTransport(Duration.ofMillis(500)).send(request))
        .isInstanceOf(HttpTimeoutException.class)
        .hasMessageContaining("PT0.5S");
    assertThat(dripping.getCount()).isZero();
    assertThat(waits(hungUp, 20_000)).isTrue();
  }

  @Test
  void aServerThatNeverAnswersTimesOut() {
    Request request = serve(exchange -> waits(over, 20_000));
    assertThatThrownBy(() -> new JdkTransport(Duration.ofMillis(200)).send(request))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aBodyBeyondBoundsIsAFailureForGood() throws Exception {
    Request request = serve(exchange -> reply(exchange, 200, BODY));
    assertThat(new JdkTransport(AMPLE, Optional.empty(), BODY.length).send(request).body())
        .hasSize(BODY.length);
    assertThatThrownBy(
            () -> new JdkTransport(AMPLE, Optional.empty(), BODY.length - 1).send(request))
        .isInstanceOfSatisfying(
            ConnectorException.class,
            e ->
                assertThat(e.code())
                    .as("asking again is no use")
                    .isEqualTo(ErrorCode.UNEXPECTED_ANSWER))
        .hasMessageContaining("larger than " + (BODY.length - 1) + " bytes");
  }

  @Test
  void followsNoRedirect() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Request request =
        serve(
            exchange -> {
              calls.incrementAndGet();
              exchange.getResponseHeaders().set("Location", "/elsewhere");
              reply(exchange, 302, new byte[0]);
            });
    Response response = new JdkTransport(AMPLE).send(request);
    assertThat(response.status()).isEqualTo(302);
    assertThat(response.header("location")).contains("/elsewhere");
    assertThat(calls).hasValue(1);
  }

  @Test
  void givesErrorsAsAnswersEvenA401WithoutAChallenge() throws Exception {
    AtomicInteger status = new AtomicInteger();
    Request request = serve(exchange -> reply(exchange, status.get(), new byte[0]));
    JdkTransport transport = new JdkTransport(AMPLE);
    for (int each : new int[] {400, 401, 403, 404, 429, 500, 503}) {
      status.set(each);
      assertThat(transport.send(request).status()).isEqualTo(each);
    }
  }

  @Test
  void aRefusedConnectionIsAFailure() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    Request request = Request.get(URI.create("http://127.0.0.1:" + port + "/x"));
    assertThatThrownBy(() -> new JdkTransport(AMPLE).send(request)).isInstanceOf(IOException.class);
  }

  @Test
  void refusesPlainHttpToOtherMachines() {
    Request request = Request.get(URI.create("http://api.clockify.me/api/v1/user"));
    assertThatThrownBy(() -> new JdkTransport(AMPLE).send(request))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("http://api.clockify.me/api/v1/user");
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Request request =
        serve(
            exchange -> {
              asked.countDown();
              waits(over, 20_000);
            });
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread sender =
        new Thread(() -> thrown.set(catchThrowable(() -> new JdkTransport(AMPLE).send(request))));
    sender.start();
    asked.await();
    sender.interrupt();
    sender.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  private static boolean waits(CountDownLatch latch, long millis) {
    try {
      return latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }
}
