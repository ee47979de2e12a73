// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.List;
import java.util.Locale;

/**
 * One field of a record as the API sends it, and the column that holds it.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param source the names in the API's own spelling from the record (or the enclosing object) down
 *     to the value: one name, or several where a nested value is lifted ({@code timeInterval,
 *     start})
 * @param column the column's name, snake_case
 */
public record Field(List<String> source, String column, Type type, String doc) {
  public Field {
    source = List.copyOf(source);
  }

  /** The API's path of the value, joined by dots. */
  public String path() {
    return String.join(".", source);
  }

  /** {@code clientId} becomes {@code client_id}, {@code tax2Amount} becomes {@code tax2_amount}. */
  public static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
        .replace('-', '_')
        .toLowerCase(Locale.ROOT);
  }
}
