// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.iceberg.IcebergDestination;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.ScriptedDestination.Stage;
import io.clockifylakehouse.time.SystemTime;
import io.clockifylakehouse.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is told to stop wherever it waits: it ends, and the tables are whole. */
@Timeout(value = 100) // each would else wait for a service that never answers
class StoppedRunTest {
  private static final String ENTRIES = "time_entries";

  @TempDir private Path warehouse;
  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);
  private final AtomicReference<SyncRun> running = new AtomicReference<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ClockifySimulator simulator =
      ClockifySimulator.start(
          Account.tiny(7).withWorkspaces(1),
          SimulatorSettings.unlimited()
              .withFaults((number, method, target) -> faults.get().on(number, method, target)));
  private final Workspace workspace = simulator.world().workspaces().get(0);

  @AfterEach
  void stop() {
    end.countDown();
    simulator.close();
  }

  private TestSync sync(String... streams) {
    return new TestSync(simulator, warehouse).streams(streams).beforeRun(running::set);
  }

  private Tables tables() {
    return Tables.read(warehouse, Set.of(workspace.id()));
  }

  private void stopFromAnotherThread() {
    new Thread(() -> running.get().stop("told to")).start();
  }

  /** The service never answers a kind of request; then the run is told to stop. */
  private AtomicInteger hangAndStopAt(String requests) {
    AtomicInteger seen = new AtomicInteger();
    faults.set(
        (number, method, target) -> {
          if ((method + " " + target).matches(requests)) {
            if (seen.getAndIncrement() == 0) {
              stopFromAnotherThread();
            }
            await(end);
          }
          return new Fault.None();
        });
    return seen;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Moves entries that a sync holds out of the window: each of them is asked for by its id. */
  private void makeEntriesSeemGone() {
    EntryChanges entries =
        new EntryChanges(simulator, new VirtualClock(simulator.account().today()));
    List<String> ids = idsOfEntries();
    Instant old = simulator.account().today().minus(Duration.ofDays(200));
    ids.subList(ids.size() - 5, ids.size()).forEach(id -> entries.move(workspace, id, old));
  }

  private List<String> idsOfEntries() {
    return tables().live(TestSync.CATALOG.stream(ENTRIES)).keySet().stream()
        .map(key -> key.split("\\|")[1])
        .toList();
  }

  private void assertStopped(SyncResult result, Tables before, String stream) {
    assertThat(result.exitCode()).isEqualTo(75);
    assertThat(result.reason()).contains("told to");
    tables().assertSameRows(before, stream, Optional.of(workspace.id()));
    faults.set(Faults.NONE);
    end.countDown();
    assertThat(sync(stream).full().run().exitCode()).isZero();
    StoredRows.assertEqualTruth(TestSync.CATALOG.stream(stream), simulator, warehouse);
  }

  @Test
  void aStopWhileDeletesAreProven() {
    assertThat(sync(ENTRIES).run().exitCode()).isZero();
    makeEntriesSeemGone();
    Tables before = tables();
    AtomicInteger asked = hangAndStopAt("GET .*/time-entries/[0-9a-f]{24}.*");
    SyncResult result = sync(ENTRIES).run();
    assertThat(asked).as("deletes were to be proven").hasValueGreaterThan(0);
    assertStopped(result, before, ENTRIES);
  }

  @Test
  void aStopWhileABackfillProvesItsDeletes() {
    Instant today = simulator.account().today();
    Period period = new Period(micros(today.minus(Duration.ofDays(300))), Long.MAX_VALUE);
    TestSync backfill =
        sync(ENTRIES).reading(new Reading.Backfill(period, 100, Duration.ofDays(7)));
    assertThat(backfill.run().exitCode()).isZero();
    EntryChanges entries = new EntryChanges(simulator, new VirtualClock(today));
    for (String id : idsOfEntries().subList(0, 5)) {
      entries.move(workspace, id, today.minus(Duration.ofDays(400)));
    }
    Tables before = tables();
    AtomicInteger asked = hangAndStopAt("GET .*/time-entries/[0-9a-f]{24}.*");
    SyncResult result = backfill.run();
    assertThat(asked).as("deletes were to be proven").hasValueGreaterThan(0);
    assertStopped(result, before, ENTRIES);
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000;
  }

  @Test
  void aStopWhileThePagesOfAListHang() {
    assertThat(sync("projects").run().exitCode()).isZero();
    Records projects = workspace.records("projects");
    projects.remove(projects.ids().get(0));
    Tables before = tables();
    hangAndStopAt("GET .*/projects\\?.*");
    assertStopped(sync("projects").run(), before, "projects");
  }

  @Test
  void aStopWhileTheServiceAsksToWaitAnHour() {
    assertThat(sync("projects").run().exitCode()).isZero();
    Tables before = tables();
    faults.set(
        (number, method, target) -> {
          stopFromAnotherThread();
          return new Fault.Instead(429, Map.of("Retry-After", "3600"), "{}");
        });
    assertStopped(sync("projects").time(new Sleepless()).run(), before, "projects");
  }

  /** Real time, whose sleeps end by an interrupt alone. */
  private static final class Sleepless implements Time {
    private final Time real = new SystemTime();

    @Override
    public Instant now() {
      return real.now();
    }

    @Override
    public long nanos() {
      return real.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  @Test
  void aStopWhileAnotherRunHoldsTheLock() {
    try (IcebergDestination other = IcebergDestination.open(sync().icebergSettings());
        AutoCloseable lock =
            other.lock(
                new SyncStamp("other", Instant.now()),
                Optional.empty(),
                Duration.ZERO,
                new SystemTime())) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(
              () ->
                  sync("projects")
                      .time(new Sleepless())
                      .beforeRun(
                          run -> {
                            running.set(run);
                            stopFromAnotherThread();
                          })
                      .run())
          .isInstanceOfSatisfying(
              ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStopBeforeACommitDropsItsFiles() {
    assertThat(sync("projects").run().exitCode()).isZero();
    Records projects = workspace.records("projects");
    projects.remove(projects.ids().get(0));
    Tables before = tables();
    SyncResult result =
        sync("projects")
            .wrapping(
                destination ->
                    new ScriptedDestination(
                        destination,
                        (stage, stream, id) -> {
                          if (stage == Stage.BEFORE_COMMIT) {
                            running.get().stop("told to");
                          }
                        }))
            .run();
    assertThat(tables().dataFiles()).isEqualTo(before.dataFiles());
    assertStopped(result, before, "projects");
  }

  @Test
  void aStopAfterTheLastCommitLeavesTheCutBeforeIt() {
    StreamDefinition stream = TestSync.CATALOG.stream("projects");
    SyncResult result =
        sync("projects")
            .wrapping(
                destination ->
                    new ScriptedDestination(
                        destination,
                        (stage, name, id) -> {
                          if (stage == Stage.BEFORE_TAG) {
                            running.get().stop("told to");
                          }
                        }))
            .run();
    assertThat(result.exitCode()).isEqualTo(75);
    StoredRows.assertEqualTruth(stream, simulator, warehouse);
    SyncResult next = sync("projects").run();
    assertThat(next.exitCode()).isZero();
    assertThat(next.streams()).allMatch(s -> s.status() == StreamResult.Status.UNCHANGED);
  }
}
