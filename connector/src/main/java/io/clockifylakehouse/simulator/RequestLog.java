// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every request that reached the simulator, in the order of arrival. Thread-safe. A request is
 * answered here before its answer leaves, so a client that has it finds it here too.
 */
public final class RequestLog {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /**
   * One request.
   *
   * @param nanos monotonic time of arrival, nanoseconds, arbitrary origin
   * @param at wall-clock time of arrival
   * @param target path and query as sent
   * @param status HTTP status of the answer; 0 while there is none, -1 when the connection was cut
   */
  public record Entry(long nanos, Instant at, String method, String target, int status) {
    /** The path without its query. */
    public String path() {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  synchronized int arrived(long nanos, Instant at, String method, String target) {
    entries.add(new Entry(nanos, at, method, target, 0));
    return entries.size() - 1;
  }

  synchronized void answered(int index, int status) {
    Entry entry = entries.get(index);
    entries.set(
        index, new Entry(entry.nanos(), entry.at(), entry.method(), entry.target(), status));
  }

  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  public synchronized int size() {
    return entries.size();
  }

  /** How many requests fulfil a condition. */
  public synchronized long count(Predicate<Entry> condition) {
    return entries.stream().filter(condition).count();
  }

  /** How many were answered with this status. */
  public long answeredWith(int status) {
    return count(entry -> entry.status() == status);
  }

  /** The most requests that arrived in any period of one second, both refused and answered. */
  public synchronized int worstSlidingSecond() {
    int worst = 0;
    int first = 0;
    for (int i = 0; i < entries.size(); i++) {
      while (entries.get(i).nanos() - entries.get(first).nanos() >= SECOND_NANOS) {
        first++;
      }
      worst = Math.max(worst, i - first + 1);
    }
    return worst;
  }

  /** Requests that arrived after the first answer with this status; 0 when there was none. */
  public synchronized int arrivedAfter(int status) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).status() == status) {
        return entries.size() - 1 - i;
      }
    }
    return 0;
  }

  public synchronized void clear() {
    entries.clear();
  }
}
