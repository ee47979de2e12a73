// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.Period;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WindowStateTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @Test
  void comesBackAsItWas() {
    WindowState full =
        new WindowState(
            Optional.of(NOW),
            Collections.nCopies(FullPasses.BUCKETS, NOW),
            Optional.of(new BackfillProgress(new Period(5, 9), NOW, "64a687e29ae1f428e7ebe303")),
            Optional.empty());
    assertThat(WindowState.parse(full.json())).isEqualTo(full);
    assertThat(WindowState.parse(WindowState.NONE.json())).isEqualTo(WindowState.NONE);
    assertThat(full.json().length()).isLessThan(2_000);
    WindowState cut = full.with(new PartialRead(NOW, true, Set.of("u1", "u2"), Set.of("u3")));
    assertThat(WindowState.parse(cut.json())).isEqualTo(cut);
  }

  @Test
  void aBackfillThatDoesNotSayWhenItBeganBeganLongAgo() {
    String old = "{\"v\":1,\"backfill\":{\"from_micros\":5,\"through\":\"a\"}}";
    assertThat(WindowState.parse(old).backfill().orElseThrow().since())
        .isBefore(Instant.parse("1970-01-01T00:00:00Z"));
  }

  @Test
  void whatNoVersionCanHaveWrittenIsNotBelieved() {
    List<String> damaged =
        List.of(
            "",
            "{",
            "null",
            "[]",
            "{\"v\":2}",
            "{\"v\":1,\"synced_at\":\"yesterday\"}",
            "{\"v\":1,\"synced_at\":\"+1000000000-12-31T23:59:59Z\"}",
            "{\"v\":1,\"synced_at\":\"-1000000000-01-01T00:00:00Z\"}",
            "{\"v\":1,\"partial\":{}}",
            "{\"v\":1,\"full_passes\":[9223372036854775807]}",
            "{\"v\":1,\"full_passes\":[31556889864403199]}");
    for (String text : damaged) {
      assertThatThrownBy(() -> WindowState.parse(text))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("the next sync reads everything");
    }
  }
}
