// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.destination.MaintenancePlan.Step;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.destination.TableCare;
import io.clockifylakehouse.destination.TableCare.Work;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetadataTableType;
import org.apache.iceberg.MetadataTableUtils;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What maintenance does to tables, and what it leaves alone. */
class MaintenanceTest {
  private static final StreamDefinition WORK = Streams.work();
  private static final long MEBIBYTE = 1L << 20;
  private static final int KILLED = 137;

  @TempDir private Path directory;

  private static Row work(String workspace, int i) {
    long start = Micros.of(Instant.parse("2026-03-01T00:00:00Z").plusSeconds(36_000L * i));
    return Row.of(workspace, "u" + i % 3, "id%03d".formatted(i), start, "note " + i, null);
  }

  private static MaintenancePlan plan(boolean dryRun, Duration orphanMinAge, Step... steps) {
    return new MaintenancePlan(
        steps.length == 0 ? EnumSet.allOf(Step.class) : Set.of(steps),
        dryRun,
        128 * MEBIBYTE,
        Duration.ofHours(1),
        orphanMinAge);
  }

  /** As of tomorrow, so that everything is old. */
  private static SyncStamp tomorrow() {
    return new SyncStamp("maintain-1", Instant.now().plus(Duration.ofDays(1)));
  }

  private static TableCare maintain(Lakehouse lakehouse, MaintenancePlan plan) {
    return lakehouse.destination.maintain(List.of(WORK), plan, tomorrow()).get(0);
  }

  private static Work work(TableCare care, Step step) {
    return care.work().stream().filter(w -> w.step() == step).findFirst().orElseThrow();
  }

  /** Thirty commits of a row each, in two workspaces and several months. */
  private static void fill(Lakehouse lakehouse) {
    lakehouse.destination.prepare(List.of(WORK));
    for (int i = 0; i < 30; i++) {
      String workspace = i % 2 == 0 ? W1 : W2;
      lakehouse.sync(WORK, workspace, Coverage.PART, work(workspace, i * 5));
    }
  }

