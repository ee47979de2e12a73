// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.Faults.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The faults that a service, and whatever stands before it, has been seen to make.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public enum FaultKind {
  THROTTLED,
  THROTTLED_SECONDS,
  THROTTLED_DATE,
  THROTTLED_PAST_DATE,
  THROTTLED_ABSURD,
  THROTTLED_NEGATIVE,
  THROTTLED_GARBAGE,
  REQUEST_TIMEOUT,
  TOO_EARLY,
  SERVER_ERROR,
  BAD_GATEWAY,
  OVERLOADED,
  OVERLOADED_SECONDS,
  GATEWAY_TIMEOUT,
  DROPPED,
  CUT_SIZED,
  CUT_CHUNKED,
  CORRUPT_GZIP,
  CUT_GZIP,
  EMPTY_BODY,
  HUNG,
  HTML_PAGE,
  EMPTY_OBJECT,
  EMPTY_LIST,
  WRONG_SHAPE,
  CUT_JSON,
  INVALID_UTF8,
  DUPLICATE_KEYS,
  DEEP_NESTING,
  HUGE_BODY,
  WRONG_CONTENT_TYPE,
  LAST_PAGE_TOO_EARLY,
  LAST_PAGE_NEVER,
  LAST_PAGE_MISSING,
  REPEATED_RECORDS;

  /** Those that another attempt mends, and that no client can take for an answer. */
  public static final Set<FaultKind> PASSING = Set.copyOf(EnumSet.range(THROTTLED, EMPTY_BODY));

  private static final int DEPTH = 100_000;
  private static final int HUGE_BYTES = 80 << 20;
  private static final String HTML =
      "<!DOCTYPE html><html><head><title>502</title></head><body>Bad gateway</body></html>";

  /**
   * One fault of this kind.
   *
   * @param random decides what the kind leaves open
   * @param now what dates are relative to
   */
  public Fault fault(SplittableRandom random, Instant now) {
    double share = random.nextDouble(0, 0.99);
    return switch (this) {
      case THROTTLED -> new Fault.Instead(429, Map.of(), random.nextBoolean() ? "" : TOO_MANY);
      case THROTTLED_SECONDS -> retryAfter(429, Integer.toString(random.nextInt(1, 4)));
      case THROTTLED_DATE -> retryAfter(429, date(now.plusSeconds(random.nextInt(1, 4))));
      case THROTTLED_PAST_DATE -> retryAfter(429, date(now.minusSeconds(86_400)));
      case THROTTLED_ABSURD -> retryAfter(429, "9".repeat(random.nextInt(7, 30)));
      case THROTTLED_NEGATIVE -> retryAfter(429, "-30");
      case THROTTLED_GARBAGE -> retryAfter(429, "soon");
      case REQUEST_TIMEOUT -> new Fault.Instead(408, Map.of(), "");
      case TOO_EARLY -> new Fault.Instead(425, Map.of(), "");
      case SERVER_ERROR ->
          new Fault.Instead(500, Map.of(), "{\"message\":\"Internal error\",\"code\":0}");
      case BAD_GATEWAY -> html(502);
      case OVERLOADED -> new Fault.Instead(503, Map.of(), "");
      case OVERLOADED_SECONDS -> retryAfter(503, "1");
      case GATEWAY_TIMEOUT -> html(504);
      case DROPPED -> new Fault.Broken();
      case CUT_SIZED -> new Fault.Cut(share);
      case CUT_CHUNKED -> new Fault.CutChunked(share);
      case CORRUPT_GZIP -> zipped(bytes -> damaged(bytes, random.nextInt(bytes.length)));
      case CUT_GZIP -> zipped(bytes -> Arrays.copyOf(bytes, (int) (bytes.length * share)));
      case EMPTY_BODY -> new Fault.Instead(200, Map.of(), "");
      case HUNG -> new Fault.Hung();
      case HTML_PAGE -> html(200);
      case EMPTY_OBJECT -> new Fault.Instead(200, Map.of(), "{}");
      case EMPTY_LIST -> new Fault.Instead(200, Map.of(), "[]");
      case WRONG_SHAPE -> new Fault.Instead(200, Map.of(), "{\"oops\":[true]}");
      case CUT_JSON -> body(bytes -> Arrays.copyOf(bytes, (int) (bytes.length * share)));
      case INVALID_UTF8 -> text(text -> text.replaceFirst("([:,]\")", "$1\u00c3\u0028"));
      case DUPLICATE_KEYS -> text(text -> text.replaceFirst("\\{", "{\"id\":\"twice\","));
      case DEEP_NESTING -> new Fault.Instead(200, Map.of(), "[".repeat(DEPTH) + "]".repeat(DEPTH));
      case HUGE_BODY -> new Fault.Changed(name(), reply -> body(reply, huge()));
      case WRONG_CONTENT_TYPE -> header("Content-Type", "text/html; charset=iso-8859-1");
      case LAST_PAGE_TOO_EARLY -> header("Last-Page", "true");
      case LAST_PAGE_NEVER -> header("Last-Page", "false");
      case LAST_PAGE_MISSING ->
          new Fault.Changed(
              name(),
              reply -> {
                Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                headers.putAll(reply.headers());
                headers.remove("Last-Page");
                return new Reply(reply.status(), headers, reply.body());
              });
      case REPEATED_RECORDS -> text(FaultKind::repeated);
    };
  }

  private static final String TOO_MANY = "{\"message\":\"Too many requests\"}";

  private static Fault retryAfter(int status, String value) {
    return new Fault.Instead(status, Map.of("Retry-After", value), "");
  }

  private static Fault html(int status) {
    return new Fault.Instead(status, Map.of("Content-Type", "text/html"), HTML);
  }

  private static String date(Instant instant) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        ZonedDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  private Fault header(String name, String value) {
    return new Fault.Changed(
        name(),
        reply -> {
          Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          headers.putAll(reply.headers());
          headers.put(name, value);
          return new Reply(reply.status(), headers, reply.body());
        });
  }

  private Fault body(UnaryOperator<byte[]> change) {
    return new Fault.Changed(name(), reply -> body(reply, change.apply(reply.body())));
  }

  /** Byte for byte, so that a change can make text that is no UTF-8. */
  private Fault text(UnaryOperator<String> change) {
    return body(
        bytes ->
            change
                .apply(new String(bytes, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1));
  }

  private Fault zipped(UnaryOperator<byte[]> change) {
    return new Fault.Changed(
        name(),
        reply -> {
          Map<String, String> headers = new TreeMap<>(reply.headers());
          headers.put("Content-Encoding", "gzip");
          return new Reply(
              reply.status(), headers, change.apply(ClockifySimulator.zipped(reply.body())));
        });
  }

  private static Reply body(Reply reply, byte[] body) {
    return new Reply(reply.status(), reply.headers(), body);
  }

  private static byte[] damaged(byte[] bytes, int at) {
    byte[] damaged = bytes.clone();
    damaged[at] ^= 0x55;
    return damaged;
  }

  private static String repeated(String list) {
    boolean records = list.startsWith("[{") && list.endsWith("}]");
    return records ? list.substring(0, list.length() - 1) + "," + list.substring(1) : list;
  }

  /** A list that decodes to more than a client should hold. */
  private static byte[] huge() {
    byte[] bytes = new byte[HUGE_BYTES];
    Arrays.fill(bytes, (byte) ' ');
    bytes[0] = '[';
    bytes[bytes.length - 1] = ']';
    return bytes;
  }
}
