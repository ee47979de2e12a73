// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.source.Drift;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SyncResultTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void theSummaryNamesWhatDecidesTheExitCode() {
    assertThat(
            result(
                    75,
                    Optional.empty(),
                    stream("tags", StreamResult.Status.OK, null, null),
                    stream("holidays", StreamResult.Status.FORBIDDEN, "403", ErrorCode.FORBIDDEN),
                    stream("clients", StreamResult.Status.FAILED, "503", ErrorCode.UNAVAILABLE))
                .summary())
        .contains("503 (and 1 more, each with its reason in the result)");
    assertThat(
            result(
                    3,
                    Optional.empty(),
                    stream("holidays", StreamResult.Status.FORBIDDEN, "403", ErrorCode.FORBIDDEN))
                .summary())
        .contains("403");
  }

  @Test
  void anEarlyEndIsItsOwnSummaryAndAWholeRunHasNone() {
    StreamResult left =
        stream("holidays", StreamResult.Status.FORBIDDEN, "403", ErrorCode.FORBIDDEN);
    assertThat(result(77, Optional.of("401"), left).summary()).contains("401");
    assertThat(result(0, Optional.empty(), left).summary()).isEmpty();
  }

  private static SyncResult result(int exitCode, Optional<String> reason, StreamResult... streams) {
    return new SyncResult(
        "sync",
        new SyncStamp("s", NOW),
        NOW,
        exitCode,
        reason,
        new Traffic(0, 0, 0, 0, 0, 0),
        List.of(streams),
        Map.of());
  }

  private static StreamResult stream(
      String name, StreamResult.Status status, String reason, ErrorCode cause) {
    return new StreamResult(
        name,
        Optional.of("w1"),
        status,
        Optional.ofNullable(reason),
        Optional.ofNullable(cause),
        RowCounts.NONE,
        Drift.NONE,
        OptionalLong.empty(),
        Optional.empty(),
        Duration.ZERO);
  }
}
