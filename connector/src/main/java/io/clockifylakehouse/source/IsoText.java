// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the ISO-8601 texts the service sends: instants, dates and durations (API.md section 6).
 *
 * <p>Strict: a text is read exactly or not at all. Stateless, thus safe for use by several threads.
 */
final class IsoText {
  /** What {@link #micros} answers for a text that is no instant. */
  static final long UNREADABLE = Long.MIN_VALUE;

  private static final Pattern WEEKS = Pattern.compile("([-+]?)[Pp]([-+]?\\d+)[Ww](.*)");
  private static final long[] UNIT_SECONDS = {3_600, 60, 1};
  private static final int PLAIN_DIGITS = 9;
  private static final long SECONDS_PER_WEEK = 7L * 24 * 60 * 60;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int FRACTION_BEGIN = 20;
  private static final int MICRO_DIGITS = 6;
  private static final int NANO_DIGITS = 9;

  private IsoText() {}

  /**
   * The microseconds since 1970-01-01T00:00:00Z of {@code yyyy-MM-ddTHH:mm[:ss[.f]]} with up to
   * nine fraction digits and {@code Z}, {@code +HH}, {@code +HHMM} or {@code +HH:MM}; finer digits
   * are cut off, towards the past. {@link #UNREADABLE} for everything else, a text without offset
   * among it: that names no instant.
   */
  static long micros(String text) {
    int length = text.length();
    long day = length < 17 ? UNREADABLE : epochDay(text);
    int hour = day == UNREADABLE || text.charAt(10) != 'T' ? -1 : number(text, 11, 2);
    int minute = hour < 0 || text.charAt(13) != ':' ? -1 : number(text, 14, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return UNREADABLE;
    }
    int second = 0;
    long fraction = 0;
    int at = 16;
    if (text.charAt(at) == ':') {
      second = number(text, 17, 2);
      at = 19;
      if (second < 0 || second > 59) {
        return UNREADABLE;
      }
      if (length > at && text.charAt(at) == '.') {
        at = digitsEnd(text, FRACTION_BEGIN);
        int digits = at - FRACTION_BEGIN;
        if (digits == 0 || digits > NANO_DIGITS) {
          return UNREADABLE;
        }
        fraction = number(text, FRACTION_BEGIN, Math.min(digits, MICRO_DIGITS));
        for (int i = digits; i < MICRO_DIGITS; i++) {
          fraction *= 10;
        }
      }
    }
    long offset = offsetSeconds(text, at);
    if (offset == UNREADABLE) {
      return UNREADABLE;
    }
    long seconds = day * 86_400 + hour * 3_600L + minute * 60L + second - offset;
    return seconds * MICROS_PER_SECOND + fraction;
  }

  /** True when a text that {@link #micros} can read has a digit below the microsecond but 0. */
  static boolean finerThanMicros(String text) {
    if (text.length() <= FRACTION_BEGIN || text.charAt(FRACTION_BEGIN - 1) != '.') {
      return false;
    }
    int end = digitsEnd(text, FRACTION_BEGIN);
    for (int i = FRACTION_BEGIN + MICRO_DIGITS; i < end; i++) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  /** The days since 1970-01-01 of {@code yyyy-MM-dd}; null for everything else. */
  static Integer date(String text) {
    long day = text.length() == 10 ? epochDay(text) : UNREADABLE;
    return day == UNREADABLE ? null : Integer.valueOf((int) day);
  }

  /**
   * The whole seconds of a duration such as {@code PT2H30M15S}, {@code P1DT2H} or {@code P2W},
   * rounded down; empty for a text that is none, and for years and months, which have no fixed
   * length.
   */
  static OptionalLong seconds(String text) {
    long plain = plainSeconds(text);
    if (plain >= 0) {
      return OptionalLong.of(plain);
    }
    try {
      Matcher weeks = WEEKS.matcher(text);
      if (!weeks.matches()) {
        return OptionalLong.of(Duration.parse(text).getSeconds());
      }
      Duration length =
          Duration.ofSeconds(Math.multiplyExact(Long.parseLong(weeks.group(2)), SECONDS_PER_WEEK));
      if (!weeks.group(3).isEmpty()) {
        length = length.plus(Duration.parse("P" + weeks.group(3)));
      }
      return OptionalLong.of((weeks.group(1).equals("-") ? length.negated() : length).getSeconds());
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** The seconds of what nearly every entry has, such as PT2H30M15S; -1 for any other text. */
  private static long plainSeconds(String text) {
    if (!text.startsWith("PT") || text.length() == 2) {
      return -1;
    }
    long seconds = 0;
    int units = 0; // of "HMS", how many have come or been passed over
    int at = 2;
    while (at < text.length()) {
      int end = digitsEnd(text, at);
      int digits = end - at;
      if (digits == 0 || digits > PLAIN_DIGITS || end == text.length()) {
        return -1;
      }
      int unit = "HMS".indexOf(text.charAt(end), units);
      if (unit < 0) {
        return -1;
      }
      seconds += number(text, at, digits) * UNIT_SECONDS[unit];
      units = unit + 1;
      at = end + 1;
    }
    return seconds;
  }

  private static long epochDay(String text) {
    if (text.charAt(4) != '-' || text.charAt(7) != '-') {
      return UNREADABLE;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 2);
    int day = number(text, 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1) {
      return UNREADABLE;
    }
    LocalDate first = LocalDate.of(year, month, 1);
    return day > first.lengthOfMonth() ? UNREADABLE : first.toEpochDay() + day - 1;
  }

  private static long offsetSeconds(String text, int at) {
    if (at == text.length() - 1 && text.charAt(at) == 'Z') {
      return 0;
    }
    String offset = text.substring(at);
    int length = offset.length();
    boolean colon = length == 6 && offset.charAt(3) == ':';
    if (!(length == 3 || length == 5 || colon)
        || (offset.charAt(0) != '+' && offset.charAt(0) != '-')) {
      return UNREADABLE;
    }
    int hours = number(offset, 1, 2);
    int minutes = length == 3 ? 0 : number(offset, colon ? 4 : 3, 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return UNREADABLE;
    }
    long seconds = hours * 3_600L + minutes * 60L;
    return offset.charAt(0) == '-' ? -seconds : seconds;
  }

  private static int digitsEnd(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /** The number of exactly that many ASCII digits; -1 when they are not there. */
  private static int number(String text, int from, int digits) {
    if (from + digits > text.length()) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
