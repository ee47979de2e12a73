// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.time.Time;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnauthorizedLatchTest {
  private static final int THREADS = 16;

  private final VirtualTime clock = new VirtualTime();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch oneWaits = new CountDownLatch(1);
  private final CountDownLatch refused = new CountDownLatch(1);

  /** Whoever sleeps says so, and sleeps until the 401 has come back. */
  private final Time time =
      new Time() {
        @Override
        public Instant now() {
          return clock.now();
        }

        @Override
        public long nanos() {
          return clock.nanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          oneWaits.countDown();
          refused.await();
          clock.sleep(duration);
        }
      };

  /** The first request is refused, but only when another thread waits for its permit. */
  private Response answer(Request request) throws InterruptedException {
    if (calls.incrementAndGet() == 1) {
      oneWaits.await();
      return ScriptedTransport.response(401, "{\"code\":4017}");
    }
    return ScriptedTransport.response(200, "");
  }

  @Test
  void threadsThatWaitForTheirPermitDoNotSendAfterA401()
      throws InterruptedException, ExecutionException, TimeoutException {
    ApiExchange exchange =
        new ApiExchange(
            this::answer,
            new Credentials.AddonToken("token"),
            new RateSettings(1, 1, 1),
            new RetrySettings(6, Duration.ofMinutes(2)),
            time);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<ErrorCode>> codes = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        codes.add(pool.submit(() -> codeOf(exchange)));
      }
      for (Future<ErrorCode> code : codes) {
        assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(ErrorCode.UNAUTHORIZED);
      }
      assertThat(calls).hasValue(1);
      assertThat(exchange.traffic().sent()).isEqualTo(1);
    } finally {
      pool.shutdownNow();
    }
  }

  private ErrorCode codeOf(ApiExchange exchange) {
    try {
      exchange.send(Request.get(URI.create("https://api.clockify.me/api/v1/user")), r -> "");
      throw new AssertionError("a request was answered after the 401");
    } catch (ConnectorException e) {
      refused.countDown();
      return e.code();
    }
  }
}
