// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Paging;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each endpoint is known to accept: the size of its pages and its tentative parameters.
 *
 * <p>The service's true maxima are not all documented; one above it answers 400 (API.md section 4).
 * Safe for use by several threads.
 */
final class PageSizes {
  /** The service's own default size: no endpoint refuses it. */
  static final int FLOOR = 50;

  /**
   * How an endpoint is asked.
   *
   * @param size rows per page
   * @param tentative whether the tentative parameters are sent
   */
  record Trial(int size, boolean tentative) {

    /** The most modest way to ask, which only a fault of something else makes fail. */
    Trial modest() {
      return new Trial(Math.min(size, FLOOR), false);
    }

    /** The same in pages that get smaller from time to time: 2/3, 1/2, 2/5 of the size. */
    Trial inOtherPages(int time) {
      return new Trial(Math.max(1, size * 2 / (2 + time)), tentative);
    }

    /** The ways to ask between this one and the modest one, boldest first, without both. */
    List<Trial> milder() {
      List<Trial> trials = new ArrayList<>();
      if (tentative && size > FLOOR) {
        trials.add(new Trial(size, false));
      }
      for (int half = size; half > FLOOR; ) {
        half = Math.max(FLOOR, half / 2);
        trials.add(new Trial(half, tentative));
        trials.add(new Trial(half, false));
      }
      trials.removeIf(modest()::equals);
      return trials.stream().distinct().toList();
    }

    private boolean covers(Trial other) {
      return size >= other.size && (tentative || !other.tentative);
    }
  }

  private final Map<String, Trial> next = new ConcurrentHashMap<>();
  private final Map<String, Trial> accepted = new ConcurrentHashMap<>();

  /** How to ask an endpoint, by all that is known. */
  Trial next(String stream, Endpoint endpoint) {
    return next.computeIfAbsent(key(stream, endpoint), key -> boldest(endpoint));
  }

  /** True when the endpoint has accepted that, or more, before. */
  boolean hasAccepted(String stream, Endpoint endpoint, Trial trial) {
    Trial known = accepted.get(key(stream, endpoint));
    return known != null && known.covers(trial);
  }

  /** Notes an answer. */
  void accept(String stream, Endpoint endpoint, Trial trial) {
    accepted.merge(key(stream, endpoint), trial, (known, now) -> known.covers(now) ? known : now);
  }

  /**
   * Notes an answer that came only when asked more mildly: the bolder way is not tried again.
   *
   * @param refused what was asked at first
   */
  void settle(String stream, Endpoint endpoint, Trial refused, Trial trial) {
    accept(stream, endpoint, trial);
    // A probe asks for one row: only a size that was lowered says something about sizes.
    int size = trial.size() < refused.size() ? trial.size() : Integer.MAX_VALUE;
    next.computeIfPresent(
        key(stream, endpoint),
        (key, known) ->
            new Trial(Math.min(known.size(), size), known.tentative() && trial.tentative()));
  }

  private static Trial boldest(Endpoint endpoint) {
    boolean paged = endpoint.paging().style() != Paging.Style.NONE;
    // An unpaged endpoint is sent no size, so there is none to lower.
    return new Trial(paged ? endpoint.paging().max() : FLOOR, !endpoint.tentative().isEmpty());
  }

  private static String key(String stream, Endpoint endpoint) {
    return stream + " " + endpoint.path();
  }
}
