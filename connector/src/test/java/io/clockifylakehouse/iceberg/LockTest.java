// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.Lakehouse.W1;
import static io.clockifylakehouse.iceberg.Lakehouse.W2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockTest {
  private static final Optional<String> RUN = Optional.empty();
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final StreamDefinition TAGS = Streams.tags();

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock();

  private SyncStamp stamp(String id) {
    return new SyncStamp(id, clock.now());
  }

  private static Row tag(String id, String name) {
    return Row.of(W1, id, name, null);
  }

  private Lock lock(Lakehouse lakehouse, String run, String workspace) {
    return lakehouse.destination.lock(stamp(run), Optional.of(workspace), AT_ONCE, clock);
  }

  private static ErrorCode code(Throwable failure) {
    return ((ConnectorException) failure).code();
  }

  @Test
  void keepsASecondRunOffAWarehouse() {
    try (Lakehouse one = Lakehouse.hadoop(directory);
        Lakehouse other = Lakehouse.hadoop(directory)) {
      SyncStamp backfill = new SyncStamp("backfill", "first", clock.now());
      Lock held = one.destination.lock(backfill, RUN, AT_ONCE, clock);
      clock.advance(Duration.ofMinutes(12));

      for (Lakehouse second : List.of(one, other)) {
        Instant before = clock.now();
        assertThatThrownBy(
                () -> second.destination.lock(stamp("2"), RUN, Duration.ofSeconds(7), clock))
            .isInstanceOf(ConnectorException.class)
            .hasMessageContaining(directory.toString())
            .hasMessageContaining("backfill first (process " + ProcessHandle.current().pid())
            .hasMessageContaining("started 2026-03-01T08:00:00Z, 12 minutes ago")
            .extracting(LockTest::code)
            .isEqualTo(ErrorCode.LOCKED);
        assertThat(Duration.between(before, clock.now())).isEqualTo(Duration.ofSeconds(7));
      }
      held.renew();
      held.close();
      Lock next = other.destination.lock(stamp("third"), RUN, AT_ONCE, clock);
      held.close();
      assertThatThrownBy(() -> one.destination.lock(stamp("4"), RUN, AT_ONCE, clock))
          .hasMessageContaining("run third");
      next.close();
    }
  }

  @Test
  void needsNoFurtherLockInALockedWarehouse() {
    try (Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      try (Lock run = lakehouse.destination.lock(stamp("1"), RUN, AT_ONCE, clock);
          Lock one = lock(lakehouse, "1", W1);
          Lock again = lock(lakehouse, "2", W1)) {
        assertThat(List.of(run, one, again)).doesNotContainNull();
      }
      assertThat(lakehouse.files()).containsExactly(WarehouseLock.FILE);
      lakehouse.destination.checkWritable();
    }
  }

  @Test
  void anotherProcessHoldsTheWarehouseUntilItIsKilled() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockTest.class.getName(),
                directory.toString())
            .redirectError(directory.resolve("holder.txt").toFile())
            .start();
    try (BufferedReader output =
            new BufferedReader(
                new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
        Lakehouse lakehouse = Lakehouse.hadoop(directory)) {
      assertThat(output.readLine())
          .as(Files.readString(directory.resolve("holder.txt")))
          .isEqualTo("held");
      for (int i = 0; i < 2; i++) {
        // The second time shows that the first one's look at the file has not freed it.
        assertThatThrownBy(() -> lakehouse.destination.lock(stamp("2"), RUN, AT_ONCE, clock))
            .isInstanceOf(ConnectorException.class)
            .hasMessageContaining("run elsewhere (process " + holder.pid() + " on host")
            .extracting(LockTest::code)
            .isEqualTo(ErrorCode.LOCKED);
      }

      holder.destroyForcibly().waitFor();

      lakehouse.destination.lock(stamp("3"), RUN, AT_ONCE, clock).close();
    } finally {
      holder.destroyForcibly();
    }
  }

  /** Holds the lock of the warehouse until it is killed. */
  public static void main(String[] arguments) throws IOException {
    try (Lakehouse lakehouse = Lakehouse.hadoop(Path.of(arguments[0]))) {
      SyncStamp stamp = new SyncStamp("elsewhere", Instant.parse("2026-03-01T07:00:00Z"));
      lakehouse.destination.lock(stamp, RUN, AT_ONCE, new ManualClock());
      System.out.println("held");
      System.in.read();
    }
  }

  @Test
  void keepsASecondRunOffAWorkspaceButNotOffAnother() {
    try (Lakehouse one = Lakehouse.jdbc(directory);
        Lakehouse other = Lakehouse.jdbc(directory)) {
      one.destination.lock(stamp("1"), RUN, AT_ONCE, clock).close();
      SyncStamp maintain = new SyncStamp("maintain", "first", clock.now());
      Lock held = one.destination.lock(maintain, Optional.of(W1), AT_ONCE, clock);
      lock(other, "second", W2).close();

      for (Lakehouse second : List.of(one, other)) {
        assertThatThrownBy(() -> lock(second, "second", W1))
            .isInstanceOf(ConnectorException.class)
            .hasMessageContaining(W1)
            .hasMessageContaining(
                "maintain first (process " + ProcessHandle.current().pid() + " on host ")
            .hasMessageContaining("started 2026-03-01T08:00:00Z, 0 minutes ago")
            .hasMessageContaining("its lock ends at")
            .extracting(LockTest::code)
            .isEqualTo(ErrorCode.LOCKED);
      }
      held.close();
      held.close();
      Lock next = lock(other, "third", W1);
      held.close();
      assertThatThrownBy(() -> lock(one, "fourth", W1)).hasMessageContaining("run third");
      next.close();
      assertThat(one.table("sync_runs").properties().keySet())
          .noneMatch(key -> key.startsWith("clockify.lock"));
    }
  }

  @Test
  void waitsForTheOtherRun() {
    try (Lakehouse lakehouse = Lakehouse.jdbc(directory)) {
      lock(lakehouse, "first", W1);
      Instant before = clock.now();

      Lock second =
          lakehouse.destination.lock(
              stamp("second"), Optional.of(W1), Duration.ofMinutes(10), clock);

      assertThat(Duration.between(before, clock.now()))
          .isBetween(WorkspaceLease.LEASE, WorkspaceLease.LEASE.plusSeconds(1));
      second.close();
    }
  }

  @Test
  void staysWithWhoeverRenewsIt() {
    try (Lakehouse lakehouse = Lakehouse.jdbc(directory);
        Lakehouse other = Lakehouse.jdbc(directory)) {
      Lock held = lock(lakehouse, "first", W1);
      String granted = lakehouse.table("sync_runs").properties().get("clockify.lock." + W1);
      held.renew();
      assertThat(lakehouse.table("sync_runs").properties())
          .containsEntry("clockify.lock." + W1, granted);
      for (int i = 0; i < 4; i++) {
        clock.advance(WorkspaceLease.LEASE.dividedBy(2));
        held.renew();
      }

      assertThatThrownBy(() -> lock(other, "second", W1)).hasMessageContaining("run first");
      assertThat(lakehouse.snapshots("sync_runs")).isZero();
      held.close();
    }
  }

  @Test
  void aRunThatStoodStillLosesItsWorkspaceAndItsNextCommit() {
    try (Lakehouse slow = Lakehouse.jdbc(directory);
        Lakehouse fast = Lakehouse.jdbc(directory)) {
      slow.destination.prepare(List.of(TAGS));
      Lock stale = lock(slow, "slow", W1);
      try (Sink sink = slow.destination.open(TAGS, Optional.of(W1), stamp("slow"))) {
        sink.write(List.of(tag("a", "slow")));
        clock.advance(WorkspaceLease.LEASE);
        Lock fresh = lock(fast, "fast", W1);
        Set<String> before = slow.files();

        assertThatThrownBy(() -> sink.commit(Coverage.WHOLE, Optional.of("{}")))
            .isInstanceOf(ConnectorException.class)
            .hasMessageContaining(W1)
            .hasMessageContaining("lost its lock to run fast")
            .extracting(LockTest::code)
            .isEqualTo(ErrorCode.LOCKED);

        assertThat(slow.files()).isEqualTo(before);
        assertThatThrownBy(stale::renew).hasMessageContaining("lost its lock to run fast");
        stale.close();
        assertThatThrownBy(() -> lock(slow, "slow again", W1)).hasMessageContaining("run fast");
        fast.sync(TAGS, W1, Coverage.WHOLE, tag("a", "fast"));
        assertThat(fast.column("tags", "name")).isEqualTo(Map.of("a", "fast"));
        fresh.close();
      }
    }
  }

  @Test
  void aRunThatStoodStillUnnoticedGoesOn() {
    try (Lakehouse lakehouse = Lakehouse.jdbc(directory)) {
      lakehouse.destination.prepare(List.of(TAGS));
      Lock held = lock(lakehouse, "slow", W1);
      clock.advance(WorkspaceLease.LEASE.multipliedBy(3));

      lakehouse.sync(TAGS, W1, Coverage.WHOLE, tag("a", "A"));

      assertThatThrownBy(() -> lock(lakehouse, "second", W1)).hasMessageContaining("run slow");
      held.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void neverOverwritesALeaseThatCameBetween(boolean withSnapshot) {
    try (Lakehouse lakehouse = Lakehouse.jdbc(directory)) {
      lock(lakehouse, "creates the table", W2).close();
      WorkspaceLease.Property property = property(lakehouse, withSnapshot, () -> {});
      assertThat(property.swap(Optional.empty(), Optional.of("mine"))).isTrue();
      assertThat(property.swap(Optional.of("stale"), Optional.of("other"))).isFalse();
      assertThat(property.swap(Optional.of("mine"), Optional.empty())).isTrue();

      // Another process commits right after this one has looked.
      WorkspaceLease.Property overtaken =
          property(
              lakehouse,
              withSnapshot,
              () ->
                  lakehouse
                      .table("sync_runs")
                      .updateProperties()
                      .set("clockify.lock.x", "theirs")
                      .commit());
      assertThat(overtaken.swap(Optional.empty(), Optional.of("mine"))).isFalse();
      assertThat(property.value()).contains("theirs");
      assertThat(lakehouse.snapshots("sync_runs")).isEqualTo(withSnapshot ? 2 : 0);
    }
  }

  /**
   * @param meanwhile runs once, after the table was loaded
   */
  private static WorkspaceLease.Property property(
      Lakehouse lakehouse, boolean withSnapshot, Runnable meanwhile) {
    return new WorkspaceLease.Property(
        "clockify.lock.x",
        () -> {
          Table table = lakehouse.table("sync_runs");
          meanwhile.run();
          return table;
        },
        new ReentrantLock(),
        withSnapshot);
  }
}
