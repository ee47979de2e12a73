// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Texts as UTF-8 and as hashes. A row is hashed and then stored, and the ids in a page are the same
 * objects from row to row: what was made of a text last is kept for a while.
 *
 * <p>Memory: a few short texts. Safe for use by several threads, for which a text may be made anew.
 */
final class TextCache {
  private static final int SLOTS = 1024;
  private static final int CHARS_MAX = 64;

  private final Text[] slots = new Text[SLOTS];

  /**
   * A text with what it was made into; not to be changed.
   *
   * @param key two halves, as a {@link KeyHash}
   */
  record Text(String string, byte[] utf8, long[] key) {
    /** What it counts by in a {@link RowHash}. */
    long hash() {
      return key[0];
    }
  }

  Text of(String string) {
    if (string.length() > CHARS_MAX) {
      return make(string);
    }
    int hash = string.hashCode();
    int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
    Text known = slots[slot];
    if (known != null && known.string() == string) {
      return known;
    }
    Text made = make(string);
    slots[slot] = made;
    return made;
  }

  private static Text make(String string) {
    byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
    return new Text(string, utf8, MurmurHash3.hash128x64(utf8));
  }

  /** What texts count by in a {@link RowHash}: tables hold it, so it can never change. */
  static long hash(byte[] utf8) {
    return MurmurHash3.hash128x64(utf8)[0];
  }
}
