// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The terminal that the process was started from. What it says is asked for again after a second,
 * for a window can be resized. Used by one thread.
 */
final class Terminal {
  private static final Path DEVICE = Path.of("/dev/tty");
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Time time;
  private long askedAt;
  private int columns;

  Terminal(Time time) {
    this.time = time;
  }

  /** As many as there are now; {@link Display#WIDTH} where nobody can tell. */
  int columns() {
    if (columns == 0 || time.nanos() - askedAt > FRESH.toNanos()) {
      columns = ask();
      askedAt = time.nanos();
    }
    return columns;
  }

  private static int ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(DEVICE.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      int width = Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
      return width > 0 ? width : Display.WIDTH;
    } catch (IOException | NumberFormatException e) {
      return Display.WIDTH; // no stty, no terminal
    }
  }
}
