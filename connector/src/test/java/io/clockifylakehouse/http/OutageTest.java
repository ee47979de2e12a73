// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A host that answers nobody, a part of it that fails, and a quota that is used up. */
class OutageTest {
  private static final RetrySettings SIX = new RetrySettings(6, Duration.ofMinutes(2));
  private static final RateSettings FAST = new RateSettings(10_000, 10_000, 10_000);
  private static final String BASE = "https://api.clockify.me/api/v1/";

  private final VirtualTime time = new VirtualTime();
  private final List<String> sent = new ArrayList<>();
  private Predicate<String> dead = path -> false;
  private Predicate<String> throttled = path -> false;
  private Map<String, String> throttledHeaders = Map.of();

  private final ApiExchange exchange =
      new ApiExchange(
          this::answer,
          new Credentials.ApiKey("some-key"),
          HostRule.anyHost(),
          FAST,
          SIX,
          time,
          () -> 0.5);

  private synchronized Response answer(Request request) throws IOException {
    String url = request.uri().toString();
    sent.add(url);
    if (dead.test(url)) {
      throw new ConnectException("Connection refused");
    }
    return throttled.test(url)
        ? new Response(429, throttledHeaders, new byte[0])
        : new Response(200, Map.of(), new byte[0]);
  }

  private int send(String path) {
    return exchange.send(Request.get(URI.create(BASE + path)), Response::status);
  }

  private ConnectorException refusal(String path) {
    return catchThrowableOfType(ConnectorException.class, () -> send(path));
  }

  @Test
  void aDeadHostCostsTheRetriesOfOneRequestAndNotOfAll() {
    dead = url -> true;
    for (int i = 0; i < 1000; i++) {
      assertThat(refusal("path" + i).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }
    // One after the other, two more are tried to the end before the fourth shows it is all dead.
    // blame.
    assertThat(sent).hasSize(6 + 6 + 6 + 1);
    assertThat(refusal("x"))
        .hasMessageContaining("GET " + BASE + "x was not sent: api.clockify.me answers no request")
        .hasMessageContaining("Connection refused");
  }

  @Test
  void anyAnswerShowsThatTheHostIsNotDead() {
    dead = url -> url.contains("expenses");
    for (int i = 0; i < 10; i++) {
      assertThat(refusal("expenses")).hasMessageContaining("the last of 6 attempts");
      assertThat(send("clients")).isEqualTo(200);
    }
    assertThat(sent).hasSize(70);
  }

  @Test
  void aHostIsAskedAgainAfterARest() {
    dead = url -> true;
    for (int i = 0; i < 10; i++) {
      refusal("path" + i);
    }
    int before = sent.size();
    dead = url -> false;
    assertThat(refusal("too/soon")).isNotNull();
    sleep(Circuit.REST.plusMillis(1));
    assertThat(send("again")).isEqualTo(200);
    assertThat(send("and/again")).isEqualTo(200);
    assertThat(sent).hasSize(before + 2);
  }

  @Test
  void anotherHostIsAnotherMatter() {
    dead = url -> url.startsWith(BASE);
    for (int i = 0; i < 10; i++) {
      refusal("path" + i);
    }
    URI reports = URI.create("https://reports.api.clockify.me/v1/x");
    assertThat(exchange.<Integer>send(Request.get(reports), Response::status)).isEqualTo(200);
  }

  @Test
  void aHostThatRecoversWithinTheRetriesOfARequestIsNotGivenUp() {
    long outage = Duration.ofSeconds(6).toNanos(); // the sixth attempt is 7.75 s after the first
    dead = url -> time.nanos() < outage;
    assertThat(send("user")).isEqualTo(200);
    assertThat(exchange.traffic().retried()).isEqualTo(5);
  }

  @Test
  void persistentRefusalsAreTheQuotaOfTheirWorkspaceAlone() {
    for (int i = 0; i < 30; i++) {
      assertThat(send("workspaces/free/tags?page=" + i)).isEqualTo(200);
    }
    throttled = url -> url.contains("/free/");
    ConnectorException first = refusal("workspaces/free/clients");
    assertThat(first.code()).isEqualTo(ErrorCode.QUOTA);
    assertThat(first)
        .hasMessageContaining("workspaces/free/clients answered 429")
        .hasMessageContaining("workspace free are used up after 30 of this run")
        .hasMessageContaining("30 requests per hour");
    assertThat(sent).hasSize(36);
    assertThat(refusal("workspaces/free/users")).hasMessageContaining("was not sent");
    assertThat(sent).hasSize(36);
    assertThat(send("workspaces/paid/users")).isEqualTo(200);
    assertThat(send("user")).isEqualTo(200);
  }

  @Test
  void aWaitBeyondWhatTheRunWaitsIsAQuotaAtOnce() {
    throttled = url -> true;
    throttledHeaders = Map.of("retry-after", "3000");
    assertThat(refusal("workspaces/free/clients"))
        .hasMessageContaining("PT50M")
        .hasMessageContaining("source.retry.max_wait is PT2M");
    assertThat(sent).hasSize(1);
    assertThat(time.nanos()).isLessThan(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void anAbsurdWaitIsCutAndNamed() {
    throttled = url -> true;
    throttledHeaders = Map.of("retry-after", "99999999999");
    assertThat(refusal("workspaces/free/clients").code()).isEqualTo(ErrorCode.QUOTA);
    assertThat(sent).hasSize(6);
    assertThat(refusal("user")).hasMessageContaining("of which source.retry.max_wait allows PT2M");
  }

  @Test
  void aThrottleThatPassesIsNoQuota() {
    long end = Duration.ofSeconds(6).toNanos();
    throttled = url -> time.nanos() < end;
    assertThat(send("workspaces/free/clients")).isEqualTo(200);
    assertThat(send("workspaces/free/users")).isEqualTo(200);
  }

  private void sleep(Duration duration) {
    try {
      time.sleep(duration);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
