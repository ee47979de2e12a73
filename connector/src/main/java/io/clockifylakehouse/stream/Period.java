// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

/**
 * A period of instants, in microseconds since 1970-01-01T00:00:00Z.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param fromMicros first instant in it; {@link Long#MIN_VALUE} when it has no begin
 * @param toMicros first instant after it; {@link Long#MAX_VALUE} when it has no end
 */
public record Period(long fromMicros, long toMicros) {
  public static final Period ALWAYS = new Period(Long.MIN_VALUE, Long.MAX_VALUE);

  public Period {
    if (fromMicros > toMicros) {
      throw new IllegalArgumentException("ends before it begins: " + fromMicros + ".." + toMicros);
    }
  }

  /** From an instant on, without end. */
  public static Period since(long micros) {
    return new Period(micros, Long.MAX_VALUE);
  }

  public boolean contains(long micros) {
    return fromMicros <= micros && micros < toMicros;
  }
}
