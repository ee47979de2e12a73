// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.bench.EntryPage;
import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 5,000 time entries against a table that holds them: hashed, merged, written. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MergeBenchmark {
  private static final int CHANGED_SHARE = 100;

  private final EntryPage page = new EntryPage();
  private final StreamDefinition stream = page.stream();
  private final List<Row> rows = page.read();
  private final int description = stream.position("description");
  private final TextCache texts = new TextCache();
  private final RowHash hash = new RowHash(stream.columns(), texts);
  private final Schema schema = TableLayout.of(stream, Map.of()).schema();
  private final RowConversion conversion = new RowConversion(stream, "rows", schema, texts);
  private final RowBuffer buffer = new RowBuffer();
  private Path directory;
  private IcebergDestination destination;
  private int runs;

  /** Fills the table. */
  @Setup
  public void fill() throws IOException {
    directory = Files.createTempDirectory("clockify-lakehouse-bench-");
    destination = open("clockify");
    merge(destination, rows);
  }

  private IcebergDestination open(String namespace) {
    Map<String, String> catalog = Map.of("type", "hadoop", "warehouse", directory.toString());
    IcebergDestination opened =
        IcebergDestination.open(
            new IcebergSettings(catalog, "lakehouse", namespace, Map.of(), DeleteMode.HARD, 1));
    opened.prepare(List.of(stream));
    return opened;
  }

  /** Closes the catalog; the directory is the machine's temporary one. */
  @TearDown
  public void close() {
    destination.close();
  }

  /** The content hash of each row. */
  @Benchmark
  public long hash() {
    long sum = 0;
    for (Row row : rows) {
      sum += hash.of(row);
    }
    return sum;
  }

  /** Each row as one of the table, into one Parquet file. */
  @Benchmark
  public Metrics rowsToParquet() throws IOException {
    FileAppender<StructLike> file =
        Parquet.write(
                org.apache.iceberg.Files.localOutput(directory.resolve("rows.parquet").toFile()))
            .overwrite()
            .schema(schema)
            .set("write.parquet.compression-codec", "zstd")
            .createWriterFunc(StoredRowWriter::of)
            .build();
    try (file) {
      for (Row row : rows) {
        buffer.clear();
        conversion.write(row, 0, "run", hash.of(row), buffer);
        file.add(new StoredRow(buffer.array(), 0, schema.columns().size()));
      }
    }
    return file.metrics();
  }

  /** Rows into a new table, month by month. */
  @Benchmark
  public Committed load() {
    try (IcebergDestination empty = open("load" + runs)) {
      return merge(empty, rows);
    }
  }

  /** Nothing changed: keys and hashes are read and compared. */
  @Benchmark
  public Committed unchanged() {
    return merge(destination, rows);
  }

  /** One row in a hundred changed: its files are rewritten. */
  @Benchmark
  public Committed changed() {
    List<Row> now = new ArrayList<>(rows);
    for (int i = 0; i < now.size(); i += CHANGED_SHARE) {
      Row edited = new Row(now.get(i).size());
      for (int column = 0; column < edited.size(); column++) {
        edited.set(column, now.get(i).get(column));
      }
      edited.set(description, "edit " + runs);
      now.set(i, edited);
    }
    return merge(destination, now);
  }

  private Committed merge(IcebergDestination into, List<Row> now) {
    SyncStamp stamp = new SyncStamp("run-" + runs++, Instant.EPOCH.plusSeconds(runs));
    Optional<String> workspace = page.scope().workspace();
    try (Sink sink = into.open(stream, workspace, stamp)) {
      sink.write(now);
      return sink.commit(Coverage.WHOLE);
    }
  }
}
