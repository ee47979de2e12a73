// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTest {
  private static final StreamDefinition TAGS = Streams.tags();

  @TempDir Path directory;

  private static Committed commit(
      Lakehouse lakehouse, StreamDefinition stream, String workspace, String state, Row... rows) {
    try (Sink sink =
        lakehouse.destination.open(stream, Optional.ofNullable(workspace), lakehouse.nextRun())) {
      sink.write(List.of(rows));
      return sink.commit(Coverage.WHOLE, Optional.of(state));
    }
  }

  private static Optional<String> state(Lakehouse lakehouse, String workspace) {
    return lakehouse.destination.state(TAGS, Optional.of(workspace));
  }

  private static Row tag(String workspace, String id, String name) {
    return Row.of(workspace, id, name, null);
  }

  @Test
  void liesBesideTheRowsOfItsWorkspace() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      assertThat(state(lakehouse, W1)).isEmpty();
      lakehouse.destination.prepare(List.of(TAGS, Streams.workspaces()));
      assertThat(state(lakehouse, W1)).isEmpty();

      commit(lakehouse, TAGS, W1, "{1}", tag(W1, "a", "A"));
      commit(lakehouse, TAGS, W2, "{2}", tag(W2, "b", "B"));
      commit(lakehouse, Streams.workspaces(), null, "{3}", Row.of("w", "W", null));

      assertThat(state(lakehouse, W1)).contains("{1}");
      assertThat(state(lakehouse, W2)).contains("{2}");
      assertThat(lakehouse.destination.state(Streams.workspaces(), Optional.empty()))
          .contains("{3}");
      assertThat(lakehouse.table("tags").properties()).containsEntry("clockify.state." + W1, "{1}");
      assertThat(lakehouse.table("spaces").properties()).containsEntry("clockify.state", "{3}");
    }
  }

  @Test
  void aStateOfItsOwnMakesNoSnapshotAndTheSameOneNothing() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      Committed first = commit(lakehouse, TAGS, W1, "{1}", tag(W1, "a", "A"));

      Committed second = commit(lakehouse, TAGS, W1, "{2}", tag(W1, "a", "A"));

      assertThat(state(lakehouse, W1)).contains("{2}");
      assertThat(second.snapshotId()).isEqualTo(first.snapshotId());
      assertThat(lakehouse.snapshots("tags")).isEqualTo(1);
      Set<String> before = lakehouse.files();
      commit(lakehouse, TAGS, W1, "{2}", tag(W1, "a", "A"));
      assertThat(lakehouse.files()).isEqualTo(before);
    }
  }

  @Test
  void aStateOfAnEmptyTableMakesNoSnapshot() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));

      assertThat(commit(lakehouse, TAGS, W1, "{1}").snapshotId()).isEmpty();

      assertThat(state(lakehouse, W1)).contains("{1}");
      assertThat(lakehouse.snapshots("tags")).isZero();
    }
  }

  @Test
  void survivesExpiryAndTheCommitsOfOthers() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      commit(lakehouse, TAGS, W1, "{1}", tag(W1, "a", "A"));
      for (int i = 0; i <= SnapshotExpiry.FEW; i++) {
        commit(lakehouse, TAGS, W2, "{}", tag(W2, "b", "version " + i));
      }
      lakehouse.table("tags").newDelete().deleteFromRowFilter(equalTo(W2)).commit();
      lakehouse.table("tags").updateProperties().set("somebody", "else").commit();
      lakehouse.destination.expire(
          List.of(TAGS), new SyncStamp("x", Instant.parse("2099-01-01T00:00:00Z")), Duration.ZERO);

      assertThat(lakehouse.snapshots("tags")).isEqualTo(SnapshotExpiry.KEPT);
      assertThat(state(lakehouse, W1)).contains("{1}");
      assertThat(lakehouse.rows("tags")).containsOnlyKeys("a");
    }
  }

  private static Expression equalTo(String workspace) {
    return Expressions.equal("workspace_id", workspace);
  }

  @Test
  void goesWithItsTable() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      commit(lakehouse, TAGS, W1, "{1}", tag(W1, "a", "A"));
      lakehouse.catalog().catalog().dropTable(lakehouse.catalog().identifier("tags"));

      assertThat(state(lakehouse, W1)).isEmpty();
      lakehouse.destination.prepare(List.of(TAGS));
      assertThat(state(lakehouse, W1)).isEmpty();
      assertThat(commit(lakehouse, TAGS, W1, "{1}", tag(W1, "a", "A")).rows().added()).isEqualTo(1);
      assertThat(state(lakehouse, W1)).contains("{1}");
    }
  }
}
