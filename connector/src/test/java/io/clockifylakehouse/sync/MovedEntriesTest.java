// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.state.FullPasses;
import io.clockifylakehouse.stream.StreamDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Entries whose start moves, or that go, in the trailing window and around its edge. Each test
 * syncs once, lets the service change, and syncs the window again; nobody is read in full.
 */
class MovedEntriesTest {
  private static final StreamDefinition ENTRIES = TestSync.CATALOG.stream("time_entries");
  private static final Duration LOOKBACK = Duration.ofDays(35);
  private static final Instant TODAY = Instant.parse("2026-11-20T15:30:00Z");

  @TempDir private Path warehouse;
  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);
  private ClockifySimulator simulator;
  private VirtualClock clock;
  private Workspace workspace;
  private EntryChanges entries;

  private void start(Instant today) {
    clock = new VirtualClock(today);
    SimulatorSettings settings =
        SimulatorSettings.unlimited()
            .withTime(clock)
            .withFaults((number, method, target) -> faults.get().on(number, method, target));
    Account account = Account.tiny(41).endingAt(today);
    simulator = ClockifySimulator.start(account, settings);
    while (anybodysTurnComes()) {
      simulator.close();
      account = account.withSeed(account.seed() + 1);
      simulator = ClockifySimulator.start(account, settings);
    }
    workspace = simulator.world().workspaces().get(0);
    entries = new EntryChanges(simulator, clock);
  }

  /** A run an hour after the last one reads one bucket in full, the first ones first. */
  private boolean anybodysTurnComes() {
    return simulator.truth("workspace_users").stream()
        .anyMatch(user -> FullPasses.bucketOf(user.record().path("id").asText()) < 12);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private SyncResult sync(String... streams) {
    clock.advance(Duration.ofHours(1));
    simulator.log().clear();
    SyncResult result =
        new TestSync(simulator, warehouse)
            .time(clock)
            .streams(streams.length == 0 ? new String[] {"time_entries"} : streams)
            .reading(new Reading.Incremental(LOOKBACK, Duration.ofDays(365), false))
            .run();
    assertThat(result.exitCode()).isZero();
    return result;
  }

  private void assertExact() {
    StoredRows.assertEqualTruth(ENTRIES, simulator, warehouse);
  }

  private String owner() {
    return simulator.world().ownerId();
  }

  private Instant daysAgo(int days) {
    return clock.now().minus(Duration.ofDays(days));
  }

  /** An entry that the table holds, of somebody whose window alone is read from now on. */
  private String stored(Instant start) {
    String id = entries.create(workspace, owner(), start);
    sync();
    return id;
  }

  private long askedById(String id) {
    return simulator.log().count(e -> e.path().endsWith("/time-entries/" + id));
  }

  private long askedById() {
    return simulator.log().count(e -> e.path().matches(".*/time-entries/[0-9a-f]{24}"));
  }

  private long wholeReads(String user) {
    String path = "/user/" + user + "/time-entries";
    return simulator.log().count(e -> e.path().endsWith(path) && !e.target().contains("start="));
  }

  @ParameterizedTest
  @CsvSource({"3, 2", "20, 2", "2, 20", "1, 32", "32, 1"})
  void anEntryThatMovesWithinTheWindowIsOneRow(int fromDaysAgo, int toDaysAgo) {
    start(TODAY);
    String id = stored(daysAgo(fromDaysAgo));
    entries.move(workspace, id, daysAgo(toDaysAgo));
    SyncResult result = sync();
    assertExact();
    assertThat(result.streams().get(0).rows().changed()).isEqualTo(1);
    assertThat(result.streams().get(0).rows().added()).isZero();
    assertThat(askedById()).isZero();
    assertThat(wholeReads(owner())).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {37, 64, 400, 3000})
  void anEntryThatMovesOutOfTheWindowIsAskedForAndLandsWithItsNewStart(int toDaysAgo) {
    start(TODAY);
    String id = stored(daysAgo(3));
    entries.move(workspace, id, daysAgo(toDaysAgo));
    sync();
    assertThat(askedById(id)).isEqualTo(1);
    assertThat(askedById()).isEqualTo(1);
    assertThat(wholeReads(owner())).isZero();
    assertExact();
    SyncResult next = sync();
    assertThat(askedById()).as("nothing is missing any more").isZero();
    assertThat(next.streams().get(0).status()).isEqualTo(StreamResult.Status.UNCHANGED);
  }

  @ParameterizedTest
  @ValueSource(ints = {37, 64, 400, 3000})
  void anEntryThatMovesIntoTheWindowIsOneRow(int fromDaysAgo) {
    start(TODAY);
    String id = stored(daysAgo(fromDaysAgo));
    entries.move(workspace, id, daysAgo(3));
    SyncResult result = sync();
    assertExact();
    assertThat(result.streams().get(0).rows().changed()).isEqualTo(1);
    assertThat(result.streams().get(0).rows().added()).isZero();
  }

  @Test
  void anEntryThatMovesToAndFroStaysOneRow() {
    start(TODAY);
    String id = stored(daysAgo(3));
    for (int days : List.of(100, 2, 40, 30, 500, -20, 90, 0)) {
      entries.move(workspace, id, daysAgo(days));
      sync();
      assertExact();
    }
  }

  @Test
  void aDeletedEntryIsAskedForOnce() {
    start(TODAY);
    String id = stored(daysAgo(3));
    workspace.records("time_entries").remove(id);
    SyncResult result = sync();
    assertThat(askedById(id)).isEqualTo(1);
    assertThat(askedById()).isEqualTo(1);
    assertThat(result.streams().get(0).rows().deleted()).isEqualTo(1);
    assertExact();
    sync();
    assertThat(askedById()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"20, 20, 0", "21, 3, 1", "60, 3, 1"})
  void ofManyMissingEntriesOfOnePersonAllAreReadAgainAndAFewAskedFor(
      int gone, int asked, int read) {
    start(TODAY);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      ids.add(entries.create(workspace, owner(), daysAgo(1 + i % 5).plusSeconds(i * 60)));
    }
    sync();
    ids.subList(0, gone - 1).forEach(id -> workspace.records("time_entries").remove(id));
    entries.move(workspace, ids.get(gone - 1), daysAgo(200));
    sync();
    assertThat(askedById()).isEqualTo(asked);
    assertThat(wholeReads(owner())).isEqualTo(read);
    assertExact();
  }

  @Test
  void theEntriesOfSomebodyWhoIsGoneStay() {
    start(TODAY);
    String user = workspace.records("workspace_users").ids().get(1);
    entries.create(workspace, user, daysAgo(2));
    entries.create(workspace, user, daysAgo(200));
    sync();
    Tables before = Tables.read(warehouse, Set.of(workspace.id()));
    workspace.removeUser(user);
    String path = "/user/" + user + "/";
    faults.set(
        (number, method, target) ->
            target.contains(path)
                ? new Fault.Instead(400, Map.of(), "{\"message\":\"User gone\",\"code\":501}")
                : new Fault.None());
    assertThat(simulator.truth("project_memberships")).isNotEmpty();
    sync();
    assertThat(simulator.log().count(e -> e.path().contains(path))).isPositive();
    Tables.read(warehouse, Set.of(workspace.id()))
        .assertSameRows(before, "time_entries", Optional.empty());
    assertExact();
  }

  @Test
  void futureEntriesAreCreatedMovedAndDeleted() {
    start(TODAY);
    String id = stored(daysAgo(-40));
    String other = entries.create(workspace, owner(), daysAgo(-400));
    entries.move(workspace, id, daysAgo(-75));
    sync();
    assertExact();
    entries.move(workspace, id, daysAgo(120));
    workspace.records("time_entries").remove(other);
    sync();
    assertExact();
    assertThat(askedById()).isEqualTo(2);
  }

  @Test
  void aTimerThatStopsIsNoLongerRunning() {
    start(TODAY);
    sync("time_entries*");
    List<String> running = entries.running(workspace);
    assertThat(running).isNotEmpty();
    running.forEach(id -> entries.stop(workspace, id));
    sync("time_entries*");
    assertExact();
    StoredRows.assertEqualTruth(
        TestSync.CATALOG.stream("time_entries_in_progress"), simulator, warehouse);
    assertThat(Tables.read(warehouse, Set.of(workspace.id())).live(ENTRIES).values())
        .noneMatch(row -> (Boolean) row.get("is_running"));
  }

  /** The window begins where each zone's offset, or its change, moves the wall clock the most. */
  @ParameterizedTest
  @CsvSource({
    "Pacific/Pago_Pago, 2026-11-20T15:30:00Z",
    "Pacific/Kiritimati, 2026-11-20T15:30:00Z",
    "America/New_York, 2026-04-12T06:30:00Z",
    "America/New_York, 2026-12-06T05:30:00Z",
    "Europe/Berlin, 2026-05-03T01:00:00Z",
    "Europe/Berlin, 2026-11-29T00:30:00Z",
    "Australia/Lord_Howe, 2026-05-09T15:00:00Z"
  })
  void theWindowsEdgeIsTheSameInstantInEveryZone(String zone, Instant today) {
    start(today);
    for (String user : workspace.records("workspace_users").ids()) {
      workspace
          .records("workspace_users")
          .edit(
              user,
              person -> {
                ObjectNode settings =
                    person.get("settings").isObject()
                        ? (ObjectNode) person.get("settings")
                        : person.putObject("settings");
                settings.put("timeZone", zone);
              });
    }
    Instant edge = today.plus(Duration.ofHours(1)).minus(LOOKBACK);
    List<String> around = new ArrayList<>();
    for (int minutes = -30 * 60; minutes <= 30 * 60; minutes += 20) {
      around.add(entries.create(workspace, owner(), edge.plusSeconds(minutes * 60L)));
    }
    sync();
    assertExact();
    Tables before = Tables.read(warehouse, Set.of(workspace.id()));
    for (int i = 0; i < around.size(); i++) {
      String id = around.get(i);
      if (i % 9 == 0) {
        workspace.records("time_entries").remove(id);
      } else {
        entries.describe(workspace, id, "edited");
      }
    }
    sync();
    Map<String, Map<String, Object>> after =
        Tables.read(warehouse, Set.of(workspace.id())).live(ENTRIES);
    for (int i = 0; i < around.size(); i++) {
      String key = workspace.id() + "|" + around.get(i);
      Map<String, Object> old = before.live(ENTRIES).get(key);
      boolean inWindow = !((Instant) old.get("started_at")).isBefore(edge);
      if (!inWindow) {
        assertThat(after.get(key)).as("before the window").isEqualTo(old);
      } else if (i % 9 == 0) {
        assertThat(after).as("deleted in the window").doesNotContainKey(key);
      } else {
        assertThat(after.get(key)).as("in the window").containsEntry("description", "edited");
      }
    }
  }
}
