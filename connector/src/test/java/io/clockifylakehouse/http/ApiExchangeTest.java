// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static io.clockifylakehouse.http.ScriptedTransport.answer;
import static io.clockifylakehouse.http.ScriptedTransport.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiExchangeTest {
  private static final String KEY = "NmE0YjFjZDAtOTk5OS00YzJkLWFhYWEtMDEyMzQ1Njc4OWFi";
  private static final URI URL = URI.create("https://api.clockify.me/api/v1/user?page=1");
  private static final Request GET = Request.get(URL);
  private static final RetrySettings SIX = new RetrySettings(6, Duration.ofMinutes(2));

  /** So fast that only back-off and holds take any time. */
  private static final RateSettings FAST = new RateSettings(10_000, 10_000, 10_000);

  private static final BodyReader<String> TEXT =
      response -> new String(response.open().readAllBytes(), StandardCharsets.UTF_8);

  private final VirtualTime time = new VirtualTime();

  @AfterEach
  void leaveNoInterruptBehind() {
    Thread.interrupted();
  }

  private ApiExchange exchange(Transport transport, RetrySettings retry, DoubleSupplier jitter) {
    return new ApiExchange(
        transport, new Credentials.ApiKey(KEY), HostRule.anyHost(), FAST, retry, time, jitter);
  }

  private ApiExchange exchange(Transport transport) {
    return exchange(transport, SIX, () -> 0.5);
  }

  private static ConnectorException refusal(ApiExchange exchange) {
    return catchThrowableOfType(ConnectorException.class, () -> exchange.send(GET, TEXT));
  }

  @Test
  void givesWhatTheReaderMakesOfTheAnswer() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(200, "hello"));
    ApiExchange exchange = exchange(transport);
    assertThat(exchange.send(GET, TEXT)).isEqualTo("hello");
    assertThat(exchange.traffic().sent()).isEqualTo(1);
    assertThat(exchange.traffic().retried()).isZero();
    assertThat(transport.requests.get(0).headers()).isEqualTo(Map.of("X-Api-Key", KEY));
  }

  @Test
  void aRequestCannotReplaceTheCredential() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(200));
    exchange(transport)
        .send(
            new Request(
                "POST", URL, Map.of("x-api-key", "other", "Accept", "a/b"), Optional.of("{}")),
            TEXT);
    Request sent = transport.requests.get(0);
    assertThat(sent.headers()).hasSize(2).containsEntry("Accept", "a/b").containsValue(KEY);
    assertThat(sent.body()).contains("{}");
  }

  @Test
  void sendsTheKeyToConfiguredHostsOnly() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(200));
    ApiExchange exchange =
        new ApiExchange(
            transport,
            new Credentials.ApiKey(KEY),
            Set.of(URI.create("https://reports.api.clockify.me/v1")),
            FAST,
            SIX,
            time);
    assertThat(refusal(exchange).code()).isEqualTo(ErrorCode.CONFIGURATION);
    assertThat(transport.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 402, 403, 404, 405, 409})
  void doesNotRepeatWhatNoRepetitionMends(int status) {
    ScriptedTransport transport = new ScriptedTransport(time, answer(status), answer(200));
    ConnectorException refusal = refusal(exchange(transport));
    assertThat(refusal.status()).hasValue(status);
    assertThat(refusal).hasMessageContaining("GET https://api.clockify.me/api/v1/user?page=1");
    assertThat(transport.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void repeatsWhatMayMendUpToTheNumberOfAttempts(int status) {
    ScriptedTransport transport = new ScriptedTransport(time, answer(status));
    ApiExchange exchange = exchange(transport);
    ConnectorException refusal = refusal(exchange);
    assertThat(refusal.code().exitCode()).isEqualTo(75);
    assertThat(refusal).hasMessageContaining("answered " + status);
    assertThat(transport.requests).hasSize(6);
    assertThat(exchange.traffic().sent()).isEqualTo(6);
    assertThat(exchange.traffic().retried()).isEqualTo(5);
    assertThat(exchange.traffic().throttled()).isEqualTo(status == 429 ? 6 : 0);
  }

  @Test
  void aSingleAttemptIsNotRepeated() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(500));
    refusal(exchange(transport, new RetrySettings(1, Duration.ofMinutes(2)), () -> 0.5));
    assertThat(transport.requests).hasSize(1);
  }

  @Test
  void namesTheHourlyQuotaWhenThrottledToTheEnd() {
    ScriptedTransport throttling = new ScriptedTransport(time, answer(429));
    assertThat(refusal(exchange(throttling))).hasMessageContaining("30 requests per hour");
    ScriptedTransport failing = new ScriptedTransport(time, answer(500));
    assertThat(refusal(exchange(failing))).message().doesNotContain("30 requests per hour");
  }

  @Test
  void repeatsAfterFailuresOfTheNetworkAndOfTheBody() {
    ScriptedTransport transport =
        new ScriptedTransport(
            time, failure(new IOException("reset")), answer(200, "{\"a\":"), answer(200, "{}"));
    ObjectMapper json = new ObjectMapper();
    assertThat(exchange(transport).send(GET, response -> json.readTree(response.open())).size())
        .isZero();
    assertThat(transport.requests).hasSize(3);
  }

  @Test
  void namesABodyThatStaysBroken() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(200, "<html>"));
    ObjectMapper json = new ObjectMapper();
    assertThatThrownBy(
            () -> exchange(transport).send(GET, response -> json.readTree(response.open())))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining(JsonParseException.class.getSimpleName());
    assertThat(transport.requests).hasSize(6);
  }

  @Test
  void doesNotRepeatWhatTheReaderRefuses() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(200, "{}"));
    ConnectorException refusal = new ConnectorException(ErrorCode.UNEXPECTED_ANSWER, "no list");
    assertThatThrownBy(
            () ->
                exchange(transport)
                    .send(
                        GET,
                        response -> {
                          throw refusal;
                        }))
        .isSameAs(refusal);
    assertThat(transport.requests).hasSize(1);
  }

  @Test
  void waitsExponentiallyUpToAMinute() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(500));
    refusal(exchange(transport, new RetrySettings(10, Duration.ofMinutes(2)), () -> 0.9999999));
    double[] millis = {500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    for (int i = 0; i < millis.length; i++) {
      assertThat(transport.gapsMillis().get(i)).isCloseTo(millis[i], within(2.0));
    }
  }

  @Test
  void noWaitIsLongerThanTheLongestAllowed() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(500));
    refusal(exchange(transport, new RetrySettings(8, Duration.ofSeconds(3)), () -> 0.9999999));
    assertThat(transport.gapsMillis()).allMatch(gap -> gap <= 3002);
    assertThat(transport.gapsMillis().get(6)).isCloseTo(3000, within(2.0));
  }

  @Test
  void jitterSpreadsEachWaitOverItsWholeRange() {
    for (long seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SplittableRandom same = new SplittableRandom(seed);
      ScriptedTransport transport = new ScriptedTransport(time, answer(502));
      refusal(exchange(transport, SIX, random::nextDouble));
      for (int i = 0; i < 5; i++) {
        assertThat(transport.gapsMillis().get(i))
            .as("seed %d wait %d", seed, i)
            .isCloseTo(same.nextDouble() * 500 * (1 << i), within(2.0));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "Sun, 01 Mar 2026 08:00:07 GMT"})
  void waitsAsLongAsAskedAndNotTwice(String wait) {
    ScriptedTransport transport =
        new ScriptedTransport(time, answer(429, "", "retry-after", wait), answer(200));
    exchange(transport).send(GET, TEXT);
    assertThat(transport.gapsMillis().get(0)).isCloseTo(7000, within(2.0));
  }

  @Test
  void doesNotBackOffBeyondWhatTheServiceAsks() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(503, "", "retry-after", "1"));
    refusal(exchange(transport, SIX, () -> 0.9999999));
    assertThat(transport.gapsMillis())
        .hasSize(5)
        .allSatisfy(gap -> assertThat(gap).isCloseTo(1000, within(2.0)));
  }

  @Test
  void backsOffByItselfWhenAskedToWaitForNothing() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(429, "", "retry-after", "0"));
    refusal(exchange(transport, SIX, () -> 0.9999999));
    assertThat(transport.gapsMillis().get(4)).isCloseTo(8000, within(2.0));
  }

  @Test
  void boundsAnAbsurdWait() {
    ScriptedTransport transport =
        new ScriptedTransport(
            time, answer(503, "", "retry-after", "99999999999999999999"), answer(200));
    exchange(transport).send(GET, TEXT);
    assertThat(transport.gapsMillis().get(0)).isCloseTo(120_000, within(2.0));
  }

  @Test
  void makesOtherRequestsWaitForWhatOneWasAsked() {
    ScriptedTransport transport =
        new ScriptedTransport(time, answer(429, "", "retry-after", "5"), answer(200));
    ApiExchange exchange =
        exchange(transport, new RetrySettings(1, Duration.ofMinutes(2)), () -> 0);
    refusal(exchange);
    exchange.send(GET, TEXT);
    assertThat(transport.gapsMillis().get(0)).isCloseTo(5000, within(2.0));
  }

  @Test
  void slowsDownWhenThrottledAndNotWhenTheServiceFails() {
    RateSettings range = new RateSettings(8, 1, 9.5);
    ApiExchange throttled =
        new ApiExchange(
            new ScriptedTransport(time, answer(429), answer(200)),
            new Credentials.ApiKey(KEY),
            range,
            SIX,
            time);
    throttled.send(GET, TEXT);
    assertThat(throttled.traffic().rate()).isBetween(4.0, 4.2);
    ApiExchange failing =
        new ApiExchange(
            new ScriptedTransport(time, answer(500), failure(new IOException("x")), answer(200)),
            new Credentials.ApiKey(KEY),
            range,
            SIX,
            time);
    failing.send(GET, TEXT);
    assertThat(failing.traffic().rate()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void measuresLatencyAndWaits() {
    Transport slow =
        request -> {
          time.sleep(Duration.ofMillis(300));
          return ScriptedTransport.response(200, "");
        };
    ApiExchange exchange =
        new ApiExchange(slow, new Credentials.ApiKey(KEY), new RateSettings(2, 2, 2), SIX, time);
    exchange.send(GET, TEXT);
    assertThat(exchange.traffic().waitSeconds()).isZero();
    exchange.send(GET, TEXT);
    assertThat(exchange.traffic().waitSeconds()).isCloseTo(0.2, within(0.002));
    assertThat(exchange.traffic().latencySeconds()).isCloseTo(0.3, within(0.0001));
  }

  @Test
  void sendsNothingAfterA401() {
    ScriptedTransport transport =
        new ScriptedTransport(
            time,
            answer(401, "{\"message\":\"Api key does not exist\",\"code\":4003}"),
            answer(200));
    ApiExchange exchange = exchange(transport);
    ConnectorException first = refusal(exchange);
    ConnectorException second = refusal(exchange);
    assertThat(first.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(second.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(second).hasMessage(first.getMessage()).hasMessageContaining("code 4003");
    assertThat(transport.requests).hasSize(1);
  }

  @Test
  void anInterruptStopsBeforeSendingAndStaysSet() {
    ScriptedTransport transport = new ScriptedTransport(time, answer(200));
    Thread.currentThread().interrupt();
    assertThat(refusal(exchange(transport)).code()).isEqualTo(ErrorCode.INTERRUPTED);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(transport.requests).isEmpty();
  }

  @Test
  void anInterruptStopsASendAndABackOff() {
    Transport interrupted =
        request -> {
          throw new InterruptedException();
        };
    assertThat(refusal(exchange(interrupted)).code()).isEqualTo(ErrorCode.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
    ScriptedTransport failing =
        new ScriptedTransport(
            time,
            request -> {
              Thread.currentThread().interrupt();
              throw new ClosedByInterruptException();
            });
    assertThat(refusal(exchange(failing)).code()).isEqualTo(ErrorCode.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
    ScriptedTransport answering =
        new ScriptedTransport(
            time,
            request -> {
              Thread.currentThread().interrupt();
              return ScriptedTransport.response(500, "");
            });
    assertThat(refusal(exchange(answering)).code()).isEqualTo(ErrorCode.INTERRUPTED);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(answering.requests).hasSize(1);
  }

  @Test
  void noMessageHoldsTheKeyWhateverEchoesIt() {
    String echo = "{\"message\":\"key " + KEY + "\",\"code\":1}";
    List<Transport> faults =
        List.of(
            answer(302, "", "location", "https://x.example/" + KEY),
            answer(400, echo),
            answer(401, echo),
            answer(403, echo),
            answer(404, echo),
            answer(429, echo),
            answer(500, echo),
            answer(200, KEY),
            failure(new IOException("proxy said " + KEY, new IOException(KEY))));
    BodyReader<String> reader =
        response -> {
          throw new IOException("Unrecognized token '" + TEXT.read(response) + "'");
        };
    Request request = Request.get(URI.create(URL + "&echo=" + KEY));
    for (Transport fault : faults) {
      ApiExchange exchange = exchange(new ScriptedTransport(time, fault));
      Throwable thrown =
          catchThrowableOfType(ConnectorException.class, () -> exchange.send(request, reader));
      for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
        assertThat(cause.toString()).doesNotContain(KEY);
      }
      assertThat(exchange.toString()).doesNotContain(KEY);
    }
  }
}
