// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random reads over several rounds against a model that is a map. The seed replays a failure. */
class MergeModelTest {
  private static final int ROUNDS = 12;
  private static final StreamDefinition ENTRIES = Streams.entries();

  @TempDir Path directory;

  /** A row as the model sees it. */
  private record Version(String start, String note, String syncId, boolean deleted) {}

  private final Map<String, Map<String, Version>> model =
      new TreeMap<>(Map.of(W1, new TreeMap<>(), W2, new TreeMap<>()));

  @ParameterizedTest
  @CsvSource({"HARD, 1", "HARD, 2", "HARD, 3", "SOFT, 4", "SOFT, 5", "SOFT, 6"})
  void equalsTheModelAfterEveryRound(DeleteMode deletes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory, deletes, 1)) {
      lakehouse.destination.prepare(List.of(ENTRIES));
      for (int round = 0; round < ROUNDS; round++) {
        String workspace = random.nextBoolean() ? W1 : W2;
        Coverage coverage = random.nextBoolean() ? Coverage.WHOLE : Coverage.PART;
        SyncStamp stamp = lakehouse.nextRun();
        List<Row> rows = randomRows(random, workspace);
        int snapshots = lakehouse.snapshots("entries");

        Committed committed = lakehouse.sync(ENTRIES, workspace, coverage, stamp, rows);

        RowCounts expected = apply(workspace, coverage, deletes, stamp.syncId(), rows);
        assertThat(committed.rows()).as("seed %d, round %d", seed, round).isEqualTo(expected);
        boolean changed = expected.added() + expected.changed() + expected.deleted() > 0;
        assertThat(lakehouse.snapshots("entries")).isEqualTo(snapshots + (changed ? 1 : 0));
        assertThat(stored(lakehouse)).as("seed %d, round %d", seed, round).isEqualTo(model);
      }
      assertThat(lakehouse.deleteManifests("entries")).isZero();
    }
  }

  private static List<Row> randomRows(SplittableRandom random, String workspace) {
    List<Row> rows = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 0 : random.nextInt(40);
    for (int i = 0; i < count; i++) {
      String start =
          "2026-%02d-15T00:00:00Z".formatted(random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 6);
      rows.add(
          Row.of(
              workspace,
              "id" + random.nextInt(30),
              "u",
              Micros.of(Instant.parse(start)),
              random.nextInt(3) == 0 ? null : "note" + random.nextInt(2),
              null));
    }
    return rows;
  }

  private RowCounts apply(
      String workspace, Coverage coverage, DeleteMode deletes, String syncId, List<Row> rows) {
    Map<String, Version> table = model.get(workspace);
    Map<String, Row> last = new TreeMap<>();
    rows.forEach(row -> last.put((String) row.get(1), row));
    long added = 0;
    long changed = 0;
    long deleted = 0;
    for (Map.Entry<String, Row> entry : last.entrySet()) {
      String start =
          Instant.EPOCH.plusSeconds((Long) entry.getValue().get(3) / 1_000_000).toString();
      String note = (String) entry.getValue().get(4);
      Version present = table.get(entry.getKey());
      Version same = new Version(start, note, present == null ? null : present.syncId(), false);
      if (!same.equals(present)) {
        added += present == null || present.deleted() ? 1 : 0;
        changed += present == null || present.deleted() ? 0 : 1;
        table.put(entry.getKey(), new Version(start, note, syncId, false));
      }
    }
    if (coverage.deletes()) {
      Set<String> gone = new HashSet<>(table.keySet());
      gone.removeAll(last.keySet());
      for (String id : gone) {
        Version present = table.get(id);
        deleted += present.deleted() ? 0 : 1;
        if (deletes == DeleteMode.HARD) {
          table.remove(id);
        } else if (!present.deleted()) {
          table.put(id, new Version(present.start(), present.note(), syncId, true));
        }
      }
    }
    return new RowCounts(last.size(), added, changed, deleted, last.size() - added - changed);
  }

  private static Map<String, Map<String, Version>> stored(Lakehouse lakehouse) {
    Map<String, Map<String, Version>> stored =
        new TreeMap<>(Map.of(W1, new TreeMap<>(), W2, new TreeMap<>()));
    for (Map<String, Object> row : TableRows.read(lakehouse.table("entries"))) {
      Version version =
          new Version(
              row.get("started_at").toString(),
              (String) row.get("note"),
              (String) row.get("_sync_id"),
              row.get("_deleted_at") != null);
      Version before =
          stored.get((String) row.get("workspace_id")).put((String) row.get("id"), version);
      assertThat(before).as("a key that is there twice").isNull();
    }
    return stored;
  }
}
