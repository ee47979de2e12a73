// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The first column of keys that were read and are not in the region, as far as it takes to tell
 * which data files cannot hold them: the first eight bytes of a text, which in the service's ids
 * are the second of creation. New rows are thus looked for in few old files.
 *
 * <p>Memory: 8 bytes a key. Not safe for use by several threads.
 */
final class NewKeys {
  private final NestedField column;
  private long[] prefixes = new long[16];
  private int size;
  private boolean sorted;

  /**
   * @param column the first of the key's columns, in the table
   */
  NewKeys(NestedField column) {
    this.column = column;
  }

  void add(Object value) {
    if (size == prefixes.length) {
      prefixes = Arrays.copyOf(prefixes, Math.addExact(size, size / 2));
    }
    prefixes[size++] =
        isText() ? prefix(ByteBuffer.wrap(value.toString().getBytes(StandardCharsets.UTF_8))) : 0;
    sorted = false;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** False when the file holds none of the keys. */
  boolean mayBeIn(DataFile file) {
    ColumnBounds bounds = ColumnBounds.of(file, column);
    if (!isText() || bounds.lower() == null || bounds.upper() == null) {
      return size > 0;
    }
    if (!sorted) {
      Arrays.sort(prefixes, 0, size);
      sorted = true;
    }
    int at = Arrays.binarySearch(prefixes, 0, size, prefix(bounds.lower()));
    int next = at < 0 ? -at - 1 : at;
    return next < size && prefixes[next] <= prefix(bounds.upper());
  }

  private boolean isText() {
    return column.type().typeId() == TypeID.STRING;
  }

  /** The order of texts by their bytes, which is Iceberg's, is the order of these numbers. */
  private static long prefix(ByteBuffer text) {
    long prefix = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      int at = text.position() + i;
      prefix = prefix << Byte.SIZE | (at < text.limit() ? text.get(at) & 0xff : 0);
    }
    return prefix ^ Long.MIN_VALUE;
  }
}
