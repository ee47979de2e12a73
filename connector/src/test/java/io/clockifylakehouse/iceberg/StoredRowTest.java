// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.util.Utf8;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class StoredRowTest {
  private static final String TEXT = "Zürich \uD83D\uDE80";
  private static final List<Object> VALUES =
      List.of(
          new Utf8(TEXT),
          Long.MIN_VALUE,
          -1,
          true,
          false,
          -0.5,
          List.of(new Utf8("a"), 7L, List.of()),
          new Utf8(""),
          Long.MAX_VALUE);

  private static RowBuffer written() {
    RowBuffer buffer = new RowBuffer();
    buffer.put(TEXT.getBytes(StandardCharsets.UTF_8));
    buffer.put(Long.MIN_VALUE);
    buffer.put(-1);
    buffer.put(true);
    buffer.put(false);
    buffer.put(-0.5);
    int list = buffer.begin(RowBuffer.LIST, 3);
    buffer.put(new byte[] {'a'});
    buffer.put(7L);
    buffer.end(buffer.begin(RowBuffer.LIST, 0));
    buffer.end(list);
    buffer.put(new byte[0]);
    buffer.put(Long.MAX_VALUE);
    return buffer;
  }

  @Test
  void readsItsColumnsInAnyOrder() {
    Random random = new Random(20261121L);
    StoredRow row = new StoredRow(written().array(), 0, VALUES.size());
    for (int i = 0; i < 1_000; i++) {
      int column = random.nextInt(VALUES.size());
      assertThat(row.get(column, Object.class)).isEqualTo(VALUES.get(column));
    }
    assertThat(row.get(0, CharSequence.class)).isEqualTo(TEXT);
  }

  @Test
  void readsNullsAndStructsInStructs() {
    RowBuffer buffer = new RowBuffer();
    buffer.putNull();
    int outer = buffer.begin(RowBuffer.STRUCT, 3);
    buffer.put(1L);
    int inner = buffer.begin(RowBuffer.STRUCT, 1);
    buffer.putNull();
    buffer.end(inner);
    buffer.put(2L);
    buffer.end(outer);
    buffer.put(3L);
    StoredRow row = new StoredRow(buffer.array(), 0, 3);

    assertThat(row.get(2, Long.class)).isEqualTo(3L);
    assertThat(row.get(0, Object.class)).isNull();
    StructLike struct = row.get(1, StructLike.class);
    assertThat(struct.size()).isEqualTo(3);
    assertThat(struct.get(2, Long.class)).isEqualTo(2L);
    assertThat(struct.get(1, StructLike.class).get(0, Object.class)).isNull();
    assertThat(struct.get(0, Long.class)).isEqualTo(1L);
  }

  @Test
  void comesBackFromMemoryAndFilesAsItWasAdded() {
    Schema schema =
        new Schema(
            Types.NestedField.required(1, "place", Types.StringType.get()),
            Types.NestedField.required(2, "number", Types.LongType.get()));
    PartitionSpec spec = PartitionSpec.builderFor(schema).identity("place").build();
    for (int bytesInMemory : new int[] {1, 200, 1 << 20}) {
      try (RowSpool spool = new RowSpool(schema, spec, bytesInMemory)) {
        for (int i = 0; i < 100; i++) {
          RowBuffer row = new RowBuffer();
          row.put(new byte[] {(byte) ('a' + i % 3)});
          row.put((long) i);
          spool.add(1_000 + i, i, row);
        }
        List<Long> numbers = new ArrayList<>();
        assertThat(spool.partitions()).hasSize(3);
        for (StructLike partition : spool.partitions()) {
          int first = partition.get(0, CharSequence.class).charAt(0) - 'a';
          List<Long> some = new ArrayList<>();
          spool.forEach(
              partition,
              (entry, sequence, row) -> {
                assertThat(entry).isEqualTo(1_000 + sequence);
                assertThat(row.get(1, Long.class)).isEqualTo(sequence);
                some.add(row.get(1, Long.class));
              });
          assertThat(some).isSorted().allMatch(number -> number % 3 == first);
          numbers.addAll(some);
        }
        assertThat(numbers).hasSize(100).doesNotHaveDuplicates();
      }
    }
  }
}
