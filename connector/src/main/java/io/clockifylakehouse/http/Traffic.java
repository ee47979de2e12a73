// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

/**
 * What one exchange has done so far.
 *
 * @param sent every attempt, retries included
 * @param retried attempts that repeated an earlier one
 * @param throttled answers of 429
 * @param waitSeconds summed over all threads, in permits and back-off
 * @param rate current rate in requests per second
 * @param latencySeconds smoothed time from send to whole answer
 */
public record Traffic(
    long sent,
    long retried,
    long throttled,
    double waitSeconds,
    double rate,
    double latencySeconds) {}
