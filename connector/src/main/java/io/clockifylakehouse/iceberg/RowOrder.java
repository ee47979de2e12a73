// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.SortDirection;
import org.apache.iceberg.SortField;
import org.apache.iceberg.SortKey;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Type;

/**
 * The sort order of a table, over keys that are taken out of each row once. Iceberg's own
 * comparator takes them anew for each comparison.
 *
 * <p>Not safe for use by several threads.
 */
final class RowOrder implements Comparator<Object[]> {
  private final SortKey key;
  private final List<Comparator<Object>> fields = new ArrayList<>();
  private Object[] last;

  RowOrder(Table table) {
    this.key = new SortKey(table.schema(), table.sortOrder());
    for (SortField field : table.sortOrder().fields()) {
      Type source = table.schema().findType(field.sourceId());
      Type.PrimitiveType type = field.transform().getResultType(source).asPrimitiveType();
      Comparator<Object> values = Comparators.forType(type);
      Comparator<Object> nulls =
          field.nullOrder() == NullOrder.NULLS_FIRST
              ? Comparators.nullsFirst()
              : Comparators.nullsLast();
      fields.add(
          nulls.thenComparing(
              field.direction() == SortDirection.DESC ? values.reversed() : values));
    }
    this.last = new Object[fields.size()];
  }

  /** What a row is sorted by. */
  Object[] keyOf(StructLike row) {
    key.wrap(row);
    Object[] values = new Object[last.length];
    for (int i = 0; i < values.length; i++) {
      Object value = key.get(i, Object.class);
      // Texts recur from row to row, and one that is the same object is compared at once.
      values[i] = value instanceof String && value.equals(last[i]) ? last[i] : value;
    }
    last = values;
    return values;
  }

  @Override
  public int compare(Object[] left, Object[] right) {
    for (int i = 0; i < left.length; i++) {
      int order = left[i] == right[i] ? 0 : fields.get(i).compare(left[i], right[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
