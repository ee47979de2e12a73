// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When a request is sent again: exponential from half a second to a minute with full jitter, up to
 * a number of attempts. Decides only; whoever asks does the waiting.
 *
 * <p>Safe for use by several threads if the jitter is.
 *
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Full
 *     jitter</a>
 */
final class RetrySchedule {
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final double GROWTH = 2.0;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Retry retry;

  /**
   * @param jitter from 0 inclusive to 1 exclusive, evenly
   */
  RetrySchedule(RetrySettings settings, DoubleSupplier jitter) {
    IntervalFunction bound =
        IntervalFunction.ofExponentialBackoff(FIRST_WAIT, GROWTH, LONGEST_WAIT);
    long mostMillis = settings.maxWait().toMillis();
    this.retry =
        Retry.of(
            "clockify",
            RetryConfig.<Attempt.Failed<?>>custom()
                .maxAttempts(settings.attempts())
                .retryOnResult(failed -> true)
                .intervalBiFunction(
                    (attempt, failed) ->
                        // The limiter holds everyone for as long as the service asked: a wait
                        // here as well could only be longer than that.
                        failed.get().held()
                            ? 0L
                            : (long)
                                (jitter.getAsDouble() * Math.min(bound.apply(attempt), mostMillis)))
                .build());
  }

  /** A new count of attempts, for one request and one thread. */
  Retry.AsyncContext<Attempt.Failed<?>> begin() {
    // The asynchronous context only answers how long to wait; the other one sleeps by itself.
    return retry.asyncContext();
  }
}
