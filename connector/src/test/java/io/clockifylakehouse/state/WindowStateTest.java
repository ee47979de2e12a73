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
import org.junit.jupiter.api.Test;

class WindowStateTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @Test
  void comesBackAsItWas() {
    WindowState full =
        new WindowState(
            Optional.of(NOW),
            Collections.nCopies(FullPasses.BUCKETS, NOW),
            Optional.of(new BackfillProgress(new Period(5, 9), "64a687e29ae1f428e7ebe303")));
    assertThat(WindowState.parse(full.json())).isEqualTo(full);
    assertThat(WindowState.parse(WindowState.NONE.json())).isEqualTo(WindowState.NONE);
    assertThat(full.json().length()).isLessThan(2_000);
  }

  @Test
  void foreignTextIsRefusedWithTheWayOut() {
    for (String text : List.of("{", "{\"v\":2}", "[]", "{\"v\":1,\"synced_at\":\"yesterday\"}")) {
      assertThatThrownBy(() -> WindowState.parse(text))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("clockify.state.");
    }
  }
}
