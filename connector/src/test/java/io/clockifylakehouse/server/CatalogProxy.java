// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * An HTTP proxy on loopback in front of a REST catalog, which remembers what was asked and does
 * something else than passing it on where a test wants that.
 */
public final class CatalogProxy implements AutoCloseable {
  private static final Set<String> NOT_PASSED_ON =
      Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "expect");

  /** A request of the client. */
  public record Request(String method, String path, String body) {
    public boolean is(String otherMethod, String pathPattern) {
      return method.equals(otherMethod) && path.matches(pathPattern);
    }
  }

  /** What becomes of a request. */
  public sealed interface Fate {
    /** It is passed on, and its answer too. */
    record Pass() implements Fate {}

    /** It is passed on with another body. */
    record PassBody(String body) implements Fate {}

    /** The answer is passed on with another body. */
    record Reword(Function<String, String> answer) implements Fate {}

    /** It is passed on with another body, and this is answered. */
    record PassAndAnswer(String body, int status) implements Fate {}

    /** It is not passed on. */
    record Answer(int status, String body) implements Fate {}
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int target;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Function<Request, Fate> rule = request -> new Fate.Pass();

  /**
   * @param target port of the server
   */
  public CatalogProxy(int target) {
    this.target = target;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** From now on, this decides. */
  public void rule(Function<Request, Fate> other) {
    rule = other;
  }

  /** What was asked so far, in its order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public void forget() {
    requests.clear();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Request request =
          new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(), body);
      requests.add(request);
      Fate fate = rule.apply(request);
      if (fate instanceof Fate.Answer answer) {
        answer(exchange, answer.status(), answer.body());
      } else if (fate instanceof Fate.PassAndAnswer passed) {
        send(exchange, passed.body());
        answer(exchange, passed.status(), "");
      } else if (fate instanceof Fate.Reword reword) {
        HttpResponse<String> response = send(exchange, body);
        answer(exchange, response.statusCode(), reword.answer().apply(response.body()));
      } else {
        HttpResponse<String> response =
            send(exchange, fate instanceof Fate.PassBody other ? other.body() : body);
        answer(exchange, response.statusCode(), response.body());
      }
    }
  }

  private HttpResponse<String> send(HttpExchange exchange, String body) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + target + exchange.getRequestURI());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(
                exchange.getRequestMethod(),
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))
                  && !name.equalsIgnoreCase("accept-encoding")) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
    if (!none) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
