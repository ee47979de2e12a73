// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.time.Time;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a workspace still has requests: new ones on the free plan have 30 per hour (API.md
 * section 5), and nothing but persistent refusals tells.
 *
 * <p>A refusal for load is taken for a used-up quota when the service asks for a wait that is
 * longer than this run waits, or when a request was refused to the end of its retries and nothing
 * else of the workspace passed meanwhile. From then on its requests are not sent, until one that
 * was under way passes.
 *
 * <p>Safe for use by several threads.
 */
final class Quota {
  /** A longer wait than this is no quota's, but nonsense. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** A cap per second lets something through sooner than after so many refusals, and so long. */
  private static final int MANY = 4;

  private static final long LONG_NANOS = Duration.ofSeconds(2).toNanos();

  private static final Pattern WORKSPACE = Pattern.compile("/workspaces/([^/]+)");

  private final Time time;
  // Guarded by this.
  private long passed;
  private long passedNanos;
  private int refusedInARow;
  private Optional<String> usedUp = Optional.empty();

  Quota(Time time) {
    this.time = time;
    this.passedNanos = time.nanos();
  }

  /** Whose requests are counted together: the workspace in the path, or else the host. */
  static String scope(URI uri) {
    Matcher matcher = WORKSPACE.matcher(uri.getRawPath() == null ? "" : uri.getRawPath());
    return matcher.find() ? scopeOf(matcher.group(1)) : uri.getHost();
  }

  static String scopeOf(String workspaceId) {
    return "workspace " + workspaceId;
  }

  /** A request was answered, and not refused for load. */
  synchronized void passed() {
    passed++;
    refusedInARow = 0;
    passedNanos = time.nanos();
    usedUp = Optional.empty();
  }

  /**
   * A request was refused for load.
   *
   * @param last whether no other attempt will follow
   * @return why no other one is of use; empty when one may be
   */
  synchronized Optional<String> refused(
      Optional<Duration> askedWait, Duration longestWait, boolean last) {
    refusedInARow++;
    boolean tooLong =
        askedWait
            .filter(wait -> wait.compareTo(longestWait) > 0 && wait.compareTo(LONGEST) <= 0)
            .isPresent();
    if (tooLong) {
      usedUp =
          Optional.of(
              String.format(
                  "the service asks to come back in %s, and source.retry.max_wait is %s",
                  askedWait.get(), longestWait));
    } else if (last
        && usedUp.isEmpty()
        && refusedInARow >= MANY
        && time.nanos() - passedNanos >= LONG_NANOS) {
      usedUp = Optional.of("nothing passes any more, and a request was tried to the end");
    }
    return usedUp;
  }

  /** Why no request is of use now; empty when it may be. */
  synchronized Optional<String> usedUp() {
    return usedUp;
  }

  /** Requests that passed so far. */
  synchronized long passedCount() {
    return passed;
  }
}
