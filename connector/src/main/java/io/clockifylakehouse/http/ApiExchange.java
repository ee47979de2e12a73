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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The exchange with the real service: a {@link Circuit} and a {@link Quota} around retry around
 * rate around authentication around a transport. Every attempt takes a permit and is counted.
 *
 * <p>Safe for use by several threads, which share one rate. One exchange per key and process: a
 * second one doubles the rate that the service sees.
 */
public final class ApiExchange implements Exchange {
  private static final int PLACE_LIMIT = 300;
  private static final int READER_LIMIT = 500;

  private final Transport transport;
  private final RenewableCredentials credentials;
  private final HostRule hosts;
  private final RetrySettings settings;
  private final Time time;
  private final RetrySchedule schedule;
  private final UnauthorizedLatch latch;
  private final RateLimiter limiter;
  private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();
  private final Map<String, Quota> quotas = new ConcurrentHashMap<>();
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
    this(transport, credentials, () -> credentials, allowedBases, rate, retry, time);
  }

  /**
   * As above, for a credential that may be rotated.
   *
   * @param origin reads the credential anew: called at most once, when the first one is refused
   */
  public ApiExchange(
      Transport transport,
      Credentials credentials,
      Supplier<Credentials> origin,
      Set<URI> allowedBases,
      RateSettings rate,
      RetrySettings retry,
      Time time) {
    this(
        transport,
        new RenewableCredentials(credentials, origin),
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
    this(
        transport,
        new RenewableCredentials(credentials, () -> credentials),
        hosts,
        rate,
        retry,
        time,
        jitter);
  }

  private ApiExchange(
      Transport transport,
      RenewableCredentials credentials,
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
    this.latch = new UnauthorizedLatch(time);
    this.limiter = new RateLimiter(rate, time, latch);
  }

  @Override
  public <T> T send(Request request, BodyReader<T> reader) {
    hosts.check(request.uri());
    Circuit circuit = circuits.computeIfAbsent(HostRule.origin(request.uri()), this::circuit);
    Quota quota = quotas.computeIfAbsent(Quota.scope(request.uri()), scope -> new Quota(time));
    try (Circuit.Call call = circuit.begin()) {
      if (call.refused()) {
        throw unsent(request, call);
      }
      return send(request, reader, new Reception(call, quota));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(request);
    }
  }

  /** Whom to tell how a request fares. */
  private record Reception(Circuit.Call call, Quota quota) {
    void answered() {
      call.answered();
      quota.passed();
    }
  }

  private <T> T send(Request request, BodyReader<T> reader, Reception reception)
      throws InterruptedException {
    Retry.AsyncContext<Attempt.Failed<?>> tries = schedule.begin();
    for (int number = 1; ; number++) {
      Optional<String> usedUp = reception.quota().usedUp();
      if (usedUp.isPresent()) {
        throw quotaUsedUp(request, "was not sent", usedUp.get(), reception.quota());
      }
      Attempt<T> attempt = attempt(request, reader, number, reception);
      if (attempt instanceof Attempt.Read<T> read) {
        return read.value();
      }
      Attempt.Failed<T> failed = (Attempt.Failed<T>) attempt;
      long waitMillis = tries.onResult(failed);
      if (failed.throttled()) {
        reception.call().answered();
        reception
            .quota()
            .refused(failed.askedWait(), settings.maxWait(), waitMillis < 0)
            .ifPresent(
                cause -> {
                  throw quotaUsedUp(request, failed.reason(), cause, reception.quota());
                });
      } else {
        reception.call().failed(failed.reason());
      }
      failed.askedWait().ifPresent(this::hold);
      if (waitMillis < 0 || reception.call().hopeless()) {
        reception.call().gaveUp();
        throw unavailable(request, failed, number);
      }
      backOff(waitMillis);
    }
  }

  private Circuit circuit(String origin) {
    return new Circuit(origin, time);
  }

  @Override
  public long answered(String workspaceId) {
    Quota quota = quotas.get(Quota.scopeOf(workspaceId));
    return quota == null ? 0 : quota.passedCount();
  }

  @Override
  public Traffic traffic() {
    return meter.at(limiter.rate());
  }

  private <T> Attempt<T> attempt(
      Request request, BodyReader<T> reader, int number, Reception reception)
      throws InterruptedException {
    RateLimiter.Permit permit = permit();
    meter.sent(number > 1);
    Credentials used = credentials.current();
    Response response;
    try {
      response = transport.send(authorize(request, used));
    } catch (IOException e) {
      return broken(request, e);
    }
    meter.answered(time.nanos() - permit.grantedNanos());
    Verdict verdict = Verdict.of(response, time.now(), credentials.redaction());
    if (verdict instanceof Verdict.Final refusal) {
      reception.answered();
      if (refusal.code() == ErrorCode.UNAUTHORIZED && credentials.renew(used)) {
        return attempt(
            request, reader, number + 1, reception); // once more at most: renewal happens once
      }
      throw refused(request, response.status(), refusal);
    }
    if (verdict instanceof Verdict.Passing passing) {
      return again(passing, response.status(), permit);
    }
    limiter.succeeded(permit);
    try {
      T value = reader.read(response);
      reception.answered();
      return new Attempt.Read<>(value);
    } catch (IOException e) {
      return broken(request, e);
    } catch (ConnectorException e) {
      // It quotes what it saw, and the service may repeat what it was sent.
      String clean = credentials.redaction().apply(e.getMessage(), READER_LIMIT);
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
    String cut =
        asked
            .filter(wait -> wait.compareTo(settings.maxWait()) > 0)
            .map(
                wait ->
                    String.format(
                        ", asking to wait %s, of which source.retry.max_wait allows %s",
                        wait, settings.maxWait()))
            .orElse("");
    return new Attempt.Failed<>(asked.isPresent(), status == 429, asked, passing.reason() + cut);
  }

  private void hold(Duration asked) {
    limiter.hold(asked.compareTo(settings.maxWait()) > 0 ? settings.maxWait() : asked);
  }

  private <T> Attempt<T> broken(Request request, IOException failure) {
    if (Thread.currentThread().isInterrupted()) {
      // A channel that an interrupt closed says so with an IOException.
      throw interrupted(request);
    }
    return new Attempt.Failed<>(
        false, false, Optional.empty(), "failed with " + credentials.redaction().describe(failure));
  }

  private static Request authorize(Request request, Credentials credentials) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(request.headers());
    headers.putAll(credentials.headers());
    return new Request(request.method(), request.uri(), headers, request.body());
  }

  private ConnectorException refused(Request request, int status, Verdict.Final refusal) {
    String message = name(request) + " " + refusal.reason();
    if (refusal.code() == ErrorCode.UNAUTHORIZED) {
      message += credentials.failure().map(why -> "; nor is there a newer one: " + why).orElse("");
      latch.close(message);
    }
    return new ConnectorException(refusal.code(), message, status);
  }

  private ConnectorException unavailable(Request request, Attempt.Failed<?> failed, int attempts) {
    return new ConnectorException(
        ErrorCode.UNAVAILABLE,
        String.format(
            "%s %s, the last of %d attempts; run again later",
            name(request), failed.reason(), attempts));
  }

  private ConnectorException unsent(Request request, Circuit.Call call) {
    return new ConnectorException(
        ErrorCode.UNAVAILABLE,
        String.format(
            "%s was not sent: %s answers no request, however often it is tried (the last %s); run"
                + " again later",
            name(request), request.uri().getHost(), call.cause()));
  }

  private ConnectorException quotaUsedUp(Request request, String what, String cause, Quota quota) {
    return new ConnectorException(
        ErrorCode.QUOTA,
        String.format(
            "%s %s: the requests of %s are used up after %d of this run (%s); a new workspace on"
                + " the free plan has 30 requests per hour, and the next run goes on where this one"
                + " stopped",
            name(request), what, Quota.scope(request.uri()), quota.passedCount(), cause));
  }

  private ConnectorException interrupted(Request request) {
    return new ConnectorException(
        ErrorCode.INTERRUPTED, name(request) + " was interrupted; the next run sends it again");
  }

  private String name(Request request) {
    String query = request.uri().getRawQuery();
    String place = HostRule.place(request.uri()) + (query == null ? "" : "?" + query);
    return request.method() + " " + credentials.redaction().apply(place, PLACE_LIMIT);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
