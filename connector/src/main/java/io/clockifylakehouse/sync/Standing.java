// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.stream.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where one stream of one workspace stands.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param workspaceId empty for a stream above workspaces
 * @param listed false when the workspace is no longer among those that the key sees
 * @param rows live rows
 * @param snapshotId of the whole table, all workspaces together; empty when it has none
 * @param committedAt when that snapshot was committed
 * @param lastRun the last run that recorded the stream; empty when there was none
 * @param lastSync the last run that brought the table to what the service had
 * @param lastFailure the last run that did not bring it there
 * @param verification what the last verification found; empty when there was none
 * @param oldestFullPass since when everything has been read at least once; empty for a stream that
 *     is always read whole, and before the first sync
 * @param backfill the period and the last finished scope's id of a backfill that has not ended
 */
public record Standing(
    String stream,
    Optional<String> workspaceId,
    boolean listed,
    long rows,
    OptionalLong snapshotId,
    Optional<Instant> committedAt,
    Optional<PastRun> lastRun,
    Optional<PastRun> lastSync,
    Optional<PastRun> lastFailure,
    Optional<Verified> verification,
    Optional<Instant> oldestFullPass,
    Optional<Backfill> backfill) {

  /**
   * A verification, all its comparisons of the stream together.
   *
   * @param agreement the worst of them
   * @param reason of the worst; empty when all are equal
   */
  public record Verified(
      String verificationId, Instant verifiedAt, Agreement agreement, Optional<String> reason) {}

  /**
   * A backfill that has not ended.
   *
   * @param through the id of the last scope (user) whose rows are committed; scopes are loaded in
   *     the order of their ids
   */
  public record Backfill(Period period, String through) {}

  /**
   * How the last run left it: {@code ok, unchanged, skipped, forbidden, failed}; {@code unfinished}
   * when there are rows of a run that never came to its end, {@code never} when there is nothing.
   */
  public String state() {
    Optional<PastRun> last = lastRun.filter(PastRun::isCarried).isPresent() ? lastSync : lastRun;
    if (last.isPresent()) {
      return last.get().status();
    }
    return rows > 0 || backfill.isPresent() ? "unfinished" : "never";
  }

  /** How long ago the last sync that went well began to read it; empty when none did. */
  public Optional<Duration> age(Instant now) {
    return lastSync.map(run -> Duration.between(run.readSince(), now));
  }

  /**
   * True when the last sync that went well is longer ago than that, or there was none; also when it
   * is dated so much later than now: a clock was wrong, and nobody knows how old it is.
   */
  public boolean isOlderThan(Duration maxAge, Instant now) {
    return age(now).map(age -> age.abs().compareTo(maxAge) > 0).orElse(true);
  }
}
