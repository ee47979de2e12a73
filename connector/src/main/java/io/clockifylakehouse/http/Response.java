// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * One answer with its whole body, still encoded as it was sent.
 *
 * @param status HTTP status
 * @param headers by lower-case name; the first value of each
 * @param body as sent, perhaps compressed
 */
public record Response(int status, Map<String, String> headers, byte[] body) {
  /** Largest decoded body: 512 MiB, against a small body that unpacks to an endless one. */
  private static final long MAX_DECODED_BYTES = 512L << 20;

  public Response {
    headers = Map.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * The body, decoded while it is read.
   *
   * @throws IOException when the body is not what its {@code Content-Encoding} says; reading throws
   *     it, too, and when the decoded body is larger than 512 MiB
   */
  public InputStream open() throws IOException {
    return open(MAX_DECODED_BYTES);
  }

  InputStream open(long maxDecodedBytes) throws IOException {
    InputStream raw = new ByteArrayInputStream(body);
    String encoding = header("content-encoding").orElse("identity").toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "identity", "" -> raw;
      case "gzip", "x-gzip" -> new Bounded(new GZIPInputStream(raw, 8192), maxDecodedBytes);
      default -> throw new IOException("unsupported Content-Encoding '" + encoding + "'");
    };
  }

  /** Only the size: a body is somebody's data. */
  @Override
  public String toString() {
    return "Response[status=" + status + ", body=" + body.length + " bytes]";
  }

  /** Fails once more than a number of bytes were read. For use by one thread. */
  private static final class Bounded extends FilterInputStream {
    private final long limitBytes;
    private long readBytes;

    Bounded(InputStream in, long limitBytes) {
      super(in);
      this.limitBytes = limitBytes;
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
      count(read);
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      count(skipped);
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private void count(long bytes) throws IOException {
      readBytes += Math.max(0, bytes);
      if (readBytes > limitBytes) {
        throw new IOException("the decoded body is larger than " + limitBytes + " bytes");
      }
    }
  }
}
