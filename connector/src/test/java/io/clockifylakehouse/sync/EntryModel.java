// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.stream.StreamDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a table of time entries must hold by when: a change within the trailing window after the
 * next clean run, any other within the interval of full passes, and until then the row as it was.
 */
final class EntryModel {
  private final StreamDefinition stream;
  private final Duration lookback;
  private final Duration fullPassEvery;
  private final Map<String, Instant> changedAt = new HashMap<>();
  private Map<String, ObjectNode> known = Map.of();
  private Optional<Instant> lastRead = Optional.empty();
  private int late;

  EntryModel(StreamDefinition stream, Duration lookback, Duration fullPassEvery) {
    this.stream = stream;
    this.lookback = lookback;
    this.fullPassEvery = fullPassEvery;
  }

  /** Notes which entries have changed since the last call. */
  void changed(Map<String, Truth> truths, Instant now) {
    Map<String, ObjectNode> next = new HashMap<>();
    truths.forEach((key, truth) -> next.put(key, truth.record()));
    Set<String> keys = new HashSet<>(known.keySet());
    keys.addAll(next.keySet());
    for (String key : keys) {
      ObjectNode record = next.get(key);
      if (record == null || !record.equals(known.get(key))) {
        changedAt.put(key, now);
      }
    }
    known = next;
  }

  /** Notes entries that a run saw, and that came and went between two calls of the above. */
  void seen(Set<String> keys, Instant now) {
    keys.forEach(key -> changedAt.putIfAbsent(key, now));
  }

  /** Notes a run that may have committed its reading of the trailing window. */
  void mayHaveRead(Instant startedAt) {
    lastRead = Optional.of(startedAt);
  }

  /** How many rows differ from the service, for no longer than they may. */
  int late() {
    return late;
  }

  /** Checks the table after a run that read it without failure. */
  void check(
      Instant startedAt,
      boolean full,
      Map<String, Map<String, Object>> before,
      Map<String, Map<String, Object>> after,
      Map<String, Truth> truths) {
    Optional<Instant> begin = full ? Optional.empty() : lastRead.map(i -> i.minus(lookback));
    Set<Object> users = new HashSet<>();
    before.values().forEach(row -> users.add(row.get("workspace_id") + "|" + row.get("user_id")));
    Set<String> keys = new TreeSet<>(truths.keySet());
    keys.addAll(after.keySet());
    keys.addAll(before.keySet());
    late = 0;
    for (String key : keys) {
      Truth truth = truths.get(key);
      Map<String, Object> old = before.get(key);
      Map<String, Object> row = after.get(key);
      boolean inWindow =
          begin.isEmpty()
              || truth != null && !EntryChanges.startOf(truth.record()).isBefore(begin.get())
              || old != null && !((Instant) old.get("started_at")).isBefore(begin.get());
      boolean due =
          !changedAt.get(key).plus(fullPassEvery).isAfter(startedAt)
              || truth != null && !users.contains(user(truth));
      if (inWindow || due) {
        assertExact(key, truth, row, startedAt, begin);
      } else if (!isExact(truth, row)) {
        late++;
        assertThat(row).as("time_entries %s, not read", key).isEqualTo(old);
      }
    }
  }

  private static Object user(Truth truth) {
    return truth.ancestors().get("workspace_id") + "|" + truth.ancestors().get("user_id");
  }

  private void assertExact(
      String key,
      Truth truth,
      Map<String, Object> row,
      Instant startedAt,
      Optional<Instant> begin) {
    assertThat(row != null)
        .as(
            "time_entries %s is %s at the service since %s; run of %s, window from %s; stored: %s",
            key,
            truth == null ? "gone" : "there, at " + EntryChanges.startOf(truth.record()),
            changedAt.get(key),
            startedAt,
            begin,
            row)
        .isEqualTo(truth != null);
    if (truth != null) {
      StoredRows.assertHolds(stream, truth, row);
    }
  }

  private boolean isExact(Truth truth, Map<String, Object> row) {
    if (truth == null || row == null) {
      return truth == null && row == null;
    }
    try {
      StoredRows.assertHolds(stream, truth, row);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }
}
