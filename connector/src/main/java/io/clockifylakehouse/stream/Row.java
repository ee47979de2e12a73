// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.Arrays;
import java.util.List;

/**
 * The values of one record (or of one nested object) in the order of its columns, as the Java
 * classes that {@link Type} names.
 *
 * <p>Filled by one thread, then handed on; not safe for concurrent change.
 */
public final class Row {
  private final Object[] values;

  public Row(int size) {
    this.values = new Object[size];
  }

  /** A row of the given values, which are not copied. */
  public static Row of(Object... values) {
    Row row = new Row(values.length);
    System.arraycopy(values, 0, row.values, 0, values.length);
    return row;
  }

  public int size() {
    return values.length;
  }

  /** The value at a position, or null. */
  public Object get(int position) {
    return values[position];
  }

  public void set(int position, Object value) {
    values[position] = value;
  }

  /** The nested row at a position, or null. */
  public Row row(int position) {
    return (Row) values[position];
  }

  /** The list at a position, or null. */
  @SuppressWarnings("unchecked")
  public List<Object> list(int position) {
    return (List<Object>) values[position];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Row row && Arrays.deepEquals(values, row.values);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(values);
  }
}
