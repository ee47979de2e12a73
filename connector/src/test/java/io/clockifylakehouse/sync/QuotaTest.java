// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.sync.StreamResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A workspace that has 30 requests per hour and needs more of them. */
class QuotaTest {
  private static final int PER_HOUR = 30;
  private static final Account ACCOUNT =
      Account.tiny(41)
          .withPlan(Plan.FREE)
          .with("workspace_users", 24)
          .with("projects", 24)
          .with("time_entries", 200);

  @TempDir private Path warehouse;

  private final VirtualClock clock = new VirtualClock(ACCOUNT.today());

  private ClockifySimulator start(Account account, boolean retryAfter) {
    return ClockifySimulator.start(
        account,
        SimulatorSettings.unlimited()
            .withTime(clock)
            .withRequestsPerHour(PER_HOUR)
            .withRetryAfter(retryAfter));
  }

  private TestSync sync(ClockifySimulator simulator) {
    return new TestSync(simulator, warehouse)
        .time(clock)
        .retry(6, Duration.ofMinutes(2))
        .skipForbidden();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void runsUnderAQuotaAreOneSyncInPiecesThatReachesEveryStream(boolean retryAfter) {
    long needed;
    try (ClockifySimulator free =
        ClockifySimulator.start(ACCOUNT, SimulatorSettings.unlimited().withTime(clock))) {
      Path elsewhere = warehouse.resolveSibling("unlimited");
      new TestSync(free, elsewhere).time(clock).skipForbidden().run();
      needed = free.log().count(entry -> entry.path().contains("/workspaces/"));
    }
    assertThat(needed).isBetween(90L, 160L);
    try (ClockifySimulator simulator = start(ACCOUNT, retryAfter)) {
      Set<String> whole = new HashSet<>();
      List<String> story = new ArrayList<>();
      SyncResult result;
      do {
        result = sync(simulator).run();
        for (StreamResult stream : result.streams()) {
          if (stream.status() == Status.OK || stream.status() == Status.UNCHANGED) {
            assertThat(whole.add(stream.stream()) || stream.workspaceId().isEmpty())
                .as("%s is read once", stream.stream())
                .isTrue();
          }
        }
        story.add(result.exitCode() + " " + whole.size() + " " + result.reason().orElse(""));
        clock.advance(Duration.ofHours(1));
      } while (result.exitCode() != 0 && story.size() < 12);
      assertThat(result.exitCode()).as("%s", story).isZero();
      assertThat(story.size())
          .as("%s", story)
          .isBetween((int) (needed / PER_HOUR), 2 * (int) (needed / PER_HOUR) + 1);
      StoredRows.assertEqualTruth(simulator, warehouse);
      SyncResult next = sync(simulator).run();
      assertThat(next.streams())
          .as("a new sync begins from the start")
          .noneMatch(s -> s.reason().orElse("").startsWith("carried over"));
    }
  }

  @Test
  void aUsedUpQuotaIsNamedWithWhatItMeansForTheAccount() {
    try (ClockifySimulator simulator = start(ACCOUNT, false)) {
      SyncResult result = sync(simulator).run();
      assertThat(result.exitCode()).isEqualTo(75);
      assertThat(result.status()).isEqualTo("partial");
      assertThat(result.reason().orElseThrow())
          .contains("30 were answered")
          .containsPattern("at least [1-9][0-9]* more are needed: [1-9] hours at 30 per hour");
      assertThat(result.streams())
          .filteredOn(s -> s.status() == Status.FAILED)
          .isNotEmpty()
          .anySatisfy(s -> assertThat(s.cause()).contains(ErrorCode.QUOTA));
      long refused = simulator.log().answeredWith(429);
      assertThat(refused).as("not each load asks for itself").isLessThan(10L * 6 * 4);
    }
  }

  @Test
  void aWorkspaceWithoutAQuotaIsReadWhole() {
    Account two = ACCOUNT.withWorkspaces(2);
    try (ClockifySimulator simulator = start(two, true)) {
      String paid = simulator.world().workspaces().get(1).id();
      simulator.world().workspaces().get(1).plan(Plan.ENTERPRISE);
      SyncResult result = sync(simulator).run();
      assertThat(result.exitCode()).isEqualTo(75);
      assertThat(result.streams())
          .filteredOn(s -> s.workspaceId().filter(paid::equals).isPresent())
          .isNotEmpty()
          .allSatisfy(s -> assertThat(s.reason()).as(s.stream()).isEmpty());
    }
  }

  /** Runs hour after hour, until one ends well. */
  private SyncResult runToTheEnd(ClockifySimulator simulator, int runsMax) {
    SyncResult result = sync(simulator).run();
    for (int runs = 1; result.exitCode() != 0; runs++) {
      assertThat(result.exitCode()).as("%s", result.streams()).isEqualTo(75);
      assertThat(runs).as("%s", result.reason()).isLessThan(runsMax);
      clock.advance(Duration.ofHours(1));
      result = sync(simulator).run();
    }
    return result;
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43})
  void aStreamThatNeedsMoreThanAnHourGoesOnScopeByScopeAndEndsExact(long seed) {
    Account account =
        Account.tiny(seed)
            .withPlan(Plan.FREE)
            .with("workspace_users", 70)
            .with("projects", 40)
            .with("time_entries", 400);
    SplittableRandom random = new SplittableRandom(seed);
    try (ClockifySimulator simulator = start(account, seed % 2 == 0)) {
      runToTheEnd(simulator, 12);
      StoredRows.assertEqualTruth(simulator, warehouse);
      long answered =
          simulator
              .log()
              .count(entry -> entry.path().endsWith("/time-entries") && entry.status() == 200);
      assertThat(answered).as("each person is asked for about once").isLessThan(110);
      WorldChanges changes = new WorldChanges(simulator, clock, Duration.ofDays(35));
      for (int round = 0; round < 2; round++) {
        changes.apply(25, random);
        clock.advance(Duration.ofDays(8));
        runToTheEnd(simulator, 14);
        StoredRows.assertEqualTruth(simulator, warehouse);
      }
    }
  }

  @Test
  void aTableThatIsDroppedBetweenTwoRunsIsReadAnew() throws IOException {
    try (ClockifySimulator simulator = start(ACCOUNT, true)) {
      assertThat(sync(simulator).run().exitCode()).isEqualTo(75);
      assertThat(TableRows.read(warehouse, "projects")).isNotEmpty();
      Path table = warehouse.resolve("clockify/projects");
      try (Stream<Path> files = Files.walk(table)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
      clock.advance(Duration.ofHours(1));
      runToTheEnd(simulator, 12);
      StoredRows.assertEqualTruth(simulator, warehouse);
    }
  }

  @Test
  void aRunOfAWrongClockIsNotGoneOnWith() {
    try (ClockifySimulator simulator = start(ACCOUNT, true)) {
      clock.advance(Duration.ofDays(365));
      assertThat(sync(simulator).run().exitCode()).isEqualTo(75);
      clock.advance(Duration.ofDays(-364));
      SyncResult next = sync(simulator).run();
      assertThat(next.streams())
          .noneMatch(stream -> stream.reason().orElse("").startsWith("carried over"));
    }
  }
}
