// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

/**
 * The request rate of additive increase and multiplicative decrease: a little more for each request
 * that had to wait for its turn, half after a refusal for load.
 *
 * <p>Until the first refusal a request counts when it leaves: the highest rate is one that the
 * service is known to take, and answers may take seconds. From then on it counts when it succeeds.
 *
 * <p>Two memories temper it. Throttles of requests that left before the last cut are news of the
 * old rate and cut nothing. And a ceiling stays a little below the rate that was last refused,
 * rising slowly, so that the rate does not run into the same wall every few seconds. Where nothing
 * at all was served between two cuts, the wall is no rate's, and the ceiling stays: a service that
 * refuses everything for a while leaves no trace. Nor does one that refuses at random push it to
 * the ground.
 *
 * <p>Immutable, thus safe for use by several threads; {@link RateLimiter} holds the current one.
 * Times are a monotonic count of nanoseconds of any origin, handed in.
 *
 * @param perSecond current rate in requests per second, between {@code min} and {@code max}
 * @param ceiling what the rate may rise to at {@code ceilingNanos}, in requests per second
 * @param ceilingNanos when the ceiling was set
 * @param cut whether there was a cut yet
 * @param cutNanos when the last cut was, if any
 * @param served whether anything was served since then
 * @see <a href="https://doi.org/10.1016/0169-7552(89)90019-6">Chiu and Jain 1989</a>
 */
record AimdRate(
    double perSecond,
    double min,
    double max,
    double ceiling,
    long ceilingNanos,
    boolean cut,
    long cutNanos,
    boolean served) {
  /** Requests per second gained in a second of full use, after the first refusal. */
  private static final double INCREASE = 0.5;

  /** The same before. */
  static final double FIRST_INCREASE = 4;

  private static final double DECREASE = 0.5;

  /** How near the rate may come again to the one that was refused. */
  private static final double CEILING_SHARE = 0.95;

  /** Requests per second that the ceiling gains in a minute. */
  private static final double CEILING_RISE = 0.1;

  /** In requests per second: below it, to be refused now and then costs less than to crawl. */
  private static final double LEAST_CEILING = 1;

  private static final double MINUTE_NANOS = 60e9;

  static AimdRate starting(RateSettings settings, long nowNanos) {
    return new AimdRate(
        settings.start(),
        settings.min(),
        settings.max(),
        settings.max(),
        nowNanos,
        false,
        nowNanos,
        true);
  }

  /**
   * When a request may leave.
   *
   * @param limited whether it had to wait for its permit: a rate that is not used up is not raised
   */
  AimdRate granted(boolean limited, long nowNanos) {
    return cut || !limited ? this : with(raised(FIRST_INCREASE, nowNanos), served);
  }

  /**
   * After an answer that does not complain of load.
   *
   * @param limited as {@link #granted}
   */
  AimdRate succeeded(boolean limited, long nowNanos) {
    return with(cut && limited ? raised(INCREASE, nowNanos) : perSecond, true);
  }

  private double raised(double increase, long nowNanos) {
    double raised = Math.min(perSecond + increase / perSecond, ceilingAt(nowNanos));
    // The ceiling is above the rate whenever it was set, so this never lowers the rate.
    return Math.max(perSecond, raised);
  }

  /**
   * After a refusal for load.
   *
   * @param sentNanos when the refused request left
   */
  AimdRate throttled(long sentNanos, long nowNanos) {
    if (cut && sentNanos - cutNanos <= 0) {
      return this;
    }
    return new AimdRate(
        Math.max(min, perSecond * DECREASE),
        min,
        max,
        served ? lowered() : ceiling,
        served ? nowNanos : ceilingNanos,
        true,
        nowNanos,
        false);
  }

  private double lowered() {
    return Math.max(Math.max(min, Math.min(max, LEAST_CEILING)), perSecond * CEILING_SHARE);
  }

  /** What the rate may rise to, in requests per second. */
  double ceilingAt(long nowNanos) {
    double minutes = (nowNanos - ceilingNanos) / MINUTE_NANOS;
    return Math.min(max, ceiling + CEILING_RISE * minutes);
  }

  private AimdRate with(double rate, boolean nowServed) {
    return new AimdRate(rate, min, max, ceiling, ceilingNanos, cut, cutNanos, nowServed);
  }
}
