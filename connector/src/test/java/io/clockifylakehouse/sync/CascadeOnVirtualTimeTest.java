// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static io.clockifylakehouse.sync.CascadeFixture.CATALOG;
import static io.clockifylakehouse.sync.CascadeFixture.plan;
import static io.clockifylakehouse.sync.CascadeFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.stream.Slice;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The scheduler against a service on virtual time: each slice is one request, permits are evenly
 * spaced, answers take a fixed latency. Arithmetic only; nothing waits.
 */
class CascadeOnVirtualTimeTest {
  private static final int USERS = 600;
  private static final int PROJECTS = 300;

  private record Answer(double at, Slice slice) {}

  @ParameterizedTest
  @CsvSource({"0.05, 9.5", "0.5, 9.5", "3, 9.5", "0.5, 50"})
  void keepsTheRateBusyAtAnyLatency(double latency, double rate) {
    InFlight bound = new InFlight(4, 400);
    CascadeScheduler scheduler = new CascadeScheduler(plan());
    PriorityQueue<Answer> answers = new PriorityQueue<>(Comparator.comparingDouble(Answer::at));
    scheduler.start(List.of());
    double now = 0;
    double nextPermit = 0;
    int requests = 0;
    int mostInFlight = 0;
    int limit = bound.limit(rate, latency);
    while (!scheduler.isFinished()) {
      Optional<Slice> slice = scheduler.take(limit);
      if (slice.isPresent()) {
        nextPermit = Math.max(now, nextPermit) + 1 / rate;
        answers.add(new Answer(nextPermit + latency, slice.get()));
        mostInFlight = Math.max(mostInFlight, answers.size());
        requests++;
      } else {
        Answer answer = answers.remove();
        now = answer.at();
        answer(scheduler, answer.slice());
      }
    }
    assertThat(requests).isEqualTo(2 + 3 + PROJECTS + USERS);
    assertThat(mostInFlight).isLessThanOrEqualTo(limit);
    double fromTheFirstChildOn = requests / rate + 3 * latency; // three levels, one answer each
    assertThat(now).isLessThanOrEqualTo(fromTheFirstChildOn * 1.02);
  }

  private static void answer(CascadeScheduler scheduler, Slice slice) {
    String name = slice.stream().name();
    switch (name) {
      case "workspaces" -> {
        scheduler
            .openWorkspace("W", Set.of(), Set.of())
            .forEach(load -> scheduler.follow(load, Set.of(), LoadReading.WHOLE));
        scheduler.rows(CATALOG.stream(name), rows(name, "W", "W"));
      }
      case "users" -> scheduler.rows(CATALOG.stream(name), rows(name, "W", ids("u", USERS)));
      case "projects" -> scheduler.rows(CATALOG.stream(name), rows(name, "W", ids("p", PROJECTS)));
      default -> {
        // the others release nothing
      }
    }
    scheduler.done(slice);
  }

  private static String[] ids(String prefix, int count) {
    String[] ids = new String[count];
    for (int i = 0; i < count; i++) {
      ids[i] = prefix + i;
    }
    return ids;
  }
}
