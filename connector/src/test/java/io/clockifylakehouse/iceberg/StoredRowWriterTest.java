// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRowWriterTest {
  private static final Types.StructType INNER =
      Types.StructType.of(
          optional(20, "text", Types.StringType.get()),
          optional(21, "whole", Types.LongType.get()),
          optional(22, "texts", Types.ListType.ofOptional(23, Types.StringType.get())));
  private static final Schema SCHEMA =
      new Schema(
          required(1, "id", Types.StringType.get()),
          optional(2, "whole", Types.LongType.get()),
          optional(3, "small", Types.IntegerType.get()),
          optional(4, "day", Types.DateType.get()),
          optional(5, "at", Types.TimestampType.withZone()),
          optional(6, "yes", Types.BooleanType.get()),
          optional(7, "texts", Types.ListType.ofOptional(8, Types.StringType.get())),
          optional(9, "inner", INNER),
          optional(10, "inners", Types.ListType.ofOptional(11, renumbered())));

  @TempDir Path directory;

  private static Types.StructType renumbered() {
    return Types.StructType.of(
        optional(30, "text", Types.StringType.get()),
        optional(31, "whole", Types.LongType.get()),
        optional(32, "texts", Types.ListType.ofOptional(33, Types.StringType.get())));
  }

  @Test
  void writesTheSameFileAsIcebergsOwnWriter() throws IOException {
    SplittableRandom random = new SplittableRandom(20261122L);
    List<StructLike> rows = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rows.add(row(random, SCHEMA));
    }
    Metrics own = write("own", SCHEMA, StoredRowWriter::of, rows);
    Metrics icebergs = write("icebergs", SCHEMA, InternalWriter::createWriter, rows);

    assertThat(directory.resolve("own")).hasSameBinaryContentAs(directory.resolve("icebergs"));
    assertThat(own.nullValueCounts()).isEqualTo(icebergs.nullValueCounts()).isNotEmpty();
    assertThat(own.lowerBounds()).isEqualTo(icebergs.lowerBounds()).isNotEmpty();
  }

  @Test
  void takesRowsOfAnyOtherKindInBetween() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    List<StructLike> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      GenericRecord other = GenericRecord.create(SCHEMA);
      other.setField("id", "record " + i);
      rows.add(other);
      rows.add(row(random, SCHEMA));
    }
    assertThat(write("own", SCHEMA, StoredRowWriter::of, rows).recordCount()).isEqualTo(200);
    write("icebergs", SCHEMA, InternalWriter::createWriter, rows);
    assertThat(directory.resolve("own")).hasSameBinaryContentAs(directory.resolve("icebergs"));
  }

  @Test
  void knowsTheBoundsOfDoubles() throws IOException {
    Schema schema = new Schema(optional(1, "amount", Types.DoubleType.get()));
    List<StructLike> rows = new ArrayList<>();
    for (double value : new double[] {2.5, -1.5, 7}) {
      RowBuffer row = new RowBuffer();
      row.put(value);
      rows.add(stored(row, 1));
    }
    Metrics metrics = write("doubles", schema, StoredRowWriter::of, rows);
    assertThat(metrics.nanValueCounts()).containsEntry(1, 0L);
    Double least = Conversions.fromByteBuffer(Types.DoubleType.get(), metrics.lowerBounds().get(1));
    assertThat(least).isEqualTo(-1.5);
  }

  @Test
  void refusesARowWithoutWhatIsRequired() {
    RowBuffer row = new RowBuffer();
    row.putNull();
    Schema schema = new Schema(required(1, "id", Types.StringType.get()));
    List<StructLike> rows = List.of(stored(row, 1));
    assertThatThrownBy(() -> write("lacking", schema, StoredRowWriter::of, rows))
        .isInstanceOf(IllegalStateException.class);
  }

  private Metrics write(
      String name,
      Schema schema,
      BiFunction<Schema, MessageType, ParquetValueWriter<?>> writer,
      List<StructLike> rows)
      throws IOException {
    FileAppender<StructLike> file =
        Parquet.write(org.apache.iceberg.Files.localOutput(directory.resolve(name).toFile()))
            .schema(schema)
            .set("write.parquet.page-row-limit", "700")
            .createWriterFunc(writer)
            .build();
    try (file) {
      file.addAll(rows);
    }
    assertThat(Files.size(directory.resolve(name))).isPositive();
    return file.metrics();
  }

  private static StructLike row(SplittableRandom random, Schema schema) {
    RowBuffer row = new RowBuffer();
    for (Types.NestedField column : schema.columns()) {
      put(random, column.type(), column.isRequired(), row);
    }
    return stored(row, schema.columns().size());
  }

  private static StructLike stored(RowBuffer row, int columns) {
    // A row lies anywhere in what was read of it.
    byte[] bytes = new byte[row.size() + 5];
    System.arraycopy(row.array(), 0, bytes, 3, row.size());
    Arrays.fill(bytes, 0, 3, (byte) 99);
    return new StoredRow(bytes, 3, columns);
  }

  private static void put(SplittableRandom random, Type type, boolean required, RowBuffer row) {
    if (!required && random.nextInt(4) == 0) {
      row.putNull();
      return;
    }
    switch (type.typeId()) {
      case STRING -> row.put(text(random).getBytes(StandardCharsets.UTF_8));
      case LONG, TIMESTAMP -> row.put(random.nextLong());
      case INTEGER, DATE -> row.put(random.nextInt());
      case BOOLEAN -> row.put(random.nextBoolean());
      case LIST -> {
        int count = random.nextInt(4);
        int begun = row.begin(RowBuffer.LIST, count);
        for (int i = 0; i < count; i++) {
          put(random, type.asListType().elementType(), false, row);
        }
        row.end(begun);
      }
      case STRUCT -> {
        List<Types.NestedField> fields = type.asStructType().fields();
        int begun = row.begin(RowBuffer.STRUCT, fields.size());
        fields.forEach(field -> put(random, field.type(), false, row));
        row.end(begun);
      }
      default -> throw new IllegalArgumentException(type.toString());
    }
  }

  private static String text(SplittableRandom random) {
    return random.nextBoolean() ? "often" : "Zürich " + random.nextInt(1_000) + " 🕰";
  }
}
