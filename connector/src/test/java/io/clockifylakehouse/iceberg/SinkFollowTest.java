// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sinks of one workspace at once: what the second makes of the commit of the first. */
class SinkFollowTest {
  private static final StreamDefinition WORK = Streams.work();

  @TempDir Path directory;
  private Lakehouse lakehouse;

  @BeforeEach
  void prepare() {
    lakehouse = Lakehouse.hadoop(directory);
    lakehouse.destination.prepare(List.of(WORK));
  }

  @AfterEach
  void close() {
    lakehouse.close();
  }

  private static Region of(String user) {
    return new Region(Period.ALWAYS, Optional.of(Set.of(user)), Set.of());
  }

  private Sink open(String user) {
    return lakehouse.destination.open(WORK, Optional.of(W1), of(user), lakehouse.nextRun());
  }

  private static List<Row> work(String user, String id, String note) {
    long start = Micros.of(Instant.parse("2026-03-01T00:00:00Z"));
    return List.of(Row.of(W1, user, id, start, note, null));
  }

  @Test
  void rowsInAFileThatTheOtherRewroteAreStillUnchanged() {
    lakehouse.sync(WORK, W1, Coverage.WHOLE, work("u1", "a", "one").get(0), b("same"));
    assertThat(lakehouse.dataFiles("work")).as("both rows in one file").hasSize(1);
    try (Sink second = open("u2");
        Sink first = open("u1")) {
      second.write(work("u2", "b", "same"));
      first.write(work("u1", "a", "two"));
      first.commit(Coverage.WHOLE);
      assertThat(second.follow(first)).isTrue();
      second.write(work("u2", "c", "new"));
      assertThat(second.missingCount()).isZero();
      assertThat(second.commit(Coverage.WHOLE).rows()).isEqualTo(new RowCounts(2, 1, 0, 0, 1));
    }
    assertThat(lakehouse.rows("work")).containsOnlyKeys("a", "b", "c");
    assertThat(lakehouse.column("work", "note")).containsEntry("a", "two");
  }

  private static Row b(String note) {
    return work("u2", "b", note).get(0);
  }

  @Test
  void aRowThatCameToBothIsToBeReadAnew() {
    try (Sink second = open("u2");
        Sink first = open("u1")) {
      second.write(work("u2", "moves", "older"));
      first.write(work("u1", "moves", "newer"));
      first.commit(Coverage.WHOLE);
      assertThat(second.follow(first)).isFalse();
    }
    assertThat(lakehouse.column("work", "note")).containsEntry("moves", "newer");
  }

  @Test
  void aRowThatComesAfterTheFollowingReplacesTheOthers() {
    try (Sink second = open("u2");
        Sink first = open("u1")) {
      first.write(work("u1", "moves", "older"));
      first.commit(Coverage.WHOLE);
      assertThat(second.follow(first)).isTrue();
      second.write(work("u2", "moves", "newer"));
      second.commit(Coverage.WHOLE);
    }
    assertThat(lakehouse.rows("work")).containsOnlyKeys("moves");
    assertThat(lakehouse.column("work", "note")).containsEntry("moves", "newer");
  }

  @Test
  void whatSomebodyElseWroteInBetweenIsToBeReadAnew() {
    try (Sink second = open("u2")) {
      second.write(work("u2", "b", "read"));
      lakehouse.sync(WORK, W1, of("u2"), Coverage.PART, b("of somebody else"));
      try (Sink first = open("u1")) {
        first.write(work("u1", "a", "one"));
        first.commit(Coverage.WHOLE);
        assertThat(second.follow(first)).isFalse();
      }
    }
  }
}
