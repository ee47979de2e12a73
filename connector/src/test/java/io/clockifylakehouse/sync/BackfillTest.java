// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.ScriptedDestination.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** History loaded in several commits, and what is left of it when it is interrupted. */
class BackfillTest {
  private static final StreamDefinition ENTRIES = TestSync.CATALOG.stream("time_entries");
  private static final Pattern OF_USER = Pattern.compile("/user/([0-9a-f]{24})/time-entries$");
  private static final Period NOVEMBER = period("2026-11-01T00:00:00Z", "2026-11-13T00:00:00Z");
  private static final Period OCTOBER = period("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
  private static final int FEW_ROWS = 60;

  @TempDir private Path warehouse;
  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);
  private VirtualClock clock;
  private ClockifySimulator simulator;
  private Workspace workspace;

  private static Period period(String from, String to) {
    return new Period(micros(Instant.parse(from)), micros(Instant.parse(to)));
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000;
  }

  @BeforeEach
  void start() {
    Account account =
        Account.tiny(51)
            .with("workspace_users", 24)
            .with("former_users", 3)
            .with("time_entries", 2000);
    clock = new VirtualClock(account.today());
    simulator =
        ClockifySimulator.start(
            account,
            SimulatorSettings.unlimited()
                .withFaults((number, method, target) -> faults.get().on(number, method, target)));
    workspace = simulator.world().workspaces().get(0);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private TestSync backfill(Period period) {
    simulator.log().clear();
    return new TestSync(simulator, warehouse)
        .time(clock) // no latency: few are read at once
        .streams("time_entries")
        .reading(new Reading.Backfill(period, FEW_ROWS, Duration.ofDays(7)));
  }

  private Tables tables() {
    return Tables.read(warehouse, Set.of(workspace.id()));
  }

  private void assertHolds(Period... periods) {
    Map<String, Truth> truths = new TreeMap<>(StoredRows.truths(ENTRIES, simulator));
    truths
        .values()
        .removeIf(
            truth -> {
              long start = micros(EntryChanges.startOf(truth.record()));
              boolean wanted = false;
              for (Period period : periods) {
                wanted |= period.contains(start);
              }
              return !wanted;
            });
    assertThat(truths.size()).isGreaterThan(400);
    StoredRows.assertEqual(ENTRIES, truths, tables().live(ENTRIES));
  }

  /** Whose entries were asked for since the last backfill began. */
  private Set<String> usersAsked() {
    Set<String> users = new TreeSet<>();
    simulator
        .log()
        .entries()
        .forEach(
            entry -> {
              Matcher matcher = OF_USER.matcher(entry.path());
              if (matcher.find()) {
                users.add(matcher.group(1));
              }
            });
    return users;
  }

  private WindowState state() {
    return new TestSync(simulator, warehouse).state(ENTRIES, workspace.id());
  }

  private Map<String, Integer> filesByPartition() throws IOException {
    Map<String, Integer> files = new HashMap<>();
    Path table = warehouse.resolve("clockify/time_entries");
    try (CloseableIterable<FileScanTask> tasks =
        new HadoopTables(new Configuration()).load(table.toString()).newScan().planFiles()) {
      tasks.forEach(task -> files.merge(task.file().partition().toString(), 1, Integer::sum));
    }
    return files;
  }

  private static ScriptedDestination.Script counting(AtomicInteger commits) {
    return (stage, stream, id) -> commits.addAndGet(stage == Stage.AFTER_COMMIT ? 1 : 0);
  }

  @Test
  void aPeriodIsLoadedInSeveralCommitsAndTidiedUp() throws Exception {
    AtomicInteger commits = new AtomicInteger();
    SyncResult result =
        backfill(NOVEMBER).wrapping(d -> new ScriptedDestination(d, counting(commits))).run();
    assertThat(result.exitCode()).isZero();
    assertThat(commits).hasValueGreaterThan(5);
    assertHolds(NOVEMBER);
    assertThat(result.streams().get(0).rows().added()).isEqualTo(tables().live(ENTRIES).size());
    assertThat(filesByPartition()).hasSizeLessThanOrEqualTo(2);
    assertThat(filesByPartition().values()).allMatch(files -> files <= 3);
    assertThat(state().backfill()).as("it has come to its end").isEmpty();
  }

  @Test
  void entriesAreReadWhileTheLastOfTheOtherStreamsIsAnswered() {
    int people = workspace.records("workspace_users").ids().size();
    AtomicInteger profiles = new AtomicInteger();
    CountDownLatch entries = new CountDownLatch(1);
    AtomicBoolean together = new AtomicBoolean();
    faults.set(
        (number, method, target) -> {
          if (target.contains("/time-entries?")) {
            entries.countDown();
          } else if (target.contains("/member-profile/") && profiles.incrementAndGet() == people) {
            together.set(arrives(entries));
          }
          return new Fault.None();
        });
    SyncResult result = backfill(NOVEMBER).streams("time_entries", "member_profiles").run();
    assertThat(result.exitCode()).isZero();
    assertThat(together).isTrue();
    assertHolds(NOVEMBER);
  }

  private static boolean arrives(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BEFORE_COMMIT, 1, 0",
    "BEFORE_COMMIT, 3, 2",
    "AFTER_COMMIT, 1, 1",
    "AFTER_COMMIT, 3, 3",
    "OPEN, 2, 0",
    "OPEN, 3, 1"
  })
  void aKilledBackfillGoesOnAfterItsLastCommit(Stage stage, int times, int committed) {
    Death death = new Death(stage, times);
    assertThatThrownBy(
            () -> backfill(NOVEMBER).wrapping(d -> new ScriptedDestination(d, death)).run())
        .isInstanceOf(Death.Killed.class);
    goesOn(committed);
  }

