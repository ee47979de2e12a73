// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A catalog that applies a commit and loses its reply must not cost the table. */
class LostReplyTest {
  /** Connection failure: the JDBC catalog repeats the statement by itself. */
  private static final String REPEATED = "08006";

  /** Administrator shutdown: the JDBC catalog gives up at once. */
  private static final String GIVEN_UP = "57P01";

  @TempDir Path directory;
  private final FlakyDriver driver = new FlakyDriver();
  private final StreamDefinition tags = Streams.tags();

  @BeforeEach
  void register() throws SQLException {
    DriverManager.registerDriver(driver);
  }

  @AfterEach
  void deregister() throws SQLException {
    DriverManager.deregisterDriver(driver);
  }

  private Lakehouse lakehouse() {
    return Lakehouse.jdbc(directory, FlakyDriver.PREFIX + directory.resolve("catalog.db"));
  }

  private static Row tag(String id, String name) {
    return Row.of(W1, id, name, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {REPEATED, GIVEN_UP})
  void survivesALostReply(String sqlState) {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"), tag("b", "B"));

      driver.loseReply(sqlState);
      Committed committed = lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A2"), tag("c", "C"));

      assertThat(driver.isArmed()).isFalse();
      assertThat(committed.rows()).isEqualTo(new RowCounts(2, 1, 1, 1, 0));
      assertThat(committed.snapshotId())
          .hasValue(lakehouse.table("tags").currentSnapshot().snapshotId());
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A2", "c", "C"));
      assertThat(lakehouse.snapshots("tags")).isEqualTo(2);

      // And the table goes on living.
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A3"));
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A3"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {REPEATED, GIVEN_UP})
  void survivesALostReplyToTheFirstCommit(String sqlState) {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      driver.loseReply(sqlState);
      Committed committed = lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));
      assertThat(driver.isArmed()).isFalse();
      assertThat(committed.rows().added()).isEqualTo(1);
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {REPEATED, GIVEN_UP})
  void survivesALostReplyToATag(String sqlState) {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      SyncStamp stamp = lakehouse.nextRun();
      driver.loseReply(sqlState);
      lakehouse.tag(stamp, List.of(tags));
      assertThat(driver.isArmed()).isFalse();
      assertThat(lakehouse.table("tags").refs()).containsKey("sync-run-1");
      assertThat(TableRows.read(lakehouse.table("tags"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {REPEATED, GIVEN_UP})
  void aTagWhoseReplyIsLostStaysWhereItIsWhenAnotherRunCommits(String sqlState) {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));
      long before = lakehouse.table("tags").currentSnapshot().snapshotId();
      SyncStamp stamp = lakehouse.nextRun();
      driver.loseReply(sqlState);
      AtomicInteger loads = new AtomicInteger();
      new SyncTag(stamp, stamp.startedAt(), Lakehouse.TAGS_KEPT)
          .set(
              () -> {
                if (loads.incrementAndGet() == 2) {
                  lakehouse.sync(tags, W2, Coverage.WHOLE, Row.of(W2, "b", "B", null));
                }
                return lakehouse.table("tags");
              });
      assertThat(loads).hasValueGreaterThan(1);
      assertThat(lakehouse.table("tags").currentSnapshot().snapshotId()).isNotEqualTo(before);
      assertThat(lakehouse.table("tags").refs().get("sync-" + stamp.syncId()).snapshotId())
          .isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTagThatMeetsAnotherRunsCommitIsSetOnTopOfIt(boolean empty) {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      if (!empty) {
        lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));
      }
      SyncStamp stamp = lakehouse.nextRun();
      driver.letGoFirst(() -> lakehouse.sync(tags, W2, Coverage.WHOLE, Row.of(W2, "b", "B", null)));
      lakehouse.tag(stamp, List.of(tags));
      Table table = lakehouse.table("tags");
      assertThat(table.refs().get("sync-" + stamp.syncId()).snapshotId())
          .isEqualTo(table.currentSnapshot().snapshotId());
      assertThat(lakehouse.column("tags", "name"))
          .isEqualTo(empty ? Map.of("b", "B") : Map.of("a", "A", "b", "B"));
      assertThat(lakehouse.snapshots("tags")).isEqualTo(empty ? 1 : 2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {REPEATED})
  void survivesALostReplyToASchemaChange(String sqlState) {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(Streams.tags()));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));
      driver.loseReply(sqlState);
      lakehouse.destination.prepare(
          List.of(Streams.tags("name: {type: string, doc: Name.}", "x: {type: int, doc: X.}")));
      assertThat(driver.isArmed()).isFalse();
      assertThat(lakehouse.rows("tags").get("a")).containsEntry("x", null);
    }
  }

  @Test
  void survivesALostReplyToAStateProperty() {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      driver.loseReply(GIVEN_UP);
      try (Sink sink = lakehouse.destination.open(tags, Optional.of(W1), lakehouse.nextRun())) {
        sink.commit(Coverage.WHOLE, Optional.of("1"));
      }
      assertThat(driver.isArmed()).isFalse();
      assertThat(lakehouse.table("tags").properties()).containsEntry("clockify.state." + W1, "1");
    }
  }

  @Test
  void reportsACommitThatDidNotTakePlace() {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));

      driver.loseRequest(GIVEN_UP);
      assertThatThrownBy(() -> lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A2")))
          .isInstanceOf(ConnectorException.class)
          .extracting(e -> ((ConnectorException) e).code())
          .isEqualTo(ErrorCode.COMMIT_CONFLICT);

      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A"));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A2"));
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A2"));
    }
  }

  @Test
  void deletesNothingWhileTheOutcomeIsUnknown() {
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));

      // The reply is lost and the catalog stays away, so that nobody can ask.
      driver.loseReply(GIVEN_UP);
      driver.stayAwayAfterwards();
      assertThatThrownBy(() -> lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A2")))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("unknown")
          .extracting(e -> ((ConnectorException) e).code())
          .isEqualTo(ErrorCode.COMMIT_CONFLICT);

      driver.comeBack();
      assertThat(lakehouse.column("tags", "name")).isEqualTo(Map.of("a", "A2"));
      assertThat(lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A2")).rows().unchanged())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {REPEATED, GIVEN_UP})
  void aLeaseSurvivesALostReply(String sqlState) {
    ManualClock clock = new ManualClock();
    try (Lakehouse lakehouse = lakehouse()) {
      lakehouse.destination.prepare(List.of(tags));
      Optional<String> w1 = Optional.of(W1);
      lakehouse.destination.lock(lakehouse.nextRun(), w1, Duration.ZERO, clock).close();

      driver.loseReply(sqlState);
      Lock lock = lakehouse.destination.lock(lakehouse.nextRun(), w1, Duration.ZERO, clock);
      assertThat(driver.isArmed()).isFalse();
      clock.advance(WorkspaceLease.LEASE.dividedBy(2));
      driver.loseReply(sqlState);
      lock.renew();
      assertThat(driver.isArmed()).isFalse();
      lakehouse.sync(tags, W1, Coverage.WHOLE, tag("a", "A"));

      driver.loseReply(sqlState);
      lock.close();
      assertThat(driver.isArmed()).isFalse();
      lakehouse.destination.lock(lakehouse.nextRun(), w1, Duration.ZERO, clock).close();
    }
  }
}
