// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A key that is rotated while requests are under way. */
class RenewedCredentialsTest {
  private static final String OLD = "T0xEIGtleSB0aGF0IGlzIG5vIGxvbmdlciBnb29kIDAx";
  private static final String NEW = "TkVXIGtleSB0aGF0IGhhcyB0YWtlbiBpdHMgcGxhY2Ug";
  private static final URI URL = URI.create("https://api.clockify.me/api/v1/user");
  private static final Request GET = Request.get(URL);
  private static final BodyReader<String> TEXT =
      response -> new String(response.open().readAllBytes(), StandardCharsets.UTF_8);

  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> sent = new ArrayList<>();
  private volatile String valid = NEW;

  /** Refuses every key but the valid one, and repeats what it was sent. */
  private Response answer(Request request) {
    String key = request.headers().get("X-Api-Key");
    synchronized (sent) {
      sent.add(key);
    }
    byte[] echo = ("{\"message\":\"no key " + key + "\",\"code\":4003}").getBytes();
    return key.equals(valid)
        ? new Response(200, Map.of(), "fine".getBytes())
        : new Response(401, Map.of(), echo);
  }

  private ApiExchange exchange(Supplier<Credentials> origin) {
    return new ApiExchange(
        this::answer,
        new Credentials.ApiKey(OLD),
        () -> {
          asked.incrementAndGet();
          return origin.get();
        },
        Set.of(URL),
        new RateSettings(10_000, 10_000, 10_000),
        new RetrySettings(3, Duration.ofSeconds(1)),
        new VirtualTime());
  }

  private static ConnectorException refusal(ApiExchange exchange) {
    return catchThrowableOfType(ConnectorException.class, () -> exchange.send(GET, TEXT));
  }

  @Test
  void goesOnWithTheNewKey() {
    ApiExchange exchange = exchange(() -> new Credentials.ApiKey(NEW));
    assertThat(exchange.send(GET, TEXT)).isEqualTo("fine");
    assertThat(exchange.send(GET, TEXT)).isEqualTo("fine");
    assertThat(sent).containsExactly(OLD, NEW, NEW);
    assertThat(asked).hasValue(1);
    assertThat(exchange.traffic().sent()).isEqualTo(3);
    assertThat(exchange.traffic().retried()).isEqualTo(1);
  }

  @Test
  void stopsWhenTheKeyIsTheSame() {
    ApiExchange exchange = exchange(() -> new Credentials.ApiKey(OLD));
    assertThat(refusal(exchange).code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(refusal(exchange).code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(sent).containsExactly(OLD);
    assertThat(asked).hasValue(1);
  }

  @Test
  void asksOnceOnlyAndTellsNoKey() {
    ApiExchange exchange = exchange(() -> new Credentials.ApiKey(NEW));
    valid = "another";
    ConnectorException refusal = refusal(exchange);
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(refusal.getMessage()).doesNotContain(OLD).doesNotContain(NEW);
    assertThat(sent).containsExactly(OLD, NEW);
    assertThat(asked).hasValue(1);
  }

  @Test
  void saysWhyThereIsNoNewerKey() {
    ApiExchange exchange =
        exchange(
            () -> {
              throw new ConnectorException(ErrorCode.UNAVAILABLE, "AWS cannot be reached");
            });
    ConnectorException refusal = refusal(exchange);
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(refusal)
        .hasMessageContaining("code 4003")
        .hasMessageContaining("AWS cannot be reached");
    assertThat(sent).containsExactly(OLD);
  }

  @Test
  void manyThreadsRenewTogether() throws Exception {
    ApiExchange exchange = exchange(() -> new Credentials.ApiKey(NEW));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        answers.add(threads.submit(() -> exchange.send(GET, TEXT)));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("fine");
      }
      assertThat(asked).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }
}
