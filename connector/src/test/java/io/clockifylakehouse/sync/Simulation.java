// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.FaultKind;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.ScriptedFaults;
import io.clockifylakehouse.simulator.SeededFaults;
import io.clockifylakehouse.simulator.SeededFaults.Rule;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.sync.StreamResult.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** One seed of {@link ExactnessSimulationTest}: a service, a warehouse, and what befalls them. */
final class Simulation implements AutoCloseable {
  private static final StreamDefinition ENTRIES = TestSync.CATALOG.stream("time_entries");
  private static final List<String> BREAKABLE =
      List.of(
          "/time-entries",
          "/tasks",
          "/projects\\?",
          "/users\\?",
          "/clients",
          "/invoices",
          "/expenses",
          "/in-progress",
          "/tags",
          "/approval-requests",
          "/member-profile");

  private final SplittableRandom random;
  private final Path warehouse;
  private final VirtualClock clock;
  private final ClockifySimulator simulator;
  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);
  private final Duration lookback;
  private final Duration fullPassEvery;
  private final DeleteMode deletes;
  private final WorldChanges changes;
  private final int rowsAtOnce;
  private final EntryModel entries;
  private final Set<String> workspaces;
  private final List<String> story = new ArrayList<>();
  private Tables tables = Tables.NONE;

  Simulation(long seed, Path warehouse) {
    this.random = new SplittableRandom(seed);
    this.warehouse = warehouse;
    Account account =
        Account.tiny(seed)
            .withWorkspaces(1 + (int) (seed % 2))
            .with("workspace_users", 6)
            .with("former_users", 2)
            .with("time_entries", 150);
    this.clock = new VirtualClock(account.today());
    SimulatorSettings settings =
        SimulatorSettings.unlimited()
            .withTime(clock)
            .withFaults((number, method, target) -> faults.get().on(number, method, target));
    this.simulator = ClockifySimulator.start(account, settings);
    this.lookback = Duration.ofDays(List.of(5, 14, 35).get(random.nextInt(3)));
    this.fullPassEvery = Duration.ofDays(List.of(1, 4, 7).get(random.nextInt(3)));
    this.rowsAtOnce = List.of(24, 60, Integer.MAX_VALUE).get(random.nextInt(3));
    this.deletes = seed % 3 == 0 ? DeleteMode.SOFT : DeleteMode.HARD;
    this.changes = new WorldChanges(simulator, clock, lookback);
    this.entries = new EntryModel(ENTRIES, lookback, fullPassEvery);
    this.workspaces =
        simulator.world().workspaces().stream().map(Workspace::id).collect(Collectors.toSet());
    story.add(
        "seed %d: %d workspaces, lookback %s, full pass every %s, deletes %s, %d rows at once"
            .formatted(seed, workspaces.size(), lookback, fullPassEvery, deletes, rowsAtOnce));
  }

  @Override
  public void close() {
    simulator.close();
  }

  /** So many rounds of changes, each with a sync of some kind, and a full one at the end. */
  void run(int rounds) {
    try {
      entries.changed(StoredRows.truths(ENTRIES, simulator), clock.now());
      if (random.nextInt(3) > 0) {
        clean(false);
      }
      for (int round = 0; round < rounds; round++) {
        clock.advance(pause());
        changes.apply(random.nextInt(12), random);
        noteChanges();
        clock.advance(Duration.ofSeconds(random.nextInt(7200)));
        round(random.nextInt(100));
      }
      clean(true);
      assertNoChange();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(String.join("\n  ", story) + "\n" + e.getMessage(), e);
    }
  }

  private Duration pause() {
    return switch (random.nextInt(8)) {
      case 0 -> Duration.ofMinutes(random.nextInt(5));
      case 1, 2, 3 -> Duration.ofMinutes(random.nextInt(600));
      case 4, 5 -> Duration.ofHours(random.nextInt(48));
      case 6 -> Duration.ofHours(random.nextInt(200));
      default -> Duration.ofDays(random.nextInt(12));
    };
  }

  private void noteChanges() {
    entries.changed(StoredRows.truths(ENTRIES, simulator), clock.now());
  }

  private void round(int kind) {
    if (kind < 45) {
      clean(false);
      if (random.nextInt(4) == 0) {
        assertNoChange();
      }
    } else if (kind < 50) {
      clean(true);
    } else if (kind < 60) {
      shaky();
    } else if (kind < 70) {
      broken();
    } else if (kind < 77) {
      stopped();
    } else if (kind < 88) {
      killed();
    } else if (kind < 93) {
      contested();
    } else {
      unsteady();
    }
  }

  private TestSync sync() {
    return new TestSync(simulator, warehouse).time(clock).deletes(deletes).reading(reading(false));
  }

  private Reading reading(boolean full) {
    return new Reading.Incremental(lookback, fullPassEvery, full, rowsAtOnce);
  }

  private void tell(String what) {
    story.add(clock.now() + " " + what);
  }

  /**
   * Runs, reads the tables afterwards, and checks what holds after any run that came to its end.
   */
  private SyncResult run(TestSync sync) {
    Tables before = tables;
    SyncResult result = sync.run();
    tables = tables.next(warehouse, workspaces);
    tables.assertVersionsSince(before, Optional.of(result.stamp().syncId()));
    for (StreamResult stream : result.streams()) {
      if (stream.reason().isPresent()) {
        tables.assertSameRows(before, stream.stream(), stream.workspaceId());
      }
    }
    return result;
  }

  private static void assertClean(SyncResult result) {
    assertThat(result.streams()).allSatisfy(s -> assertThat(s.reason()).as(s.stream()).isEmpty());
    assertThat(result.exitCode()).isZero();
  }

  /** An undisturbed run. */
  private void clean(boolean full) {
    tell(full ? "full run" : "run");
    Tables before = tables;
    SyncResult result = run(sync().reading(reading(full)));
    assertClean(result);
    assertExact(result, full, before);
  }

  /** Checks every stream that came to its end in a run while the service stood still. */
  private void assertExact(SyncResult result, boolean full, Tables before) {
    Set<String> failed = new HashSet<>();
    result.streams().stream()
        .filter(s -> s.reason().isPresent())
        .forEach(s -> failed.add(s.stream()));
    for (StreamDefinition stream : TestSync.CATALOG.streams()) {
      if (failed.contains(stream.name())) {
        continue;
      }
      Map<String, Truth> truths = StoredRows.truths(stream, simulator);
      if (stream == ENTRIES) {
        entries.check(
            result.stamp().startedAt(), full, before.live(stream), tables.live(stream), truths);
        entries.mayHaveRead(result.stamp().startedAt());
      } else {
        StoredRows.assertEqual(stream, truths, tables.live(stream));
      }
      if (deletes == DeleteMode.SOFT) {
        assertThat(tables.rows().get(stream.name()).keySet())
            .as("%s keeps every row it ever had", stream.name())
            .containsAll(before.rows().getOrDefault(stream.name(), Map.of()).keySet());
      }
    }
    if (!failed.isEmpty()) {
      entries.mayHaveRead(result.stamp().startedAt()); // of one workspace, perhaps
    }
  }

  /** A run in which nothing has changed writes nothing. */
  private void assertNoChange() {
    if (entries.late() > 0) {
      return;
    }
    tell("run without changes");
    Tables before = tables;
    clock.advance(Duration.ofMinutes(random.nextInt(3000)));
    SyncResult result = run(sync());
    assertClean(result);
    assertThat(result.streams()).allMatch(s -> s.status() == Status.UNCHANGED);
    assertThat(before.dataFiles()) // old ones may go with their snapshots
        .as("data files")
        .containsAll(tables.dataFiles());
    assertExact(result, false, before);
  }

  /** A service that fails now and then, never so often that a request is given up. */
  private void shaky() {
    if (random.nextBoolean()) {
      long seed = random.nextLong();
      tell("every kind of fault that passes, seed " + seed);
      faults.set(new SeededFaults(seed, clock, Rule.of("", 0.25, FaultKind.PASSING).inARow(3)));
      clean(false);
      faults.set(Faults.NONE);
      return;
    }
    ScriptedFaults script = new ScriptedFaults();
    List<Fault> choices =
        List.of(
            new Fault.Instead(500, Map.of(), ""),
            new Fault.Instead(429, Map.of(), ""),
            new Fault.Instead(503, Map.of("Retry-After", "1"), "<html>busy</html>"),
            new Fault.Broken(),
            new Fault.Cut(0.5));
    for (int i = 0; i < 3; i++) {
      Fault fault = choices.get(random.nextInt(choices.size()));
      script.add("GET .*" + breakable(), 1, fault);
      tell("fault " + fault);
    }
    faults.set(script);
    clean(false);
    faults.set(Faults.NONE);
  }

  private String breakable() {
    return BREAKABLE.get(random.nextInt(BREAKABLE.size()));
  }

  /** One kind of request fails for the whole run; sometimes only from some request on. */
  private void broken() {
    String requests = breakable();
    List<Fault> choices =
        List.of(
            new Fault.Instead(500, Map.of(), ""),
            new Fault.Instead(200, Map.of(), "{\"oops\":true}"),
            new Fault.Instead(200, Map.of(), "<html>maintenance</html>"),
            new Fault.Instead(403, Map.of(), "{\"message\":\"no\",\"code\":1}"),
            new Fault.Broken(),
            new Fault.Cut(0.9));
    Fault fault = choices.get(random.nextInt(choices.size()));
    if (requests.equals("/member-profile") && fault.equals(choices.get(1))) {
      fault = choices.get(0); // any object is a profile: the service would have said so
    }
    int spared = random.nextInt(4);
    tell("%s from request %d to %s on".formatted(fault, spared + 1, requests));
    ScriptedFaults script = new ScriptedFaults();
    if (spared > 0) {
      script.add(requests, spared, new Fault.None());
    }
    script.add(requests, 1_000_000, fault);
    faults.set(script);
    Tables before = tables;
    SyncResult result = run(sync());
    faults.set(Faults.NONE);
    assertExact(result, false, before);
  }

  /** A signal in the middle of a run. */
  private void stopped() {
    int last = 1 + random.nextInt(60);
    tell("run stopped at request " + last);
    AtomicReference<SyncRun> running = new AtomicReference<>();
    AtomicInteger requests = new AtomicInteger();
    faults.set(
        (number, method, target) -> {
          if (requests.incrementAndGet() == last) {
            running.get().stop("told to");
          }
          return new Fault.None();
        });
    Tables before = tables;
    SyncResult result = run(sync().beforeRun(running::set));
    faults.set(Faults.NONE);
    if (requests.get() >= last && result.exitCode() != 0) {
      assertThat(result.exitCode()).isEqualTo(75);
    }
    assertExact(result, false, before);
  }

  /** The process dies: from one moment on, nothing it does reaches a table. */
  private void killed() {
    ScriptedDestination.Stage[] stages = ScriptedDestination.Stage.values();
    ScriptedDestination.Stage stage = stages[random.nextInt(stages.length)];
    int times = 1 + random.nextInt(25);
    tell("killed at %s %d".formatted(stage, times));
    Death death = new Death(stage, times);
    Tables before = tables;
    boolean ended;
    try {
      sync().wrapping(d -> new ScriptedDestination(d, death)).run();
      ended = true;
    } catch (Death.Killed e) {
      ended = false;
    }
    tell(ended ? "  survived" : "  died");
    tables = tables.next(warehouse, workspaces);
    tables.assertVersionsSince(before, Optional.empty());
    entries.mayHaveRead(clock.now());
  }

  /** Another writer commits to each table between the opening and the commit. */
  private void contested() {
    tell("run with another writer");
    TestSync sync = sync();
    Tables before = tables;
    try (OtherWriter other = new OtherWriter(sync.icebergSettings(), clock)) {
      SyncResult result = run(sync.wrapping(d -> new ScriptedDestination(d, other)));
      assertClean(result);
      assertExact(result, false, before);
    }
  }

  /** The service changes while it is read: what it has all the time is never deleted. */
  private void unsteady() {
    int first = 1 + random.nextInt(40);
    tell("changes during the run, from request " + first);
    SplittableRandom chance = random.split();
    AtomicInteger requests = new AtomicInteger();
    faults.set(
        (number, method, target) -> {
          int request = requests.incrementAndGet();
          if (request >= first && request % 5 == 0 && request < first + 40) {
            synchronized (changes) {
              changes.apply(2, chance);
            }
          }
          return new Fault.None();
        });
    Map<String, Set<String>> there = new HashMap<>();
    TestSync.CATALOG
        .streams()
        .forEach(s -> there.put(s.name(), StoredRows.truths(s, simulator).keySet()));
    Tables before = tables;
    SyncResult result = run(sync());
    faults.set(Faults.NONE);
    for (StreamDefinition stream : TestSync.CATALOG.streams()) {
      Set<String> alwaysThere = new HashSet<>(there.get(stream.name()));
      alwaysThere.retainAll(StoredRows.truths(stream, simulator).keySet());
      tables.assertNothingLost(before, stream, alwaysThere);
    }
    noteChanges();
    entries.seen(tables.live(ENTRIES).keySet(), clock.now());
    entries.mayHaveRead(result.stamp().startedAt());
  }
}
