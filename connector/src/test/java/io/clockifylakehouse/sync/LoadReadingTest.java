// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.state.PartialRead;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.Period;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadReadingTest {
  @Test
  void aReadThatIsCutAgainKeepsWhatEarlierRunsReadWholeAndInPart() {
    Instant since = Instant.parse("2026-11-21T08:00:00Z");
    PartialRead before = new PartialRead(since, false, Set.of("done"), Set.of("begun", "ended"));
    LoadReading reading =
        new LoadReading(
            Period.ALWAYS,
            Set.of("recent"),
            Region.ALL,
            Optional.empty(),
            Optional.of(WindowState.NONE.with(before)),
            false);
    PartialRead after =
        reading
            .cutAfter(Set.of("ended", "new"), Set.of("part", "recent"))
            .flatMap(WindowState::partial)
            .orElseThrow();
    assertThat(after)
        .isEqualTo(
            new PartialRead(since, false, Set.of("done", "ended", "new"), Set.of("begun", "part")));
  }
}
