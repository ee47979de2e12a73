// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ids as MongoDB makes them: 24 hexadecimal digits that begin with the second of creation, so that
 * sorting by id sorts by age. Unique within an account up to 16.7 million ids. Thread-safe.
 */
final class IdSequence {
  private final String machine;
  private final AtomicInteger counter = new AtomicInteger();

  IdSequence(long seed) {
    machine = String.format("%010x", seed * 0x9E3779B97F4A7C15L >>> 24);
  }

  String next(Instant created) {
    return next(created.getEpochSecond());
  }

  String next(long createdEpochSecond) {
    StringBuilder id = new StringBuilder(24);
    appendHex(id, createdEpochSecond, 8);
    id.append(machine);
    appendHex(id, counter.getAndIncrement(), 6);
    return id.toString();
  }

  /** When the record with this id was created, to the second. */
  static Instant created(String id) {
    return Instant.ofEpochSecond(Long.parseLong(id.substring(0, 8), 16));
  }

  private static void appendHex(StringBuilder text, long value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      text.append(Character.forDigit((int) (value >>> shift) & 0xF, 16));
    }
  }
}