  @Test
  void aStoppedBackfillGoesOnAfterItsLastCommit() {
    AtomicReference<SyncRun> running = new AtomicReference<>();
    AtomicInteger commits = new AtomicInteger();
    faults.set(
        (number, method, target) -> {
          if (target.contains("/time-entries?") && commits.get() > 0) {
            running.get().stop("told to");
          }
          return new Fault.None();
        });
    SyncResult result =
        backfill(NOVEMBER)
            .beforeRun(running::set)
            .wrapping(d -> new ScriptedDestination(d, counting(commits)))
            .run();
    faults.set(Faults.NONE);
    assertThat(result.exitCode()).isEqualTo(75);
    assertThat(result.streams()).extracting(StreamResult::stream).contains("time_entries");
    goesOn(1);
  }

  private void goesOn(int committed) {
    Set<String> asked = usersAsked();
    String through = state().backfill().map(p -> p.through()).orElse("");
    assertThat(through.isEmpty()).isEqualTo(committed == 0);
    Set<String> done = new TreeSet<>(asked);
    done.removeIf(user -> user.compareTo(through) > 0);
    assertThat(done.size()).isGreaterThanOrEqualTo(committed);

    SyncResult result = backfill(NOVEMBER).run();

    assertThat(result.exitCode()).isZero();
    assertThat(usersAsked())
        .as("nobody is asked for again")
        .doesNotContainAnyElementsOf(done.isEmpty() ? Set.of("nobody") : done);
    Set<String> everybody = new TreeSet<>(workspace.records("workspace_users").ids());
    everybody.removeAll(done);
    assertThat(usersAsked()).containsAll(everybody);
    assertHolds(NOVEMBER);
    assertThat(state().backfill()).isEmpty();
  }

  @Test
  void anotherPeriodAddsToTheFirstAndASyncCompletesTheRest() throws Exception {
    assertThat(backfill(NOVEMBER).run().exitCode()).isZero();
    assertThat(backfill(OCTOBER).run().exitCode()).isZero();
    assertHolds(NOVEMBER, OCTOBER);
    SyncResult again = backfill(OCTOBER).run();
    assertThat(again.streams()).allMatch(s -> s.status() == StreamResult.Status.UNCHANGED);
    SyncResult sync = new TestSync(simulator, warehouse).streams("time_entries").run();
    assertThat(sync.exitCode()).isZero();
    assertHolds(Period.ALWAYS);
    assertThat(sync.streams().get(0).rows().changed()).isZero();
    assertThat(sync.streams().get(0).rows().deleted()).isZero();
  }

  @Test
  void aBackfillAlsoTakesAwayWhatIsGoneInItsPeriodAndFollowsWhatMoved() {
    assertThat(backfill(NOVEMBER).run().exitCode()).isZero();
    EntryChanges entries =
        new EntryChanges(simulator, new VirtualClock(simulator.account().today()));
    Set<String> keys = tables().live(ENTRIES).keySet();
    String first = keys.stream().findFirst().orElseThrow().split("\\|")[1];
    String second = keys.stream().skip(300).findFirst().orElseThrow().split("\\|")[1];
    workspace.records("time_entries").remove(first);
    entries.move(workspace, second, Instant.parse("2026-06-15T12:00:00Z"));
    assertThat(backfill(NOVEMBER).run().exitCode()).isZero();
    Map<String, Map<String, Object>> rows = tables().live(ENTRIES);
    assertThat(rows).doesNotContainKey(workspace.id() + "|" + first);
    assertThat(rows.get(workspace.id() + "|" + second))
        .containsEntry("started_at", Instant.parse("2026-06-15T12:00:00Z"));
    assertThat(rows).hasSize(keys.size() - 1);
  }
}
