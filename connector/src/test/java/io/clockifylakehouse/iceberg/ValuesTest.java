// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValuesTest {
  private static final StreamDefinition EVERY_TYPE =
      Streams.tags(
          "text: {type: string, doc: D.}",
          "flag: {type: boolean, doc: D.}",
          "small: {type: int, doc: D.}",
          "big: {type: long, doc: D.}",
          "real: {type: double, doc: D.}",
          "day: {type: date, doc: D.}",
          "moment: {type: timestamp, doc: D.}",
          "any: {type: json, doc: D.}",
          "texts: {type: list, doc: D., of: {type: string}}",
          "inner: {type: object, doc: D., fields: {name: {type: string, doc: D.}, rows: {type: list,"
              + " doc: D., of: {type: object, fields: {n: {type: long, doc: D.}, at: {type:"
              + " timestamp, doc: D.}}}}}}");

  @TempDir Path directory;

  private static Row full(String id) {
    return Row.of(
        W1,
        id,
        "Zoë\u0000 𝄞 \"quoted\"\n",
        true,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        -0.1,
        -1,
        Micros.of(Instant.parse("1969-12-31T23:59:59.999999Z")),
        "{\"a\": [1, null]}",
        Arrays.asList("b", null, ""),
        Row.of("in", Arrays.asList(Row.of(1L, 0L), null, Row.of(null, null))),
        "{\"newField\": 1}");
  }

  private static Row empty(String id) {
    Row row = new Row(EVERY_TYPE.columns().size());
    row.set(0, W1);
    row.set(1, id);
    return row;
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Test
  void readsBackEveryTypeAsWritten() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(EVERY_TYPE));
      lakehouse.sync(EVERY_TYPE, W1, Coverage.WHOLE, full("a"), empty("b"));

      assertThat(lakehouse.rows("tags").get("a"))
          .containsEntry("text", "Zoë\u0000 𝄞 \"quoted\"\n")
          .containsEntry("flag", true)
          .containsEntry("small", Integer.MIN_VALUE)
          .containsEntry("big", Long.MAX_VALUE)
          .containsEntry("real", -0.1)
          .containsEntry("day", LocalDate.of(1969, 12, 31))
          .containsEntry("moment", Instant.parse("1969-12-31T23:59:59.999999Z"))
          .containsEntry("any", "{\"a\": [1, null]}")
          .containsEntry("texts", Arrays.asList("b", null, ""))
          .containsEntry("_extra", "{\"newField\": 1}")
          .containsEntry(
              "inner",
              map(
                  "name",
                  "in",
                  "rows",
                  Arrays.asList(
                      map("n", 1L, "at", Instant.EPOCH), null, map("n", null, "at", null))));
      Map<String, Object> nulls = lakehouse.rows("tags").get("b");
      List<String> set = new ArrayList<>();
      nulls.forEach(
          (column, value) -> {
            if (value != null) {
              set.add(column);
            }
          });
      assertThat(set)
          .containsExactlyInAnyOrder("workspace_id", "id", "_synced_at", "_sync_id", "_row_hash");
    }
  }

  @Test
  void keepsEveryValueOfARowThatIsCopied() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(EVERY_TYPE));
      lakehouse.sync(EVERY_TYPE, W1, Coverage.WHOLE, full("a"), empty("b"), empty("c"));
      Map<String, Map<String, Object>> before = lakehouse.rows("tags");

      // c goes, thus the one file is rewritten with copies of a and b.
      assertThat(lakehouse.sync(EVERY_TYPE, W1, Coverage.WHOLE, full("a"), empty("b")).rows())
          .isEqualTo(new RowCounts(2, 0, 0, 1, 2));

      before.remove("c");
      assertThat(lakehouse.rows("tags")).isEqualTo(before);
    }
  }
}
