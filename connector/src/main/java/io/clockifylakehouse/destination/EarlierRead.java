// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.time.Instant;
import java.util.Optional;

/**
 * What a run did not read itself of a stream, because an earlier run, which a quota of requests or
 * an end ahead of time cut off, did: the runs together are one read.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param syncId the run that read the stream; empty when this run read the last part of it
 * @param since start of the first run that read a part of it
 */
public record EarlierRead(Optional<String> syncId, Instant since) {}
