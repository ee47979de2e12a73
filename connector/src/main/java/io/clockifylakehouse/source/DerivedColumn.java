// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Derived;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Fills one derived column of a row whose fields have been read.
 *
 * @param position of the derived column
 * @param from positions from the row down to the value it is read from
 * @param paths the API's paths of that value and of the objects around it: a value kept at one of
 *     them was sent, though its column is null
 */
record DerivedColumn(int position, Derived.Rule rule, int[] from, List<String> paths) {

  /** Compiles a derived column; that its path and types fit, the stream's file was checked for. */
  static DerivedColumn of(StreamDefinition stream, Derived derived) {
    String[] names = derived.from().split("\\.");
    int[] from = new int[names.length];
    from[0] = stream.position(names[0]);
    Type type = stream.columns().get(from[0]).type();
    List<String> source = new ArrayList<>(source(stream.fields(), names[0]));
    for (int i = 1; i < names.length; i++) {
      List<Field> fields = ((Type.Struct) type).fields();
      from[i] = position(fields, names[i]);
      type = fields.get(from[i]).type();
      source.addAll(fields.get(from[i]).source());
    }
    List<String> paths = new ArrayList<>();
    for (int i = 1; i <= source.size(); i++) {
      paths.add(String.join(".", source.subList(0, i)));
    }
    return new DerivedColumn(stream.position(derived.column()), derived.rule(), from, paths);
  }

  /** Call it before the record's remainder is taken away. */
  void fill(Row row, Reading reading) {
    Object value = row.get(from[0]);
    for (int i = 1; i < from.length && value != null; i++) {
      value = ((Row) value).get(from[i]);
    }
    row.set(position, derive(value, reading));
  }

  private Object derive(Object value, Reading reading) {
    return switch (rule) {
      case COPY -> value;
      case SECONDS -> seconds((String) value);
      case MISSING -> value == null && paths.stream().noneMatch(reading::keeps);
    };
  }

  private static Long seconds(String text) {
    OptionalLong seconds = text == null ? OptionalLong.empty() : IsoText.seconds(text);
    return seconds.isPresent() ? seconds.getAsLong() : null;
  }

  private static List<String> source(List<Field> fields, String column) {
    int position = position(fields, column);
    return position < 0 ? List.of() : fields.get(position).source();
  }

  private static int position(List<Field> fields, String column) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).column().equals(column)) {
        return i;
      }
    }
    return -1;
  }
}
