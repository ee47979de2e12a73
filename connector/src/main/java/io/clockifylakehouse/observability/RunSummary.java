// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.observability;

import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.sync.StreamResult;
import io.clockifylakehouse.sync.SyncResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a run ended, for collectors: also one that ended before its sync began. Immutable.
 *
 * @param traffic all zero when no request was sent
 * @param streams empty when no sync began
 */
record RunSummary(
    String command,
    Instant startedAt,
    Instant finishedAt,
    int exitCode,
    Optional<String> reason,
    Traffic traffic,
    List<StreamResult> streams) {
  /** Finished, with something left out. */
  private static final int PARTIAL = 3;

  /**
   * @param mask takes secrets out of reasons, which may quote what a server said
   */
  static RunSummary of(SyncResult result, UnaryOperator<String> mask) {
    return new RunSummary(
        result.command(),
        result.stamp().startedAt(),
        result.finishedAt(),
        result.exitCode(),
        result.reason().map(mask),
        result.traffic(),
        result.streams().stream().map(stream -> stream.masked(mask)).toList());
  }

  static RunSummary failed(
      String command, Instant startedAt, Instant finishedAt, int exitCode, String reason) {
    return new RunSummary(
        command,
        startedAt,
        finishedAt,
        exitCode,
        Optional.of(reason),
        new Traffic(0, 0, 0, 0, 0, 0),
        List.of());
  }

  /** True when it went to its end, though perhaps with something left out. */
  boolean finished() {
    return exitCode == 0 || exitCode == PARTIAL;
  }
}
