// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;

/**
 * What a data file's metrics say about one column. They prove only what is not in a file: bounds of
 * long texts are cut, and a writer may leave metrics out.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param lower no value is below it; null when unknown
 * @param upper no value is above it; null when unknown
 * @param nulls false when every row has a value
 */
record ColumnBounds(ByteBuffer lower, ByteBuffer upper, boolean nulls) {

  /**
   * @param file planned with the statistics of the column
   */
  static ColumnBounds of(DataFile file, NestedField column) {
    Long nulls = of(file.nullValueCounts(), column);
    return new ColumnBounds(
        of(file.lowerBounds(), column), of(file.upperBounds(), column), nulls == null || nulls > 0);
  }

  private static <T> T of(Map<Integer, T> metrics, NestedField column) {
    return metrics == null ? null : metrics.get(column.fieldId());
  }

  /** False when no value of a column of instants is in {@code from <= micros < to}. */
  boolean mayMeet(NestedField column, long from, long to) {
    return (lower == null || micros(lower, column) < to)
        && (upper == null || micros(upper, column) >= from);
  }

  private static long micros(ByteBuffer bound, NestedField column) {
    return Conversions.<Long>fromByteBuffer(column.type(), bound);
  }

  /**
   * False when no value of a column of texts is one of these.
   *
   * @param values by {@link org.apache.iceberg.types.Comparators#charSequences()}
   */
  boolean mayMeet(NavigableSet<CharSequence> values) {
    CharSequence least = lower == null ? "" : text(lower);
    CharSequence next = values.ceiling(least);
    return next != null && (upper == null || values.comparator().compare(next, text(upper)) <= 0);
  }

  private static CharSequence text(ByteBuffer bound) {
    return StandardCharsets.UTF_8.decode(bound.duplicate()).toString();
  }
}
