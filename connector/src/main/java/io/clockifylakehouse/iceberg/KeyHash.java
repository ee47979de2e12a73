// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * A key's values as 128 bits: two of a billion keys meet with a chance of about one in 10^21.
 *
 * <p>The same for a row as read and for the row as stored, and the same after a column was widened.
 * Stateless and safe for use by several threads.
 */
final class KeyHash {
  private KeyHash() {}

  /** The two halves of the hash of a key's values. */
  static long[] of(Object[] values) {
    if (values.length == 1 && values[0] instanceof CharSequence text) {
      return MurmurHash3.hash128x64(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    byte[][] parts = new byte[values.length][];
    int length = 0;
    for (int i = 0; i < values.length; i++) {
      parts[i] = bytes(values[i]);
      length += 1 + Integer.BYTES + parts[i].length;
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    for (int i = 0; i < values.length; i++) {
      buffer.put(tag(values[i])).putInt(parts[i].length).put(parts[i]);
    }
    return MurmurHash3.hash128x64(buffer.array());
  }

  /** The same, of a text that was hashed before. */
  static long[] of(Object[] values, TextCache texts) {
    return values.length == 1 && values[0] instanceof String text
        ? texts.of(text).key()
        : of(values);
  }

  private static byte tag(Object value) {
    if (value == null) {
      return 'n';
    }
    return (byte) (value instanceof Number ? 'i' : value instanceof Boolean ? 'b' : 's');
  }

  private static byte[] bytes(Object value) {
    if (value == null) {
      return new byte[0];
    }
    if (value instanceof Number number) {
      long bits =
          value instanceof Double || value instanceof Float
              ? Double.doubleToLongBits(number.doubleValue() + 0.0)
              : number.longValue();
      return ByteBuffer.allocate(Long.BYTES).putLong(bits).array();
    }
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }
}
