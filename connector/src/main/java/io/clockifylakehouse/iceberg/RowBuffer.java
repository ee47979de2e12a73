// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes that the values of rows are written to, one after the other; {@link StoredRow} reads them.
 *
 * <p>A value is a byte that says its kind, and what that kind needs: eight bytes for a long, the
 * UTF-8 length and bytes for a text, the length in bytes and the values for a list or struct. Not
 * safe for use by several threads.
 */
final class RowBuffer {
  static final byte NULL = 0;
  static final byte FALSE = 1;
  static final byte TRUE = 2;
  static final byte INT = 3;
  static final byte LONG = 4;
  static final byte DOUBLE = 5;
  static final byte TEXT = 6;
  static final byte LIST = 7;
  static final byte STRUCT = 8;

  static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[512];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** The bytes written, of which the array's first {@link #size} count. */
  byte[] array() {
    return bytes;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  void putNull() {
    putKind(NULL);
  }

  void put(boolean value) {
    putKind(value ? TRUE : FALSE);
  }

  void put(int value) {
    putKind(INT);
    putRaw(value);
  }

  void put(long value) {
    putKind(LONG);
    putRaw(value);
  }

  void put(double value) {
    putKind(DOUBLE);
    putRaw(Double.doubleToRawLongBits(value));
  }

  /**
   * @param utf8 a text
   */
  void put(byte[] utf8) {
    putKind(TEXT);
    putRaw(utf8.length);
    putRaw(utf8, utf8.length);
  }

  /**
   * Begins a list or struct of so many values, which follow.
   *
   * @return what {@link #end} takes after the last of them
   */
  int begin(byte kind, int count) {
    putKind(kind);
    putRaw(0);
    putRaw(count);
    return size;
  }

  void end(int begun) {
    int end = size;
    size = begun - 2 * Integer.BYTES;
    putRaw(end - begun);
    size = end;
  }

  /** Four bytes without a kind, the highest first. */
  void putRaw(int value) {
    reserve(Integer.BYTES);
    FOUR.set(bytes, size, value);
    size += Integer.BYTES;
  }

  /** Bytes without a kind. */
  void putRaw(byte[] from, int length) {
    reserve(length);
    System.arraycopy(from, 0, bytes, size, length);
    size += length;
  }

  private void putRaw(long value) {
    reserve(Long.BYTES);
    EIGHT.set(bytes, size, value);
    size += Long.BYTES;
  }

  private void putKind(byte kind) {
    reserve(1);
    bytes[size++] = kind;
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
    }
  }
}
