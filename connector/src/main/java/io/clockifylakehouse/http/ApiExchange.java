// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.time.Time;
import io.github.resilience4j.retry.Retry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The exchange with the real service: retry around rate around authentication around a transport.
 * Every attempt takes a permit and is counted.
 *
 * <p>Safe for use by several threads, which share one rate. One exchange per key and process: a
 * second one doubles the rate that the service sees.
 */
public final class ApiExchange implements Exchange {
  private static final int PLACE_LIMIT = 300;
  private static final int READER_LIMIT = 500;

  private final Transport transport;
  private final Credentials credentials;
  private final HostRule hosts;
  private final RetrySettings settings;
  private final Time time;
  private final RetrySchedule schedule;
  private final Redaction redaction;
  private final UnauthorizedLatch latch;
  private final RateLimiter limiter;
  private final TrafficMeter meter = new TrafficMeter();

  /** Sends the credential to any host that is https or loopback: for tests and one-off calls. */
  public ApiExchange(
      Transport transport,
      Credentials credentials,
      RateSettings rate,
      RetrySettings retry,
      Time time) {
    this(transport, credentials, HostRule.anyHost(), rate, retry, time, ApiExchange::random);
  }

  /**
   * Sends the credential to the configured hosts only.
   *
   * @param allowedBases the service's base URLs; their scheme, host and port count
   * @throws ConnectorException CONFIGURATION for a base that is neither https nor on loopback
   */
  public ApiExchange(
      Transport transport,
      Credentials credentials,
      Set<URI> allowedBases,
      RateSettings rate,
      RetrySettings retry,
      Time time) {
    this(
        transport,
        credentials,
        HostRule.only(allowedBases),
        rate,
        retry,
        time,
        ApiExchange::random);
  }

  ApiExchange(
      Transport transport,
      Credentials credentials,
      HostRule hosts,
      RateSettings rate,
      RetrySettings retry,
      Time time,
      DoubleSupplier jitter) {
    this.transport = transport;
    this.credentials = credentials;
    this.hosts = hosts;
    this.settings = retry;
    this.time = time;
    this.schedule = new RetrySchedule(retry, jitter);
    this.redaction = new Redaction(credentials.value());
    this.latch = new UnauthorizedLatch(time);
    this.limiter = new RateLimiter(rate, time, latch);
  }

  @Override
  public <T> T send(Request request, BodyReader<T> reader) {
    hosts.check(request.uri());
    Request authorized = authorize(request);
    Retry.AsyncContext<Attempt.Failed<?>> tries = schedule.begin();
    try {
      for (int number = 1; ; number++) {
        Attempt<T> attempt = attempt(authorized, reader, number);
        if (attempt instanceof Attempt.Read<T> read) {
          return read.value();
        }
        Attempt.Failed<T> failed = (Attempt.Failed<T>) attempt;
        long waitMillis = tries.onResult(failed);
        if (waitMillis < 0) {
          throw unavailable(request, failed);
        }
        backOff(waitMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(request);
    }
  }

  @Override
  public Traffic traffic() {
    return meter.at(limiter.rate());
  }

  /** One attempt. A circuit breaker belongs around it, before the permit is taken. */
  private <T> Attempt<T> attempt(Request request, BodyReader<T> reader, int number)
      throws InterruptedException {
    RateLimiter.Permit permit = permit();
    meter.sent(number > 1);
    Response response;
    try {
      response = transport.send(request);
    } catch (IOException e) {
      return broken(request, e);
    }
    meter.answered(time.nanos() - permit.grantedNanos());
    Verdict verdict = Verdict.of(response, time.now(), redaction);
    if (verdict instanceof Verdict.Final refusal) {
      throw refused(request, response.status(), refusal);
    }
    if (verdict instanceof Verdict.Passing passing) {
      return again(passing, response.status(), permit);
    }
    limiter.succeeded(permit);
    try {
      return new Attempt.Read<>(reader.read(response));
    } catch (IOException e) {
      return broken(request, e);
    } catch (ConnectorException e) {
      // It quotes what it saw, and the service may repeat what it was sent.
      String clean = redaction.apply(e.getMessage(), READER_LIMIT);
      throw clean.equals(e.getMessage()) ? e : new ConnectorException(e.code(), clean);
    }
  }

  private RateLimiter.Permit permit() throws InterruptedException {
    long fromNanos = time.nanos();
    try {
      return limiter.acquire();
    } finally {
      meter.waited(time.nanos() - fromNanos);
    }
  }

  private void backOff(long millis) throws InterruptedException {
    long fromNanos = time.nanos();
    long endNanos = fromNanos + Duration.ofMillis(millis).toNanos();
    try {
      latch.sleepWhile(() -> endNanos - time.nanos());
    } finally {
      meter.waited(time.nanos() - fromNanos);
    }
  }

  private <T> Attempt<T> again(Verdict.Passing passing, int status, RateLimiter.Permit permit) {
    if (status == 429) {
      meter.throttled();
    }
    if (passing.load()) {
      limiter.throttled(permit);
    }
    // A wait of nothing is no advice: then the back-off decides.
    Optional<Duration> asked = passing.askedWait().filter(wait -> !wait.isZero());
    asked.ifPresent(this::hold);
    return new Attempt.Failed<>(asked.isPresent(), passing.load(), passing.reason());
  }

  private void hold(Duration asked) {
    limiter.hold(asked.compareTo(settings.maxWait()) > 0 ? settings.maxWait() : asked);
  }

  private <T> Attempt<T> broken(Request request, IOException failure) {
    if (Thread.currentThread().isInterrupted()) {
      // A channel that an interrupt closed says so with an IOException.
      throw interrupted(request);
    }
    return new Attempt.Failed<>(false, false, "failed with " + redaction.describe(failure));
  }

  private Request authorize(Request request) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(request.headers());
    headers.putAll(credentials.headers());
    return new Request(request.method(), request.uri(), headers, request.body());
  }

  private ConnectorException refused(Request request, int status, Verdict.Final refusal) {
    String message = name(request) + " " + refusal.reason();
    if (refusal.code() == ErrorCode.UNAUTHORIZED) {
      latch.close(message);
    }
    return new ConnectorException(refusal.code(), message, status);
  }

  private ConnectorException unavailable(Request request, Attempt.Failed<?> failed) {
    String message =
        String.format(
            "%s %s, the last of %d attempts; run again later",
            name(request), failed.reason(), settings.attempts());
    String quota =
        ". A new workspace on the free plan has 30 requests per hour: if that is the cause, the"
            + " next run goes on where this one stopped";
    return new ConnectorException(ErrorCode.UNAVAILABLE, failed.load() ? message + quota : message);
  }

  private ConnectorException interrupted(Request request) {
    return new ConnectorException(
        ErrorCode.INTERRUPTED, name(request) + " was interrupted; the next run sends it again");
  }

  private String name(Request request) {
    String query = request.uri().getRawQuery();
    String place = HostRule.place(request.uri()) + (query == null ? "" : "?" + query);
    return request.method() + " " + redaction.apply(place, PLACE_LIMIT);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
