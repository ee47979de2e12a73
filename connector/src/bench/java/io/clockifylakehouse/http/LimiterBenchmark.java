// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the gate costs a request, on a clock that nobody waits for. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LimiterBenchmark {
  private final VirtualTime time = new VirtualTime();
  private final RateLimiter limiter =
      new RateLimiter(new RateSettings(9.5, 0.2, 9.5), time, new UnauthorizedLatch(time));

  /** A permit, waited for and answered. */
  @Benchmark
  public RateLimiter.Permit permit() throws InterruptedException {
    RateLimiter.Permit permit = limiter.acquire();
    limiter.succeeded(permit);
    return permit;
  }
}
