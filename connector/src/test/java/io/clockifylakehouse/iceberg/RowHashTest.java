// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowHashTest {
  private static final Type TEXT = Type.Primitive.STRING;

  private static Column column(String name, Type type) {
    return new Column(name, type, "Doc.", false);
  }

  private static long hash(List<Column> columns, Object... values) {
    return new RowHash(columns).of(Row.of(values));
  }

  private static long one(Type type, Object value) {
    return hash(List.of(column("c", type)), value);
  }

  private static Type.Struct struct(String... names) {
    List<Field> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(new Field(List.of(name), name, TEXT, "Doc."));
    }
    return new Type.Struct(fields);
  }

  @Test
  void doesNotDependOnTheOrderOfColumns() {
    assertThat(hash(List.of(column("a", TEXT), column("b", TEXT)), "x", "y"))
        .isEqualTo(hash(List.of(column("b", TEXT), column("a", TEXT)), "y", "x"))
        .isNotEqualTo(hash(List.of(column("b", TEXT), column("a", TEXT)), "x", "y"));
  }

  @Test
  void doesNotSeeAColumnThatIsNull() {
    assertThat(hash(List.of(column("a", TEXT), column("b", TEXT)), "x", null))
        .isEqualTo(hash(List.of(column("a", TEXT)), "x"));
    assertThat(one(struct("p", "q"), Row.of("x", null))).isEqualTo(one(struct("p"), Row.of("x")));
  }

  @Test
  void seesTheDifferenceBetweenEmptyAndNull() {
    assertThat(one(TEXT, "")).isNotEqualTo(one(TEXT, null));
    assertThat(one(struct("p"), new Row(1))).isNotEqualTo(one(struct("p"), null));
    Type.Array list = new Type.Array(TEXT, false);
    Set<Long> different = new HashSet<>();
    different.add(one(list, null));
    different.add(one(list, List.of()));
    different.add(one(list, Arrays.asList((Object) null)));
    different.add(one(list, Arrays.asList(null, null)));
    different.add(one(list, List.of("")));
    assertThat(different).hasSize(5);
  }

  @Test
  void mindsTheOrderOfAListButNotOfASet() {
    assertThat(one(new Type.Array(TEXT, false), List.of("a", "b")))
        .isNotEqualTo(one(new Type.Array(TEXT, false), List.of("b", "a")));
    Type.Array set = new Type.Array(struct("p"), true);
    assertThat(one(set, List.of(Row.of("a"), Row.of("b"))))
        .isEqualTo(one(set, List.of(Row.of("b"), Row.of("a"))))
        .isNotEqualTo(one(set, List.of(Row.of("b"), Row.of("b"))));
  }

  @Test
  void comparesNumbersByValue() {
    assertThat(one(Type.Primitive.INT, 7)).isEqualTo(one(Type.Primitive.LONG, 7L));
    assertThat(one(Type.Primitive.DOUBLE, 0.0)).isEqualTo(one(Type.Primitive.DOUBLE, -0.0));
    assertThat(one(Type.Primitive.DOUBLE, 0.1)).isNotEqualTo(one(Type.Primitive.DOUBLE, 0.2));
  }

  @Test
  void tellsNearlyAlikeRowsApart() {
    List<Column> columns =
        List.of(column("a", Type.Primitive.LONG), column("b", Type.Primitive.LONG));
    Set<Long> hashes = new HashSet<>();
    for (long a = 0; a < 300; a++) {
      for (long b = 0; b < 300; b++) {
        hashes.add(hash(columns, a, b));
      }
    }
    assertThat(hashes).hasSize(90_000);
  }
}
