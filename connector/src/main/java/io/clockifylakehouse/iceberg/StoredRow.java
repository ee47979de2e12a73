// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.util.Utf8;
import org.apache.iceberg.StructLike;

/**
 * A row or struct as {@link RowBuffer} wrote it, each value read when it is asked for: cheapest in
 * the order of the columns.
 *
 * <p>A text asked for as an {@link Object} is an {@link Utf8}, which Parquet takes without another
 * encoding, and as a {@link CharSequence} a {@link String}. Not safe for use by several threads.
 */
final class StoredRow implements StructLike {
  private final byte[] bytes;
  private final int begin;
  private final int size;
  private int next; // the column whose value begins at the position
  private int at;

  /**
   * @param begin of the first column's value
   * @param size number of columns
   */
  StoredRow(byte[] bytes, int begin, int size) {
    this.bytes = bytes;
    this.begin = begin;
    this.size = size;
    this.at = begin;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public <T> T get(int column, Class<T> javaClass) {
    if (column < next) {
      next = 0;
      at = begin;
    }
    for (; next < column; next++) {
      skip();
    }
    next++;
    return javaClass.cast(read(javaClass == CharSequence.class));
  }

  @Override
  public <T> void set(int column, T value) {
    throw new UnsupportedOperationException("a stored row does not change");
  }

  private Object read(boolean asString) {
    byte kind = bytes[at++];
    return switch (kind) {
      case RowBuffer.NULL -> null;
      case RowBuffer.FALSE -> false;
      case RowBuffer.TRUE -> true;
      case RowBuffer.INT -> readInt();
      case RowBuffer.LONG -> readLong();
      case RowBuffer.DOUBLE -> Double.longBitsToDouble(readLong());
      case RowBuffer.TEXT -> readText(asString);
      case RowBuffer.LIST -> readList();
      case RowBuffer.STRUCT -> readStruct();
      default -> throw unknown(kind);
    };
  }

  private void skip() {
    byte kind = bytes[at++];
    switch (kind) {
      case RowBuffer.NULL, RowBuffer.FALSE, RowBuffer.TRUE -> {}
      case RowBuffer.INT -> at += Integer.BYTES;
      case RowBuffer.LONG, RowBuffer.DOUBLE -> at += Long.BYTES;
      case RowBuffer.TEXT -> at += Integer.BYTES + readInt(bytes, at);
      case RowBuffer.LIST, RowBuffer.STRUCT -> at += 2 * Integer.BYTES + readInt(bytes, at);
      default -> throw unknown(kind);
    }
  }

  static IllegalStateException unknown(byte kind) {
    return new IllegalStateException("a stored row has a value of kind " + kind);
  }

  private Object readText(boolean asString) {
    int length = readInt();
    int from = at;
    at += length;
    return asString
        ? new String(bytes, from, length, StandardCharsets.UTF_8)
        : new Utf8(Arrays.copyOfRange(bytes, from, at));
  }

  private List<Object> readList() {
    readInt();
    int count = readInt();
    List<Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(read(false));
    }
    return values;
  }

  private StoredRow readStruct() {
    int length = readInt();
    int count = readInt();
    StoredRow struct = new StoredRow(bytes, at, count);
    at += length;
    return struct;
  }

  private int readInt() {
    int value = readInt(bytes, at);
    at += Integer.BYTES;
    return value;
  }

  private long readLong() {
    long value = readLong(bytes, at);
    at += Long.BYTES;
    return value;
  }

  /** Four bytes, the highest first. */
  static int readInt(byte[] bytes, int at) {
    return (int) RowBuffer.FOUR.get(bytes, at);
  }

  /** Eight bytes, the highest first. */
  static long readLong(byte[] bytes, int at) {
    return (long) RowBuffer.EIGHT.get(bytes, at);
  }

  /** What the first column's value begins in. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the first column's value begins. */
  int begin() {
    return begin;
  }
}
