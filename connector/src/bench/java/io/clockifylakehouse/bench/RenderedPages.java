// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers each request as a simulator behind it did the first time, in the bytes it did then, gzip
 * included: what serving costs does not count. Safe for use by several threads.
 */
final class RenderedPages implements AutoCloseable {
  private static final List<String> PASSED =
      List.of("last-page", "content-type", "content-encoding");

  private record Rendered(int status, Map<String, List<String>> headers, byte[] body) {}

  private final URI simulator;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, Rendered> pages = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong firstNanos = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  RenderedPages(URI simulator) throws IOException {
    this.simulator = simulator;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + simulator.getPath());
  }

  /** Begins to count anew. */
  void begin() {
    requests.set(0);
    bytes.set(0);
    firstNanos.set(0);
  }

  /** What was rendered is wrong from now on: the simulator's world has changed. */
  void forget() {
    pages.clear();
  }

  int requests() {
    return requests.get();
  }

  long bytesServed() {
    return bytes.get();
  }

  /** When the first request since {@link #begin} came, as {@link System#nanoTime}. */
  long firstNanos() {
    return firstNanos.get();
  }

  /** The addresses of the pages of time entries that have any. */
  List<String> entryPages() {
    return pages.entrySet().stream()
        .filter(e -> e.getKey().contains("/time-entries?") && e.getValue().body().length > 100)
        .map(e -> base().resolve(e.getKey().substring(e.getKey().indexOf(' ') + 1)).toString())
        .sorted()
        .toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    firstNanos.compareAndSet(0, System.nanoTime());
    requests.incrementAndGet();
    byte[] body = exchange.getRequestBody().readAllBytes();
    String target = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    Rendered page =
        body.length > 0
            ? render(exchange, body)
            : pages.computeIfAbsent(target, t -> render(exchange, body));
    page.headers().forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
    exchange.sendResponseHeaders(page.status(), page.body().length == 0 ? -1 : page.body().length);
    bytes.addAndGet(page.body().length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(page.body());
    }
  }

  private Rendered render(HttpExchange exchange, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(simulator.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Accept-Encoding", "gzip");
    for (String name : List.of("X-Api-Key", "Content-Type")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Map<String, List<String>> headers = new ConcurrentHashMap<>();
      for (String name : PASSED) {
        List<String> values = response.headers().allValues(name);
        if (!values.isEmpty()) {
          headers.put(name, values);
        }
      }
      return new Rendered(response.statusCode(), headers, response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
