// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnPathTest {
  private final StreamDefinition entries = StreamFiles.catalog().stream("entries");

  @Test
  void readsAColumn() {
    assertThat(ColumnPath.of(entries, "user_id").texts(row("user_id", "u"))).containsExactly("u");
  }

  @Test
  void readsThroughAStruct() {
    Row row = row("owner", Row.of("o", List.of()));

    assertThat(ColumnPath.of(entries, "owner.id").texts(row)).containsExactly("o");
  }

  @Test
  void readsEachValueOfAListInOrder() {
    Row row = row("owner", Row.of("o", List.of("b", "a", "b")));

    assertThat(ColumnPath.of(entries, "owner.homes").texts(row)).containsExactly("b", "a", "b");
  }

  @Test
  void readsThroughAListOfStructsAndThroughListsOfLists() {
    assertThat(
            ColumnPath.of(entries, "items.order")
                .texts(row("items", List.of(Row.of(2L), Row.of(1L)))))
        .containsExactly("2", "1");
    assertThat(
            ColumnPath.of(entries, "grid")
                .texts(row("grid", List.of(List.of(1L, 2L), List.of(), List.of(3L)))))
        .containsExactly("1", "2", "3");
  }

  @Test
  void leavesOutNullsAndEmptyTexts() {
    assertThat(ColumnPath.of(entries, "owner.id").texts(row("owner", null))).isEmpty();
    assertThat(ColumnPath.of(entries, "owner.id").texts(row("owner", Row.of(null, null))))
        .isEmpty();
    assertThat(ColumnPath.of(entries, "user_id").texts(row("user_id", ""))).isEmpty();
    assertThat(
            ColumnPath.of(entries, "items.order")
                .texts(row("items", Arrays.asList(null, Row.of((Object) null), Row.of(7L)))))
        .containsExactly("7");
  }

  @Test
  void knowsItsTypeAndWhetherItLeadsThroughAList() {
    assertThat(ColumnPath.of(entries, "items.order").type()).isEqualTo(Type.Primitive.LONG);
    assertThat(ColumnPath.of(entries, "items.order").repeated()).isTrue();
    assertThat(ColumnPath.of(entries, "started_at").type()).isEqualTo(Type.Primitive.TIMESTAMP);
    assertThat(ColumnPath.of(entries, "owner.id").repeated()).isFalse();
  }

  @Test
  void refusesAPathThatLeadsNowhere() {
    assertThatThrownBy(() -> ColumnPath.of(entries, "owner.idd"))
        .isInstanceOf(ConnectorException.class)
        .hasMessage(
            "column path 'owner.idd' of stream 'entries': 'idd' is no column; did you mean 'id'?");
    assertThatThrownBy(() -> ColumnPath.of(entries, "items"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("ends at an object; go on to one of its columns");
    assertThatThrownBy(() -> ColumnPath.of(entries, "id.more"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("there is nothing below 'id'");
  }

  private Row row(String column, Object value) {
    Row row = new Row(entries.columns().size());
    row.set(entries.position(column), value);
    return row;
  }
}
