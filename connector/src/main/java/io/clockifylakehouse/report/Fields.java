// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import io.clockifylakehouse.stream.Row;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Values of a row that may hold anything: what is not understood counts as missing. Stateless. */
final class Fields {
  private Fields() {}

  /** Empty text for null. */
  static String text(Row row, int position) {
    return row.get(position) == null ? "" : row.get(position).toString();
  }

  static boolean flag(Row row, int position) {
    return Boolean.TRUE.equals(row.get(position));
  }

  /** Zero for null. */
  static long number(Row row, int position) {
    return row.get(position) instanceof Number number ? number.longValue() : 0;
  }

  static Optional<Instant> instant(Row row, int position) {
    return row.get(position) instanceof Long micros
        ? Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS))
        : Optional.empty();
  }

  static Optional<LocalDate> day(Row row, int position, ZoneId zone) {
    return instant(row, position).map(instant -> LocalDate.ofInstant(instant, zone));
  }

  /** Of an ISO-8601 duration. */
  static Optional<Long> seconds(Row row, int position) {
    try {
      return Optional.of(Duration.parse(text(row, position)).toSeconds());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  static Optional<ZoneId> zone(String name) {
    try {
      return name.isEmpty() ? Optional.empty() : Optional.of(ZoneId.of(name));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static Optional<DayOfWeek> dayOfWeek(Object name) {
    return constant(DayOfWeek.values(), name);
  }

  static Optional<Month> month(Object name) {
    return constant(Month.values(), name);
  }

  private static <E extends Enum<E>> Optional<E> constant(E[] values, Object name) {
    String wanted = name == null ? "" : name.toString().toUpperCase(Locale.ROOT);
    for (E value : values) {
      if (value.name().equals(wanted)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** The texts of a list; empty for null. */
  static List<String> texts(Row row, int position) {
    return row.get(position) == null
        ? List.of()
        : row.list(position).stream().filter(item -> item != null).map(Object::toString).toList();
  }
}
