// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import java.util.List;
import java.util.OptionalLong;

/**
 * How far a run has come, in one line. Immutable.
 *
 * @param done slices that are read
 * @param known slices known so far; grows while parents are read
 * @param streams streams of workspaces that have ended
 * @param rate requests a second, as they are sent now
 * @param throttled answers that asked for less
 * @param secondsLeft empty while it cannot be told
 */
record ProgressLine(
    int done,
    int known,
    long streams,
    long pages,
    long rows,
    double rate,
    long throttled,
    OptionalLong secondsLeft) {
  private static final int BAR_MIN = 8;
  private static final int BAR_MAX = 24;

  /** Narrower terminals get figures and no bar. */
  private static final int BAR_FROM = 60;

  /**
   * The line in at most so many columns: what matters least gives way.
   *
   * @param columns of the terminal
   */
  String fit(int columns) {
    int percent = known == 0 ? 0 : (int) (100L * done / known);
    String head = String.format("%3d%%", percent);
    int room = columns < BAR_FROM ? columns : columns - BAR_MIN - 3;
    StringBuilder tail = new StringBuilder();
    for (String part : parts()) {
      if (!part.isEmpty() && head.length() + tail.length() + 2 + part.length() <= room) {
        tail.append("  ").append(part);
      }
    }
    int bar = columns - head.length() - tail.length() - 3;
    if (bar < BAR_MIN) {
      return Display.cut(head + tail, columns);
    }
    int width = Math.min(bar, BAR_MAX);
    int filled = width * percent / 100;
    return head + " [" + "=".repeat(filled) + " ".repeat(width - filled) + "]" + tail;
  }

  /** The weightiest first. */
  private List<String> parts() {
    return List.of(
        secondsLeft.isPresent() ? left(secondsLeft.getAsLong()) : "",
        Display.count(rows) + " rows",
        throttled == 0 ? "" : throttled + " throttled",
        streams + " streams done",
        Math.round(rate) + "/s",
        Display.count(pages) + " pages");
  }

  private static String left(long seconds) {
    return seconds < 100 ? seconds + " s left" : (seconds + 30) / 60 + " min left";
  }
}
