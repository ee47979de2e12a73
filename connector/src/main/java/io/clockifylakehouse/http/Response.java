// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.io.ByteArrayInputStream;
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
  public Response {
    headers = Map.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * The body, decoded while it is read.
   *
   * @throws IOException when the body is not what its {@code Content-Encoding} says
   */
  public InputStream open() throws IOException {
    InputStream raw = new ByteArrayInputStream(body);
    String encoding = header("content-encoding").orElse("identity").toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "identity", "" -> raw;
      case "gzip", "x-gzip" -> new GZIPInputStream(raw, 8192);
      default -> throw new IOException("unsupported Content-Encoding '" + encoding + "'");
    };
  }
}
