// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The text of an answer, up to as much as rows are made of: a small compressed body can unpack to
 * more than any memory holds. For use by one thread.
 */
final class BoundedAnswer extends FilterInputStream {
  /** 64 MiB: some 13 kB for each record of the largest page. */
  static final long BYTES_MAX = 64L << 20;

  /** More was read than {@link #BYTES_MAX}. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    private TooLarge() {
      super("it is larger than " + (BYTES_MAX >> 20) + " MiB");
    }
  }

  private long left = BYTES_MAX;

  BoundedAnswer(InputStream body) {
    super(body);
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    count(Math.max(0, read));
    return read;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(int bytes) throws TooLarge {
    left -= bytes;
    if (left < 0) {
      throw new TooLarge();
    }
  }
}
