// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.SeededFaults.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeededFaultsTest {
  private final ManualTime time = new ManualTime();

  private static List<String> targets(int count) {
    List<String> targets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      targets.add("/api/v1/workspaces/w/projects/" + i + "/tasks");
    }
    return targets;
  }

  private static boolean strikes(Faults faults, int number, String target) {
    return !(faults.on(number, "GET", target) instanceof Fault.None);
  }

  @Test
  void theSameSeedStrikesTheSameRequestsInAnyOrder() {
    List<Map<String, Fault>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      Faults faults =
          new SeededFaults(7, time, Rule.of("tasks", 0.5, Set.of(FaultKind.BAD_GATEWAY)));
      List<String> targets = targets(200);
      Collections.shuffle(targets, new Random(run));
      Map<String, Fault> met = new HashMap<>();
      targets.forEach(target -> met.put(target, faults.on(1, "GET", target)));
      runs.add(met);
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
    assertThat(runs.get(0).values()).anyMatch(f -> f instanceof Fault.None);
    assertThat(runs.get(0).values()).anyMatch(f -> f instanceof Fault.Instead);
  }

  @Test
  void strikesItsShareOfTheRequestsItIsFor() {
    SeededFaults faults =
        new SeededFaults(3, time, Rule.of("GET .*/tasks", 0.2, FaultKind.PASSING));
    targets(5000).forEach(target -> faults.on(1, "GET", target));
    assertThat(faults.struck()).isBetween(900, 1100);
    assertThat(strikes(faults, 1, "/user")).isFalse();
    for (int i = 0; i < 100; i++) {
      assertThat(faults.on(1, "POST", "/x/tasks" + i)).isEqualTo(new Fault.None());
    }
  }

  @Test
  void keepsToItsWindowsAndLimits() {
    Rule always = Rule.of("", 1, Set.of(FaultKind.DROPPED));
    SeededFaults few = new SeededFaults(1, time, always.atMost(3));
    targets(10).forEach(target -> few.on(1, "GET", target));
    assertThat(few.struck()).isEqualTo(3);
    Faults numbered = new SeededFaults(1, time, always.requests(5, 6));
    assertThat(List.of(4, 5, 6, 7))
        .extracting(number -> strikes(numbered, number, "/user"))
        .containsExactly(false, true, true, false);
    Faults timed =
        new SeededFaults(1, time, always.between(Duration.ofSeconds(10), Duration.ofSeconds(20)));
    List<Boolean> struck = new ArrayList<>();
    for (int second = 0; second < 30; second += 5) {
      struck.add(strikes(timed, 1, "/user"));
      time.sleep(Duration.ofSeconds(5));
    }
    assertThat(struck).containsExactly(false, false, true, true, false, false);
  }

  @Test
  void sparesARequestThatWasStruckOftenEnoughInARow() {
    Faults faults = new SeededFaults(1, time, Rule.of("", 1, Set.of(FaultKind.DROPPED)).inARow(2));
    List<Boolean> struck = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      struck.add(strikes(faults, i + 1, "/user"));
    }
    assertThat(struck).containsExactly(true, true, false, true, true, false);
  }
}
