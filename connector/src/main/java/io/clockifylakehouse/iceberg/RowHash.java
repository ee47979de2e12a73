// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The content of a row as 64 bits, for change detection: two versions of one row share it by chance
 * once in 2^64.
 *
 * <p>Columns count by name and nulls do not count, at every level: a column that is added later and
 * is null, or that moves, changes no hash. Elements of a {@link Type.Array#set} count in any order.
 * Whole numbers of any width are alike, and so are 0.0 and -0.0. Immutable, thus safe for use by
 * several threads.
 */
final class RowHash {
  // Any odd constants do; these keep an empty struct, an empty list and a null element apart.
  private static final long STRUCT = 0x9E3779B97F4A7C15L;
  private static final long LIST = 0xC2B2AE3D27D4EB4FL;
  private static final long NULL_ELEMENT = 0x165667B19E3779F9L;

  private final Shape row;
  private final TextCache texts;

  RowHash(List<Column> columns) {
    this(columns, new TextCache());
  }

  RowHash(List<Column> columns, TextCache texts) {
    this.texts = texts;
    this.row =
        Shape.of(
            columns.stream().map(Column::name).toArray(String[]::new),
            columns.stream().map(Column::type).toArray(Type[]::new));
  }

  long of(Row values) {
    return row.hash(values, texts);
  }

  /** Names, as hashes, and types of a row's or struct's columns. */
  private record Shape(long[] names, Type[] types, Shape[] nested) {
    static Shape of(String[] columns, Type[] types) {
      long[] names = new long[columns.length];
      Shape[] nested = new Shape[columns.length];
      for (int i = 0; i < columns.length; i++) {
        names[i] = TextCache.hash(columns[i].getBytes(StandardCharsets.UTF_8));
        nested[i] = nestedIn(types[i]);
      }
      return new Shape(names, types, nested);
    }

    /** The shape of the struct a type holds, be it inside of lists; null when it holds none. */
    private static Shape nestedIn(Type type) {
      if (type instanceof Type.Struct struct) {
        return of(
            struct.fields().stream().map(Field::column).toArray(String[]::new),
            struct.fields().stream().map(Field::type).toArray(Type[]::new));
      }
      return type instanceof Type.Array array ? nestedIn(array.element()) : null;
    }

    long hash(Row values, TextCache texts) {
      long sum = 0;
      for (int i = 0; i < names.length; i++) {
        Object value = values.get(i);
        if (value != null) {
          sum += mix(names[i] + mix(value(types[i], nested[i], value, texts)));
        }
      }
      return sum;
    }

    private static long value(Type type, Shape nested, Object value, TextCache texts) {
      if (type instanceof Type.Struct) {
        return STRUCT + nested.hash((Row) value, texts);
      }
      if (type instanceof Type.Array array) {
        return list(array, nested, (List<?>) value, texts);
      }
      return switch ((Type.Primitive) type) {
        case STRING, JSON -> texts.of((String) value).hash();
        case BOOLEAN -> (Boolean) value ? 2 : 1;
        case INT, LONG, DATE, TIMESTAMP -> ((Number) value).longValue();
        // Adding 0.0 makes -0.0 positive.
        case DOUBLE -> Double.doubleToLongBits((Double) value + 0.0);
      };
    }

    private static long list(Type.Array array, Shape nested, List<?> elements, TextCache texts) {
      long hash = LIST + elements.size();
      for (Object element : elements) {
        long one =
            mix(
                element == null
                    ? NULL_ELEMENT
                    : LIST ^ value(array.element(), nested, element, texts));
        hash = array.set() ? hash + one : mix(hash) + one;
      }
      return hash;
    }

    /** The finalizer of MurmurHash3: each bit of the input moves about half of the output. */
    private static long mix(long bits) {
      long hash = bits;
      hash ^= hash >>> 33;
      hash *= 0xff51afd7ed558ccdL;
      hash ^= hash >>> 33;
      hash *= 0xc4ceb9fe1a85ec53L;
      hash ^= hash >>> 33;
      return hash;
    }
  }
}
