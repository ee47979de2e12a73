// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final ProgressLine LINE =
      new ProgressLine(173, 494, 24, 301, 27_548, 63.4, 3, OptionalLong.of(9));

  @Test
  void showsABarAndTheWeightiestFigures() {
    assertThat(LINE.fit(79))
        .isEqualTo(
            " 35% [====         ]  9 s left  27,548 rows  3 throttled  24 streams done  63/s");
    assertThat(LINE.fit(120))
        .startsWith(" 35% [========                ]  9 s left")
        .endsWith("63/s  301 pages");
  }

  @Test
  void anyWidthHolds() {
    for (int columns = 4; columns < 200; columns++) {
      assertThat(Display.width(LINE.fit(columns))).isLessThanOrEqualTo(columns);
      assertThat(LINE.fit(columns)).startsWith(" 35%");
    }
    assertThat(LINE.fit(40)).contains("9 s left", "27,548 rows").doesNotContain("pages");
  }

  @Test
  void saysNothingOfWhatIsNotKnown() {
    ProgressLine start = new ProgressLine(0, 0, 0, 0, 0, 5, 0, OptionalLong.empty());
    assertThat(start.fit(79)).startsWith("  0% [").doesNotContain("left", "throttled");
    assertThat(new ProgressLine(1, 2, 0, 1, 1, 5, 0, OptionalLong.of(400)).fit(79))
        .contains("7 min left");
  }
}
