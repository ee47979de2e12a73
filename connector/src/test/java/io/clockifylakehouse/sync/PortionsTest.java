// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.ScriptedDestination.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Syncs of more entries than one commit is to hold: first loads, full ones, what is due at once.
 */
class PortionsTest {
  private static final StreamDefinition ENTRIES = TestSync.CATALOG.stream("time_entries");
  private static final Pattern OF_USER = Pattern.compile("/user/([0-9a-f]{24})/time-entries$");
  private static final int AT_ONCE = 200; // and what is being read then: some 30 users

  @TempDir private Path warehouse;
  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);
  private final Account account =
      Account.tiny(52)
          .with("workspace_users", 70)
          .with("former_users", 3)
          .with("time_entries", 3500);
  private final VirtualClock clock = new VirtualClock(account.today());
  private final ClockifySimulator simulator =
      ClockifySimulator.start(
          account,
          SimulatorSettings.unlimited()
              .withTime(clock)
              .withFaults((number, method, target) -> faults.get().on(number, method, target)));
  private final Workspace workspace = simulator.world().workspaces().get(0);
  private final AtomicInteger commits = new AtomicInteger();

  @AfterEach
  void stop() {
    simulator.close();
  }

  private TestSync sync(boolean full) {
    simulator.log().clear();
    commits.set(0);
    return new TestSync(simulator, warehouse)
        .time(clock)
        .streams("workspace_users", "time_entries")
        .reading(new Reading.Incremental(Duration.ofDays(35), Duration.ofDays(7), full, AT_ONCE))
        .wrapping(d -> new ScriptedDestination(d, this::count));
  }

  private void count(Stage stage, String stream, Optional<String> workspaceId) {
    boolean entries = stream.equals("time_entries");
    commits.addAndGet(entries && stage == Stage.AFTER_COMMIT ? 1 : 0);
  }

  private static StreamResult entries(SyncResult result) {
    return result.streams().stream()
        .filter(stream -> stream.stream().equals("time_entries"))
        .findFirst()
        .orElseThrow();
  }

  private WindowState state() {
    return new TestSync(simulator, warehouse).state(ENTRIES, workspace.id());
  }

  private List<String> usersAsked() {
    return simulator.log().entries().stream()
        .map(entry -> OF_USER.matcher(entry.path()))
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  @Test
  void aFirstLoadOfManyRowsIsCommittedInPortionsAndAsksForNobodyTwice() {
    SyncResult result = sync(false).run();
    assertThat(result.exitCode()).isZero();
    assertThat(commits).hasValueGreaterThan(3);
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
    long rows = StoredRows.truths(ENTRIES, simulator).size();
    assertThat(entries(result).rows().added()).isEqualTo(rows);
    assertThat(entries(result).rows().read()).isEqualTo(rows);
    assertThat(usersAsked()).doesNotHaveDuplicates();
    assertThat(state().syncedAt()).contains(account.today());
    assertThat(state().partial()).as("it has come to its end").isEmpty();

    clock.advance(Duration.ofHours(1));
    SyncResult next = sync(false).run();
    assertThat(entries(next).status()).isEqualTo(StreamResult.Status.UNCHANGED);
    assertThat(entries(next).rows().read()).isLessThan(rows);
  }

  @Test
  void theNextPortionIsReadWhileOneIsCommitted() {
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    faults.set(
        (number, method, target) -> {
          asked.addAll(usersIn(target));
          return new Fault.None();
        });
    AtomicInteger ahead = new AtomicInteger();
    SyncResult result =
        sync(false)
            .wrapping(
                d ->
                    new ScriptedDestination(
                        d,
                        (stage, stream, id) -> {
                          if (stream.equals("time_entries") && stage == Stage.AFTER_COMMIT) {
                            ahead.addAndGet(waitsForAnyUserNotCommitted(asked) ? 1 : 0);
                          }
                        }))
            .run();
    assertThat(result.exitCode()).isZero();
    assertThat(ahead).as("commits during which others were read").hasValueGreaterThan(3);
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
  }

  /** False after the first commit, of what the cascade read, and after the last. */
  private boolean waitsForAnyUserNotCommitted(BlockingQueue<String> asked) {
    if (state().partial().isEmpty() || commits.incrementAndGet() == 1) {
      return false;
    }
    Set<String> done = state().partial().orElseThrow().done();
    try {
      String user = asked.poll(30, TimeUnit.SECONDS);
      while (user != null && done.contains(user)) {
        user = asked.poll(30, TimeUnit.SECONDS);
      }
      return user != null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneIsReadAfterTheOtherWhereTheRateDoesNotHoldReadingBack() {
    faults.set(
        (number, method, target) -> {
          clock.advance(Duration.ofSeconds(usersIn(target).isEmpty() ? 0 : 2));
          return new Fault.None();
        });
    Set<String> ahead = ConcurrentHashMap.newKeySet();
    SyncResult result =
        sync(false)
            .wrapping(
                d ->
                    new ScriptedDestination(
                        d,
                        (stage, stream, id) -> {
                          count(stage, stream, id);
                          boolean committed =
                              stage == Stage.AFTER_COMMIT && stream.equals("time_entries");
                          if (committed && commits.get() > 2) { // the first ones are short
                            ahead.addAll(usersNotCommitted());
                          }
                        }))
            .run();
    assertThat(result.exitCode()).isZero();
    assertThat(commits).hasValueGreaterThan(4);
    assertThat(ahead).isEmpty();
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
  }

  /** Users that were asked for and are not committed; none after the last commit. */
  private Set<String> usersNotCommitted() {
    Set<String> asked = new TreeSet<>(usersAsked());
    state().partial().ifPresentOrElse(part -> asked.removeAll(part.done()), asked::clear);
    return asked;
  }

  private static List<String> usersIn(String target) {
    Matcher matcher = Pattern.compile("/user/(\\w+)/time-entries\\?").matcher(target);
    return matcher.find() ? List.of(matcher.group(1)) : List.of();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEntryThatComesToAnotherUserMeanwhileIsThereOnceAndAsItIsNow(boolean loaded) {
    if (loaded) {
      assertThat(sync(false).run().exitCode()).isZero();
      clock.advance(Duration.ofHours(1));
    }
    List<String> users = new ArrayList<>(new TreeSet<>(workspace.records("workspace_users").ids()));
    Map<String, List<String>> entriesOf = idsByUser();
    Set<String> moved = ConcurrentHashMap.newKeySet();
    faults.set(
        (number, method, target) -> {
          int to = usersIn(target).stream().mapToInt(users::indexOf).findFirst().orElse(-1);
          String from = to < 40 ? "" : users.get(to - 40); // read a while ago
          String id = entriesOf.getOrDefault(from, List.of("")).get(0);
          if (!id.isEmpty() && moved.add(id)) {
            workspace
                .records("time_entries")
                .edit(id, entry -> entry.put("userId", users.get(to)).put("description", "moved"));
          }
          return new Fault.None();
        });
    SyncResult result = sync(true).run();
    assertThat(result.exitCode()).as("%s", result.streams()).isZero();
    assertThat(moved).hasSizeGreaterThan(20);
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
  }

  @Test
  void fewRowsAreOneCommit() {
    SyncResult result =
        sync(false)
            .reading(new Reading.Incremental(Duration.ofDays(35), Duration.ofDays(7), false))
            .run();
    assertThat(result.exitCode()).isZero();
    assertThat(commits).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everythingReadAnewFindsWhatChangedInAnyPortion(boolean full) {
    assertThat(sync(false).run().exitCode()).isZero();
    EntryChanges changes = new EntryChanges(simulator, clock);
    List<String> ids = workspace.records("time_entries").ids();
    clock.advance(Duration.ofDays(full ? 1 : 8)); // by then everything is due
    for (int i = 0; i < ids.size(); i += 90) {
      workspace.records("time_entries").remove(ids.get(i));
      changes.describe(workspace, ids.get(i + 1), "another text");
    }
    String user = workspace.records("workspace_users").ids().get(3);
    changes.create(workspace, user, clock.now().minus(Duration.ofDays(200)));
    SyncResult result = sync(full).run();
    assertThat(result.exitCode()).isZero();
    assertThat(entries(result).rows().deleted()).isPositive();
    assertThat(entries(result).rows().added()).isPositive();
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
    assertThat(commits).hasValueGreaterThan(3);
    assertThat(usersAsked()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aKilledFirstLoadGoesOnAfterItsLastCommit(int times) {
    AtomicInteger left = new AtomicInteger(times);
    TestSync killed =
        sync(false)
            .wrapping(
                d ->
                    new ScriptedDestination(
                        d,
                        (stage, stream, id) -> {
                          if (left.get() <= 0
                              || stream.equals("time_entries")
                                  && stage == Stage.AFTER_COMMIT
                                  && left.decrementAndGet() == 0) {
                            throw new Death.Killed();
                          }
                        }));
    assertThatThrownBy(killed::run).isInstanceOf(Death.Killed.class);
    Set<String> done = new TreeSet<>(state().partial().orElseThrow().done());
    assertThat(done).isNotEmpty();
    SyncResult result = sync(false).run();
    assertThat(result.exitCode()).isZero();
    assertThat(usersAsked()).isNotEmpty().doesNotContainAnyElementsOf(done);
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
    assertThat(state().partial()).isEmpty();
  }

  @Test
  void aListThatComesEmptyInAPortionIsNotBelieved() {
    assertThat(sync(false).run().exitCode()).isZero();
    Set<String> asked = ConcurrentHashMap.newKeySet();
    Pattern entries = Pattern.compile("/user/(\\w+)/time-entries\\?");
    faults.set(
        (number, method, target) -> {
          Matcher matcher = entries.matcher(target);
          return matcher.find() && asked.add(matcher.group(1)) && asked.size() % 9 == 0
              ? new Fault.Instead(200, Map.of(), "[]")
              : new Fault.None();
        });
    SyncResult result = sync(true).run();
    assertThat(asked).hasSizeGreaterThan(40);
    assertThat(result.exitCode()).as("%s", result.streams()).isZero();
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
  }

  @Test
  void aPortionThatLacksMostOfItsRowsIsRefusedHoweverFewOfThemWereReadWhenItWasFull() {
    // Those who come first have no rows: then all others are one portion.
    new TreeMap<>(idsByUser()).values().stream().limit(12).forEach(this::remove);
    assertThat(sync(false).run().exitCode()).isZero();
    int rows = Tables.read(warehouse, Set.of(workspace.id())).live(ENTRIES).size();
    idsByUser().values().forEach(ids -> remove(ids.subList(0, ids.size() * 3 / 5 + 1)));
    SyncResult result = sync(true).maxShrink(0.5).run();
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(entries(result).cause()).contains(ErrorCode.SHRINK_REFUSED);
    assertThat(Tables.read(warehouse, Set.of(workspace.id())).live(ENTRIES)).hasSize(rows);
  }

  private Map<String, List<String>> idsByUser() {
    Map<String, List<String>> ids = new HashMap<>();
    for (String id : workspace.records("time_entries").ids()) {
      JsonNode entry = workspace.records("time_entries").find(id).orElseThrow();
      ids.computeIfAbsent(entry.path("userId").asText(), user -> new ArrayList<>()).add(id);
    }
    return ids;
  }

  private void remove(List<String> entryIds) {
    entryIds.forEach(workspace.records("time_entries")::remove);
  }

  @Test
  void aPortionThatFailsLeavesTheOnesBeforeAndSaysSo() {
    AtomicReference<String> broken = new AtomicReference<>();
    faults.set(
        (number, method, target) -> {
          Matcher matcher = Pattern.compile("/user/(\\w+)/time-entries\\?").matcher(target);
          if (matcher.find() && commits.get() > 1) {
            broken.compareAndSet(null, matcher.group(1));
            return matcher.group(1).equals(broken.get())
                ? new Fault.Instead(200, Map.of(), "<html>")
                : new Fault.None();
          }
          return new Fault.None();
        });
    SyncResult result = sync(false).retry(1, Duration.ofSeconds(1)).run();
    assertThat(result.exitCode()).isIn(3, 75);
    assertThat(entries(result).reason().orElseThrow()).contains("time_entries");
    assertThat(entries(result).rows().added()).isPositive();
    assertThat((long) Tables.read(warehouse, Set.of(workspace.id())).live(ENTRIES).size())
        .isEqualTo(entries(result).rows().added());
    faults.set(Faults.NONE);
    assertThat(sync(false).run().exitCode()).isZero();
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
  }
}