  /** Files that some snapshot or the metadata refers to, by name. */
  private static Set<String> referenced(Table table) throws IOException {
    Set<String> names = new TreeSet<>();
    for (MetadataTableType type :
        List.of(MetadataTableType.ALL_DATA_FILES, MetadataTableType.ALL_MANIFESTS)) {
      Table files = MetadataTableUtils.createMetadataTableInstance(table, type);
      String column = type == MetadataTableType.ALL_DATA_FILES ? "file_path" : "path";
      try (CloseableIterable<org.apache.iceberg.FileScanTask> tasks = files.newScan().planFiles()) {
        for (org.apache.iceberg.FileScanTask task : tasks) {
          try (CloseableIterable<org.apache.iceberg.StructLike> rows = task.asDataTask().rows()) {
            int position = files.schema().columns().indexOf(files.schema().findField(column));
            rows.forEach(row -> names.add(name(row.get(position, String.class))));
          }
        }
      }
    }
    table.snapshots().forEach(snapshot -> names.add(name(snapshot.manifestListLocation())));
    return names;
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static Set<String> avroAndParquet(Lakehouse lakehouse, String table) {
    Set<String> names = new TreeSet<>();
    for (String file : lakehouse.files()) {
      if (file.contains("/" + table + "/") && file.matches(".*\\.(avro|parquet)")) {
        names.add(name(file));
      }
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(strings = {"hadoop", "jdbc"})
  void makesFewFilesOfManyAndChangesNoRow(String catalog) throws IOException {
    try (Lakehouse lakehouse =
        catalog.equals("jdbc") ? Lakehouse.jdbc(directory) : Lakehouse.hadoop(directory)) {
      fill(lakehouse);
      Map<String, Map<String, Object>> before = lakehouse.rows("work");

      TableCare care = maintain(lakehouse, plan(false, Duration.ZERO));

      assertThat(lakehouse.rows("work")).isEqualTo(before).hasSize(30);
      assertThat(care.before().files()).isGreaterThan(care.after().files());
      assertThat(care.after().files()).isEqualTo(4); // a file for each workspace and month
      assertThat(care.after().snapshots()).isLessThanOrEqualTo(SnapshotExpiry.KEPT + 1);
      assertThat(care.before().manifests()).isGreaterThan(ManifestRewrite.FEW);
      assertThat(care.after().manifests()).isLessThanOrEqualTo(ManifestRewrite.FEW);
      assertThat(lakehouse.deleteManifests("work")).isZero();
      assertThat(avroAndParquet(lakehouse, "work")).isEqualTo(referenced(lakehouse.table("work")));
      for (DataFile file : lakehouse.dataFiles("work")) {
        assertThat(file.sortOrderId()).isEqualTo(lakehouse.table("work").sortOrder().orderId());
      }

      Set<String> files = lakehouse.files();
      TableCare again = maintain(lakehouse, plan(false, Duration.ZERO));
      assertThat(again.work()).allMatch(w -> w.items() == 0);
      assertThat(lakehouse.files()).isEqualTo(files);
      assertThat(lakehouse.sync(WORK, W1, Coverage.PART, work(W1, 0)).rows().unchanged())
          .isEqualTo(1);
      assertThat(lakehouse.files()).isEqualTo(files);
    }
  }

  @Test
  void aDryRunSaysWhatARunDoesAndDoesNothing() throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      fill(lakehouse);
      plant(lakehouse, "data/orphan.parquet");
      Set<String> files = lakehouse.files();

      TableCare dry = maintain(lakehouse, plan(true, Duration.ZERO));

      assertThat(lakehouse.files()).isEqualTo(files);
      assertThat(dry.before()).isEqualTo(dry.after());
      for (Step step : List.of(Step.ORPHANS, Step.COMPACTION)) {
        TableCare real = maintain(lakehouse, plan(false, Duration.ZERO, step));
        assertThat(real.work()).containsExactly(work(dry, step));
        assertThat(work(dry, step).items()).isPositive();
        assertThat(work(dry, step).bytes()).isPositive();
      }
      assertThat(work(dry, Step.SNAPSHOTS).items()).isEqualTo(20);
    }
  }

  private static Path plant(Lakehouse lakehouse, String path) throws IOException {
    Path file = lakehouse.warehouse.resolve("clockify/work").resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "x");
  }

  @Test
  void removesOrphansOfAgeAndNothingElse() throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      fill(lakehouse);
      Set<String> files = lakehouse.files();
      List<Path> orphans = new ArrayList<>();
      orphans.add(plant(lakehouse, "data/workspace_id=x/killed.parquet"));
      orphans.add(plant(lakehouse, "metadata/snap-1-1-killed.avro"));
      orphans.add(plant(lakehouse, "metadata/0a1b2c3d-0000-1111-2222-0123456789ab.metadata.json"));
      List<Path> others = new ArrayList<>();
      others.add(plant(lakehouse, "metadata/v9999.metadata.json"));
      others.add(plant(lakehouse, "metadata/00001-0a1b2c3d.metadata.json"));
      others.add(plant(lakehouse, "data/_temporary/part.parquet"));
      others.add(plant(lakehouse, "data/.hidden.parquet"));
      // A table whose name begins alike.
      others.add(plant(lakehouse, "../work_more/data/other.parquet"));
      others.add(plant(lakehouse, "../../.clockify-lakehouse.lock"));

      TableCare young = maintain(lakehouse, plan(false, Duration.ofDays(3), Step.ORPHANS));
      assertThat(work(young, Step.ORPHANS).items()).isZero();
      assertThat(orphans).allMatch(Files::exists);
      Files.delete(others.get(0)); // Hadoop would take it for the table's newest version

      TableCare care = maintain(lakehouse, plan(false, Duration.ZERO, Step.ORPHANS));

