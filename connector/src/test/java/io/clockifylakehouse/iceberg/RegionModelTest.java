// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.MissingRow;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random reads of random regions against a model that is a map. The seed replays a failure. */
class RegionModelTest {
  private static final int ROUNDS = 50;
  private static final int USERS = 4;
  private static final int IDS = 60;
  private static final long START = Micros.of(Instant.parse("2026-01-01T00:00:00Z"));
  private static final long HOUR = 3_600_000_000L;
  private static final int HOURS = 24 * 150;
  private static final StreamDefinition WORK = Streams.work();

  @TempDir Path directory;

  /** A row as the model sees it. */
  private record Version(String user, long start, String note, String syncId, boolean deleted) {
    boolean sameAs(Version other) {
      return user.equals(other.user) && start == other.start && note.equals(other.note);
    }
  }

  private final Map<String, Version> model = new TreeMap<>();

  @ParameterizedTest
  @CsvSource({"HARD, 1", "HARD, 2", "HARD, 3", "HARD, 4", "SOFT, 5", "SOFT, 6", "SOFT, 7"})
  void equalsTheModelAfterEveryRound(DeleteMode deletes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory, deletes, 1)) {
      lakehouse.destination.prepare(List.of(WORK));
      for (int round = 0; round < ROUNDS; round++) {
        String as = "seed %d, round %d".formatted(seed, round);
        Region region = randomRegion(random);
        Coverage coverage = randomCoverage(random);
        SyncStamp stamp = lakehouse.nextRun();
        Map<String, Version> rows = randomRows(random, stamp.syncId());
        int snapshots = lakehouse.snapshots("work");

        Set<String> missing = new HashSet<>();
        Committed committed;
        try (Sink sink = lakehouse.destination.open(WORK, Optional.of(W1), region, stamp)) {
          rows.forEach((id, v) -> sink.write(List.of(row(id, v))));
          for (MissingRow row : sink.missing(1_000)) {
            missing.add((String) row.key().get(0));
            assertThat(row.scopeId()).contains(model.get(row.key().get(0)).user());
          }
          assertThat(sink.missingCount()).isEqualTo(missing.size());
          committed = sink.commit(coverage);
        }

        assertThat(missing).as(as).isEqualTo(missingOf(region, rows.keySet()));
        RowCounts expected = apply(region, coverage, deletes, stamp.syncId(), rows);
        assertThat(committed.rows()).as(as).isEqualTo(expected);
        boolean changed = expected.added() + expected.changed() + expected.deleted() > 0;
        assertThat(lakehouse.snapshots("work")).as(as).isEqualTo(snapshots + (changed ? 1 : 0));
        assertThat(stored(lakehouse)).as(as).isEqualTo(model);
        if (random.nextInt(12) == 0) {
          lakehouse.destination.compact(WORK, Optional.of(W1), stamp);
          lakehouse.destination.expire(List.of(WORK), later(stamp), Duration.ZERO);
          assertThat(stored(lakehouse)).as(as).isEqualTo(model);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"HARD, 11", "HARD, 12", "SOFT, 13"})
  void aSinkGoesOnFromWhereAnotherLeftTheTable(DeleteMode deletes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int followed = 0;
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory, deletes, 1)) {
      lakehouse.destination.prepare(List.of(WORK));
      for (int round = 0; round < ROUNDS; round++) {
        String as = "seed %d, round %d".formatted(seed, round);
        SyncStamp stamp = lakehouse.nextRun();
        Region mine = new Region(Period.ALWAYS, Optional.of(Set.of("u0", "u1")), Set.of());
        Region others = new Region(Period.ALWAYS, Optional.of(Set.of("u2", "u3")), Set.of());
        double strays = random.nextBoolean() ? 0 : 0.05;
        Map<String, Version> first = randomRows(random, stamp.syncId());
        Map<String, Version> second = randomRows(random, stamp.syncId());
        first.values().removeIf(v -> !isIn(mine, v) && random.nextDouble() >= strays);
        second.values().removeIf(v -> !isIn(others, v) && random.nextDouble() >= strays);
        int early = random.nextInt(second.size() + 1);

        Sink next = lakehouse.destination.open(WORK, Optional.of(W1), others, stamp);
        try (Sink sink = lakehouse.destination.open(WORK, Optional.of(W1), mine, stamp)) {
          write(first, 0, first.size(), sink);
          write(second, 0, early, next);
          assertThat(sink.commit(Coverage.WHOLE).rows())
              .as(as)
              .isEqualTo(apply(mine, Coverage.WHOLE, deletes, stamp.syncId(), first));
          if (next.follow(sink)) {
            followed++;
          } else {
            next.close();
            next = lakehouse.destination.open(WORK, Optional.of(W1), others, stamp);
            early = 0;
          }
        }
        write(second, early, second.size(), next);
        assertThat(next.missingCount()).isEqualTo(missingOf(others, second.keySet()).size());
        assertThat(next.missing(1_000)).hasSize((int) next.missingCount());
        assertThat(next.commit(Coverage.WHOLE).rows())
            .as(as)
            .isEqualTo(apply(others, Coverage.WHOLE, deletes, stamp.syncId(), second));
        next.close();
        assertThat(stored(lakehouse)).as(as).isEqualTo(model);
      }
    }
    assertThat(followed).as("of %d", ROUNDS).isBetween(ROUNDS / 5, ROUNDS - 3);
  }

  private static boolean isIn(Region region, Version version) {
    return region.contains(version.user(), version.start());
  }

  private static void write(Map<String, Version> rows, int from, int to, Sink sink) {
    rows.entrySet().stream()
        .skip(from)
        .limit(to - from)
        .forEach(entry -> sink.write(List.of(row(entry.getKey(), entry.getValue()))));
  }

  private static SyncStamp later(SyncStamp stamp) {
    return new SyncStamp(stamp.syncId(), Instant.parse("2099-01-01T00:00:00Z"));
  }

  private static Region randomRegion(SplittableRandom random) {
    if (random.nextInt(5) == 0) {
      return Region.ALL;
    }
    long from = START + random.nextInt(HOURS) * HOUR;
    Period period =
        switch (random.nextInt(4)) {
          case 0 -> Period.ALWAYS;
          case 1 -> new Period(from, from + random.nextInt(24 * 40) * HOUR);
          default -> Period.since(from);
        };
    Optional<Set<String>> scopes =
        random.nextBoolean() ? Optional.empty() : Optional.of(randomUsers(random));
    return new Region(period, scopes, random.nextBoolean() ? Set.of() : randomUsers(random));
  }

  private static Set<String> randomUsers(SplittableRandom random) {
    Set<String> users = new HashSet<>();
    for (int user = 0; user < USERS; user++) {
      if (random.nextInt(3) == 0) {
        users.add("u" + user);
      }
    }
    return users;
  }

  private static Coverage randomCoverage(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> Coverage.PART;
      case 1 -> Coverage.WHOLE;
      case 2 -> Coverage.WHOLE.confirmed();
      default -> new Coverage(true, randomUsers(random));
    };
  }

  /** Mostly what the table has, some of it edited, moved, or handed to another user. */
  private Map<String, Version> randomRows(SplittableRandom random, String syncId) {
    Map<String, Version> rows = new LinkedHashMap<>();
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      String id = "id%02d".formatted(random.nextInt(IDS));
      Version present = model.get(id);
      boolean same = present != null && random.nextInt(3) > 0;
      rows.put(
          id,
          new Version(
              same || present != null && random.nextBoolean()
                  ? present.user()
                  : "u" + random.nextInt(USERS),
              same || present != null && random.nextBoolean()
                  ? present.start()
                  : START + random.nextInt(HOURS) * HOUR,
              same ? present.note() : "note" + random.nextInt(3),
              syncId,
              false));
    }
    return rows;
  }

  private static Row row(String id, Version version) {
    return Row.of(W1, version.user(), id, version.start(), version.note(), null);
  }

  private Set<String> missingOf(Region region, Set<String> written) {
    Set<String> missing = new HashSet<>();
    model.forEach(
        (id, v) -> {
          if (!v.deleted() && !written.contains(id) && region.contains(v.user(), v.start())) {
            missing.add(id);
          }
        });
    return missing;
  }

  private RowCounts apply(
      Region region,
      Coverage coverage,
      DeleteMode deletes,
      String syncId,
      Map<String, Version> rows) {
    long added = 0;
    long changed = 0;
    long deleted = 0;
    if (coverage.deletes()) {
      for (String id : missingOf(region, rows.keySet())) {
        Version gone = model.get(id);
        if (!coverage.except().contains(gone.user())) {
          deleted++;
          model.remove(id);
          if (deletes == DeleteMode.SOFT) {
            model.put(id, new Version(gone.user(), gone.start(), gone.note(), syncId, true));
          }
        }
      }
    }
    for (Map.Entry<String, Version> entry : rows.entrySet()) {
      Version present = model.get(entry.getKey());
      if (present == null || present.deleted()) {
        added++;
        model.put(entry.getKey(), entry.getValue());
      } else if (!present.sameAs(entry.getValue())) {
        changed++;
        model.put(entry.getKey(), entry.getValue());
      }
    }
    return new RowCounts(rows.size(), added, changed, deleted, rows.size() - added - changed);
  }

  private static Map<String, Version> stored(Lakehouse lakehouse) {
    List<Map<String, Object>> rows = new ArrayList<>(TableRows.read(lakehouse.table("work")));
    Map<String, Version> stored = new HashMap<>();
    for (Map<String, Object> row : rows) {
      Version before =
          stored.put(
              (String) row.get("id"),
              new Version(
                  (String) row.get("user_id"),
                  Micros.of((Instant) row.get("started_at")),
                  (String) row.get("note"),
                  (String) row.get("_sync_id"),
                  row.get("_deleted_at") != null));
      assertThat(before).as("twice: %s", row).isNull();
    }
    return stored;
  }
}
