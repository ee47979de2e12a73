// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/**
 * The network, through the JDK's HTTP client: HTTP/2 where the server speaks it, gzip, no redirects
 * followed, each exchange bounded in time and each body in size.
 *
 * <p>Safe for use by several threads. Throws CONFIGURATION for a URL that is neither https nor on
 * loopback, for a server whose certificate is not trusted, and when Java's trust store cannot be
 * read; UNEXPECTED_ANSWER for a body beyond the bound.
 */
public final class JdkTransport implements Transport {
  /** Largest body, as sent (compressed): 64 MiB. */
  private static final long MAX_BODY_BYTES = 64L << 20;

  private static final String CLIENT_ATTEMPTS = "jdk.httpclient.redirects.retrylimit";
  private static final String TUNNEL_REFUSALS = "jdk.http.auth.tunneling.disabledSchemes";

  /** Each client's own thread is made by the one that makes the client, and so in its group. */
  private static final ThreadGroup THREADS = new ThreadGroup("http");

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  static {
    // The client sends a request again by itself when a kept connection turns out to be closed:
    // an attempt that nobody counts and that takes no permit. Once is enough.
    if (System.getProperty(CLIENT_ATTEMPTS) == null) {
      System.setProperty(CLIENT_ATTEMPTS, "1");
    }
    // Java sends a password to no proxy unless it is told to; whoever names one means it.
    if (System.getProperty(TUNNEL_REFUSALS) == null) {
      System.setProperty(TUNNEL_REFUSALS, "");
    }
  }

  private final CompletableFuture<HttpClient> client;
  private final Optional<ProxySettings> proxy;
  private final Duration requestTimeout;
  private final long maxBodyBytes;

  /**
   * @param requestTimeout from the start of connecting to the last byte of the body
   */
  public JdkTransport(Duration requestTimeout) {
    this(requestTimeout, Optional.empty());
  }

  /**
   * @param requestTimeout from the start of connecting to the last byte of the body
   * @param proxy empty for the one that Java's properties name, if they do
   */
  public JdkTransport(Duration requestTimeout, Optional<ProxySettings> proxy) {
    this(requestTimeout, proxy, MAX_BODY_BYTES);
  }

  JdkTransport(Duration requestTimeout, Optional<ProxySettings> proxy, long maxBodyBytes) {
    this.requestTimeout = requestTimeout;
    this.proxy = proxy;
    this.maxBodyBytes = maxBodyBytes;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(
                requestTimeout.compareTo(LONGEST_CONNECT) < 0 ? requestTimeout : LONGEST_CONNECT);
    proxy.ifPresent(settings -> builder.proxy(settings.selector()));
    // What Java trusts takes it a tenth of a second to read; meanwhile the lakehouse is opened.
    this.client =
        CompletableFuture.supplyAsync(
            builder::build, task -> new Thread(THREADS, task, "http").start());
  }

  /**
   * Ends the threads of all clients, with the process: it would wait a third of a second for them,
   * which lie in native code.
   */
  public static void end() {
    THREADS.interrupt();
  }

  @Override
  public Response send(Request request) throws IOException, InterruptedException {
    HostRule.requireSafe(request.uri());
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client().sendAsync(encode(request), head -> new BoundedBody(maxBodyBytes));
    try {
      // The client's own timeout ends with the headers; this one covers a body that drips, too.
      HttpResponse<byte[]> answer = exchange.get(requestTimeout.toNanos(), TimeUnit.NANOSECONDS);
      byte[] body = answer.body() == null ? new byte[0] : answer.body(); // a proxy refused a tunnel
      return new Response(answer.statusCode(), headers(answer), body);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new HttpTimeoutException("no whole answer within " + requestTimeout);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      if (isUntrusted(e)) {
        throw untrusted(request, e);
      }
      if (e.getCause() instanceof ConnectorException refusal) {
        throw refusal;
      }
      if (e.getCause() instanceof IOException failure) {
        throw firstFailure(failure);
      }
      throw new IOException("the exchange broke", e.getCause());
    }
  }

  private HttpClient client() {
    try {
      return client.join();
    } catch (CompletionException e) {
      throw ConnectorException.configuration(
          "Java cannot read whom it is to trust ("
              + rootOf(e).getMessage()
              + "); is the trust store right that -Djavax.net.ssl.trustStore names, and its"
              + " password?");
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** What the client says of its own attempts is of no interest, only what ended them. */
  static IOException firstFailure(IOException failure) {
    IOException first = failure;
    while ("Too many retries".equals(first.getMessage())
        && first.getCause() instanceof IOException cause) {
      first = cause;
    }
    return first;
  }

  /** No repetition mends a certificate that this machine does not trust. */
  private static boolean isUntrusted(Throwable failure) {
    boolean handshake = false;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 10; depth++) {
      handshake |= cause instanceof SSLHandshakeException;
      if (handshake && cause instanceof GeneralSecurityException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static ConnectorException untrusted(Request request, Throwable failure) {
    return ConnectorException.configuration(
        String.format(
            "The certificate of %s is not trusted (%s). Is a proxy in between, or"
                + " source.base_url wrong? If that server is to be trusted, import its certificate"
                + " into a Java trust store and name that in JAVA_TOOL_OPTIONS:"
                + " -Djavax.net.ssl.trustStore=FILE",
            HostRule.origin(request.uri()), rootOf(failure).getMessage()));
  }

  private HttpRequest encode(Request request) {
    boolean plain = "http".equalsIgnoreCase(request.uri().getScheme());
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(request.uri())
            // No attempt to upgrade a plain connection: it would cost a header that servers reject.
            .version(plain ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
            .setHeader("Accept", "application/json")
            .setHeader("Accept-Encoding", "gzip")
            .setHeader("User-Agent", userAgent());
    if (request.body().isPresent()) {
      builder.setHeader("Content-Type", "application/json");
    }
    request.headers().forEach(builder::setHeader);
    proxy // the client sends it to the proxy alone
        .filter(settings -> settings.isFor(request.uri()))
        .flatMap(ProxySettings::authorization)
        .ifPresent(value -> builder.setHeader("Proxy-Authorization", value));
    return builder
        .method(
            request.method(),
            request
                .body()
                .map(HttpRequest.BodyPublishers::ofString)
                .orElseGet(HttpRequest.BodyPublishers::noBody))
        .build();
  }

  private static String userAgent() {
    String version = JdkTransport.class.getPackage().getImplementationVersion();
    return "clockify-lakehouse/" + Optional.ofNullable(version).orElse("dev");
  }

  private static Map<String, String> headers(HttpResponse<byte[]> answer) {
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
      headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue().get(0));
    }
    return headers;
  }
}