      assertThat(work(care, Step.ORPHANS))
          .isEqualTo(new Work(Step.ORPHANS, 3, 3, java.util.Optional.empty()));
      assertThat(orphans).noneMatch(Files::exists);
      assertThat(others.subList(1, others.size())).allMatch(Files::exists);
      assertThat(lakehouse.files()).containsAll(files);
    }
  }

  @Test
  void removesNothingWhenTheTableMissesAFile() throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      fill(lakehouse);
      Path orphan = plant(lakehouse, "data/orphan.parquet");
      String lost = lakehouse.dataFiles("work").get(0).location();
      Path file = LakehouseCatalog.localPath(lost).orElseThrow();
      Path aside = directory.resolve("aside");
      Files.move(file, aside);

      TableCare care = maintain(lakehouse, plan(false, Duration.ZERO, Step.ORPHANS));

      assertThat(work(care, Step.ORPHANS).refusal().orElseThrow())
          .contains("1 files that the table needs are not below");
      assertThat(orphan).exists();
      Files.move(aside, file);
      maintain(lakehouse, plan(false, Duration.ZERO, Step.ORPHANS));
      assertThat(orphan).doesNotExist();
    }
  }

  @Test
  void keepsWhatATagNames() throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      fill(lakehouse);
      lakehouse.tag(new SyncStamp("kept", Instant.now()), List.of(WORK));
      long tagged = lakehouse.table("work").currentSnapshot().snapshotId();
      for (int i = 0; i < 15; i++) {
        lakehouse.sync(WORK, W1, Coverage.PART, work(W1, 300 + i));
      }
      maintain(lakehouse, plan(false, Duration.ZERO));
      Table table = lakehouse.table("work");
      assertThat(table.refs()).containsKey("sync-kept");
      try (CloseableIterable<Record> rows =
          org.apache.iceberg.data.IcebergGenerics.read(table).useSnapshot(tagged).build()) {
        assertThat(rows).hasSize(30);
      }
    }
  }

  /** A process of its own that dies at the nth moment before a commit or a step. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6})
  void aKillLeavesATableThatReadsTheSame(int moment) throws Exception {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      fill(lakehouse);
      Map<String, Map<String, Object>> before = lakehouse.rows("work");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  MaintenanceTest.class.getName(),
                  directory.toString(),
                  Integer.toString(moment))
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("process.log").toFile())
              .start();
      assertThat(process.waitFor())
          .as(Files.readString(directory.resolve("process.log")))
          .isEqualTo(KILLED);
      assertThat(lakehouse.rows("work")).isEqualTo(before);
      assertThat(lakehouse.sync(WORK, W1, Coverage.PART, work(W1, 0)).rows().unchanged())
          .isEqualTo(1);
      maintain(lakehouse, plan(false, Duration.ZERO));
      assertThat(lakehouse.rows("work")).isEqualTo(before);
      assertThat(avroAndParquet(lakehouse, "work")).isEqualTo(referenced(lakehouse.table("work")));
    }
  }

  /** The process that dies. */
  public static void main(String[] arguments) {
    AtomicInteger moments = new AtomicInteger(Integer.parseInt(arguments[1]));
    Runnable fence =
        () -> {
          if (moments.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(KILLED);
          }
        };
    try (Lakehouse lakehouse = Lakehouse.hadoop(Path.of(arguments[0]))) {
      LakehouseCatalog catalog = lakehouse.catalog();
      IcebergSink.TableAccess access =
          new IcebergSink.TableAccess(
              "clockify.work",
              () -> catalog.load("work"),
              new MergeCommit.Rules(io.clockifylakehouse.destination.DeleteMode.HARD, 1),
              new CommitLocks(new ReentrantLock(), new ReentrantLock()),
              () -> {},
              fence,
              new WrittenKeys());
      new Maintenance(catalog, plan(false, Duration.ZERO), tomorrow(), name -> access, fence)
          .run("work");
    }
    System.exit(0);
  }
}
