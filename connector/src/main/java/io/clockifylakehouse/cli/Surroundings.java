// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.time.SystemTime;
import io.clockifylakehouse.time.Time;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command sees of the process it runs in.
 *
 * @param out takes the result and nothing else
 * @param err takes logs and progress
 * @param interactive true when a person watches: a terminal that can move its cursor
 */
record Surroundings(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean interactive,
    Time time) {

  /** The real process. */
  static Surroundings ofProcess() {
    Map<String, String> environment = System.getenv();
    boolean watched =
        System.console() != null
            && !environment.containsKey("CI")
            && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    return new Surroundings(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        environment,
        watched,
        new SystemTime());
  }

  /** Whether results may have colours; see no-color.org. */
  boolean colourful() {
    return interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }
}
