// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.Faults.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.zip.GZIPOutputStream;

/**
 * A Clockify on loopback: real HTTP over generated data that can be changed while it serves, with
 * the service's quirks. It stands for the facts in API.md; where those leave a choice, it takes the
 * one that is harder on a client.
 *
 * <p>Thread-safe. Requests are served in parallel. Close it to free the port.
 */
public final class ClockifySimulator implements AutoCloseable {
  private static final int GZIP_FROM_BYTES = 1024;

  private final HttpServer server;
  private final ExecutorService executor;
  private final Account account;
  private final SimulatorSettings settings;
  private final World world;
  private final Credentials credentials;
  private final Service service;
  private final RequestLog log = new RequestLog();
  private final Object arrivals = new Object();
  private final CountDownLatch closed = new CountDownLatch(1);

  private ClockifySimulator(HttpServer server, Account account, SimulatorSettings settings) {
    this.server = server;
    this.account = account;
    this.settings = settings;
    Instant started = settings.time().now();
    this.world = AccountGenerator.generate(account, () -> now(account.today(), started, settings));
    this.credentials = Secrets.of(account.seed(), world);
    this.service = new Service(world, settings, credentials);
    ThreadFactory threads =
        task -> {
          Thread thread = new Thread(task, "clockify-simulator");
          thread.setDaemon(true);
          return thread;
        };
    this.executor = Executors.newCachedThreadPool(threads);
  }

  /**
   * Starts to serve; a generated account of 100,000 entries takes about a second.
   *
   * @throws ConnectorException (CONFIGURATION) when the port cannot be bound
   */
  public static ClockifySimulator start(Account account, SimulatorSettings settings) {
    // Without this the server's small packets wait up to 40 ms for the client's acknowledgement.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
    HttpServer server;
    try {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      server = HttpServer.create(new InetSocketAddress(loopback, settings.port()), 0);
    } catch (IOException e) {
      throw new ConnectorException(
          ErrorCode.CONFIGURATION,
          String.format(
              "The simulated Clockify cannot listen on port %d of loopback (%s): stop what holds"
                  + " the port, or choose another one; 0 takes any free port",
              settings.port(), e.getMessage()),
          e);
    }
    ClockifySimulator simulator = new ClockifySimulator(server, account, settings);
    server.setExecutor(simulator.executor);
    server.createContext("/", simulator::serve);
    server.start();
    return simulator;
  }

  /** The simulated account's present: its {@code today}, plus the time since the start. */
  private static Instant now(Instant today, Instant started, SimulatorSettings settings) {
    return today.plus(Duration.between(started, settings.time().now()));
  }

  /** Base of the main host; with a gateway, the gateway's. */
  public URI main() {
    return base(settings.gateway().isPresent() ? Service.GATEWAY : Service.MAIN);
  }

  public URI reports() {
    return base(Service.REPORTS);
  }

  public URI audit() {
    return base(Service.AUDIT);
  }

  private URI base(String path) {
    String withoutSlash = path.substring(0, path.length() - 1);
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + withoutSlash);
  }

  /** Goes into {@code X-Api-Key}. */
  public String apiKey() {
    return credentials.apiKey();
  }

  /** Goes into {@code X-Addon-Token}. */
  public String addonToken() {
    return credentials.addonToken();
  }

  /** Goes into {@code Authorization: Bearer} at the gateway. */
  public String gatewayKey() {
    return credentials.gatewayKey();
  }

  public Account account() {
    return account;
  }

  /** The data behind the service, for changing it. */
  public World world() {
    return world;
  }

  public RequestLog log() {
    return log;
  }

  /**
   * What a client with an admin's key can read of a stream, in full, straight from the data: of
   * workspaces whose plan has the feature.
   *
   * @throws ConnectorException (CONFIGURATION) for an unknown stream
   */
  public List<Truth> truth(String stream) {
    return Truth.of(world, stream);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    executor.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try {
      byte[] body = exchange.getRequestBody().readAllBytes();
      URI target = exchange.getRequestURI();
      String method = exchange.getRequestMethod();
      int index;
      Optional<Answer> throttled;
      synchronized (arrivals) {
        long nanos = settings.time().nanos();
        throttled = service.throttled(target, nanos);
        index = log.arrived(nanos, settings.time().now(), method, target.toString());
      }
      settings.time().sleep(settings.latency());
      Fault fault = settings.faults().on(index + 1, method, target.toString());
      if (fault instanceof Fault.Broken || fault instanceof Fault.Hung) {
        log.answered(index, -1);
        if (fault instanceof Fault.Hung) {
          closed.await();
        }
        exchange.close();
        return;
      }
      Answer answer;
      if (fault instanceof Fault.Instead instead) {
        byte[] words = instead.body().getBytes(StandardCharsets.UTF_8);
        answer = new Answer(instead.status(), instead.headers(), words);
      } else if (throttled.isPresent()) {
        answer = throttled.get();
      } else {
        answer = service.answer(method, target, exchange.getRequestHeaders(), body);
      }
      if (fault instanceof Fault.Changed changed) {
        Reply reply =
            changed.change().apply(new Reply(answer.status(), answer.headers(), answer.body()));
        answer = new Answer(reply.status(), reply.headers(), reply.body());
      }
      log.answered(index, answer.status());
      send(exchange, answer, fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private void send(HttpExchange exchange, Answer answer, Fault fault)
      throws IOException, InterruptedException {
    byte[] body = answer.body();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    for (Map.Entry<String, String> header : answer.headers().entrySet()) {
      exchange.getResponseHeaders().set(header.getKey(), header.getValue());
    }
    String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    boolean plain = exchange.getResponseHeaders().getFirst("Content-Encoding") == null;
    if (plain && accepted != null && accepted.contains("gzip") && body.length >= GZIP_FROM_BYTES) {
      body = zipped(body);
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    }
    if (fault instanceof Fault.CutChunked cut) {
      exchange.sendResponseHeaders(answer.status(), 0);
      exchange.getResponseBody().write(body, 0, (int) (body.length * cut.share()));
      exchange.getResponseBody().flush();
      // Only a failure makes the server close the connection without the last chunk.
      throw new IOException("cut as planned");
    }
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      OutputStream out = exchange.getResponseBody();
      if (fault instanceof Fault.Cut cut) {
        out.write(body, 0, (int) (body.length * cut.share()));
        out.flush();
      } else if (fault instanceof Fault.Dripping dripping) {
        drip(out, body, dripping.pause());
      } else {
        out.write(body);
      }
    }
    exchange.close();
  }

  private void drip(OutputStream out, byte[] body, Duration pause)
      throws IOException, InterruptedException {
    for (byte each : body) {
      settings.time().sleep(pause);
      out.write(each);
      out.flush();
    }
  }

  static byte[] zipped(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
