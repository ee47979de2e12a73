// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The text of an answer, up to as much as rows are made of, and in UTF-8 as it should be.
 *
 * <p>A small compressed body can unpack to more than any memory holds. Of UTF-8, the JSON parser
 * believes sequences that are longer than needed, halves of surrogate pairs and what lies behind
 * the last character: a flipped bit would pass for another letter. For use by one thread.
 */
final class AnswerBody extends FilterInputStream {
  /** 64 MiB: some 13 kB for each record of the largest page. */
  static final long BYTES_MAX = 64L << 20;

  /** Nearly all of an answer is ASCII, which is passed over eight bytes at a time. */
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long NO_ASCII = 0x8080808080808080L;

  private long left = BYTES_MAX;
  private int lead;

  AnswerBody(InputStream body) {
    super(body);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    left -= Math.max(0, read);
    if (left < 0) {
      throw new IOException("it is larger than " + (BYTES_MAX >> 20) + " MiB");
    }
    int end = offset + read;
    for (int i = offset; i < end; i++) {
      if (lead == 0 && i + Long.BYTES <= end && ((long) EIGHT.get(bytes, i) & NO_ASCII) == 0) {
        i += Long.BYTES - 1;
      } else if (bytes[i] < 0 || lead != 0) {
        check(bytes[i] & 0xFF);
      }
    }
    return read;
  }

  /** Whether reading ended because there was more than {@link #BYTES_MAX}. */
  boolean tooLarge() {
    return left < 0;
  }

  /** Refuses what the parser would let pass; where a byte has to follow, it sees to that. */
  private void check(int value) throws IOException {
    boolean wrong =
        switch (lead) {
          case 0xE0 -> value < 0xA0;
          case 0xED -> value > 0x9F;
          case 0xF0 -> value < 0x90;
          case 0xF4 -> value > 0x8F;
          default -> value == 0xC0 || value == 0xC1 || value > 0xF4;
        };
    if (wrong) {
      throw new IOException("the answer is no UTF-8");
    }
    lead =
        lead == 0 && (value == 0xE0 || value == 0xED || value == 0xF0 || value == 0xF4) ? value : 0;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
