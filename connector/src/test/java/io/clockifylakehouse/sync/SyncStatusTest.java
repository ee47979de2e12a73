// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.DriftSummary;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.destination.TableOverview;
import io.clockifylakehouse.destination.VerificationRow;
import io.clockifylakehouse.state.BackfillProgress;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What table, runs and state together say of one stream. */
class SyncStatusTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Optional<String> W = Optional.of("w");

  private static PastRun run(String command, String stream, String status, int hoursAgo) {
    return new PastRun(
        command + hoursAgo,
        command,
        stream,
        W,
        status,
        Optional.empty(),
        DriftSummary.NONE,
        OptionalLong.empty(),
        hours(hoursAgo),
        Optional.of("incremental"),
        Optional.empty(),
        Optional.empty());
  }

  private static VerificationRow verification(int expected, Agreement agreement) {
    return new VerificationRow(
        "v",
        NOW,
        "tags",
        W,
        Optional.empty(),
        Optional.empty(),
        "rows",
        Optional.of((double) expected),
        Optional.of(4.0),
        agreement,
        Optional.of("why"),
        List.of());
  }

  private static Instant hours(int ago) {
    return NOW.minus(Duration.ofHours(ago));
  }

  private static Standing standing(
      String stream, long rows, Optional<WindowState> state, PastRun... runs) {
    return SyncStatus.standing(
        TestSync.CATALOG.stream(stream),
        W,
        true,
        Optional.of(new TableOverview(OptionalLong.of(7), Optional.of(NOW), 99, Map.of("w", rows))),
        List.of(runs),
        List.of(verification(4, Agreement.EQUAL), verification(5, Agreement.CHANGED)),
        state);
  }

  private static Optional<WindowState> syncedAt(int hoursAgo) {
    return Optional.of(
        new WindowState(
            Optional.of(hours(hoursAgo)),
            List.of(hours(5), hours(30), NOW),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void theLastRunGivesTheStateAndTheLastGoodOneTheAge() {
    Standing standing =
        standing(
            "tags",
            3,
            Optional.empty(),
            run("sync", "tags", "ok", 9),
            run("sync", "tags", "failed", 1),
            run("demo", "tags", "unchanged", 4),
            run("sync", "clients", "ok", 0));
    assertThat(standing.rows()).isEqualTo(3);
    assertThat(standing.state()).isEqualTo("failed");
    assertThat(standing.lastFailure().orElseThrow().syncId()).isEqualTo("sync1");
    assertThat(standing.verification().orElseThrow().agreement()).isEqualTo(Agreement.CHANGED);
    assertThat(standing.lastSync().orElseThrow().syncId()).isEqualTo("demo4");
    assertThat(standing.age(NOW)).contains(Duration.ofHours(4));
    assertThat(standing.isOlderThan(Duration.ofHours(4), NOW)).isFalse();
    assertThat(standing.isOlderThan(Duration.ofHours(3), NOW)).isTrue();
  }

  @Test
  void aSyncDatedInTheFutureIsFreshOnlyWithinTheSameBounds() {
    Standing ahead = standing("tags", 3, Optional.empty(), run("sync", "tags", "ok", -5));
    assertThat(ahead.isOlderThan(Duration.ofHours(6), NOW)).isFalse();
    assertThat(ahead.isOlderThan(Duration.ofHours(4), NOW))
        .as("a clock was wrong: nobody knows how old it is")
        .isTrue();
  }

  @Test
  void aBackfillOfOldYearsMakesNothingFresher() {
    PastRun sync = run("sync", "time_entries", "ok", 9);
    PastRun backfill = run("backfill", "time_entries", "ok", 1);
    Standing standing = standing("time_entries", 5, syncedAt(9), sync, backfill);
    assertThat(standing.lastSync()).contains(sync);
    assertThat(standing.oldestFullPass()).contains(hours(30));
    assertThat(standing("time_entries", 5, syncedAt(1), backfill).lastSync())
        .as("one up to now is as good as a sync")
        .contains(backfill);
    assertThat(standing("tags", 5, Optional.empty(), run("backfill", "tags", "ok", 1)).lastSync())
        .as("what has no window is read whole by every command")
        .isPresent();
  }

  @Test
  void aKilledBackfillIsUnfinished() {
    Period period = Period.since(0);
    WindowState state = WindowState.NONE.with(new BackfillProgress(period, NOW, "u7"));
    Standing standing = standing("time_entries", 5, Optional.of(state));
    assertThat(standing.state()).isEqualTo("unfinished");
    assertThat(standing.backfill()).contains(new Standing.Backfill(period, "u7"));
    assertThat(standing.isOlderThan(Duration.ofDays(1), NOW)).isTrue();
  }

  @Test
  void aTableThatWasDeletedHasNeverBeenSynced() {
    Standing standing =
        SyncStatus.standing(
            TestSync.CATALOG.stream("tags"),
            W,
            true,
            Optional.empty(),
            List.of(run("sync", "tags", "ok", 1)),
            List.of(),
            Optional.empty());
    assertThat(standing.lastSync()).isEmpty();
    assertThat(standing.state()).isEqualTo("never");
  }
}
