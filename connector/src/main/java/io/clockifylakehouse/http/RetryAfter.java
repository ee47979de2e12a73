// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How long the service asks to wait: whole seconds or an HTTP date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, Retry-After</a>
 */
final class RetryAfter {
  /** More digits than these are no number of seconds that anybody waits. */
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private static final Pattern MANY_SECONDS = Pattern.compile("[0-9]{10,}");
  private static final Duration LONGEST = Duration.ofSeconds(999_999_999);

  private RetryAfter() {}

  /** Empty when the header is missing or means nothing; zero for a date that has passed. */
  static Optional<Duration> of(Response response, Instant now) {
    return response.header("retry-after").map(String::strip).flatMap(text -> parse(text, now));
  }

  private static Optional<Duration> parse(String text, Instant now) {
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    if (MANY_SECONDS.matcher(text).matches()) {
      return Optional.of(LONGEST);
    }
    try {
      Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
