// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateCapTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void letsTenThroughInASecondAndTheEleventhWhenTheFirstIsASecondOld() {
    RateCap cap = new RateCap(10, SECOND);
    for (int i = 0; i < 10; i++) {
      assertThat(cap.admits(i)).isTrue();
    }
    assertThat(cap.admits(SECOND - 1)).isFalse();
    assertThat(cap.admits(SECOND)).isTrue();
    assertThat(cap.admits(SECOND)).isFalse();
    assertThat(cap.admits(SECOND + 1)).isTrue();
  }

  @Test
  void neverLetsMoreThroughInAnySlidingSecond() {
    for (long seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      RateCap cap = new RateCap(10, SECOND);
      ArrayDeque<Long> admitted = new ArrayDeque<>();
      long now = 0;
      int refused = 0;
      for (int i = 0; i < 2000; i++) {
        now += random.nextLong(SECOND / 6);
        if (cap.admits(now)) {
          admitted.add(now);
        } else {
          refused++;
        }
        while (now - admitted.peekFirst() >= SECOND) {
          admitted.removeFirst();
        }
        assertThat(admitted).as("seed %d", seed).hasSizeLessThanOrEqualTo(10);
      }
      assertThat(refused).isBetween(1, 1999);
    }
  }

  @Test
  void zeroMeansNoCap() {
    RateCap cap = new RateCap(0, SECOND);
    for (int i = 0; i < 1000; i++) {
      assertThat(cap.admits(0)).isTrue();
    }
  }

  @Test
  void theEleventhRequestInASecondIsRefusedWithoutAWordOnWhenToComeBack() {
    ManualTime time = new ManualTime();
    SimulatorSettings settings = SimulatorSettings.defaults().withTime(time);
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(1), settings)) {
      Client client = new Client(simulator);
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("user").status()).isEqualTo(200);
      }
      Client.Reply first = client.get("user");
      Client.Reply second = client.get("user");
      assertThat(first.status()).isEqualTo(429);
      assertThat(second.status()).isEqualTo(429);
      assertThat(first.header("Retry-After")).isEmpty();
      assertThat(first.bytes().length == 0).isNotEqualTo(second.bytes().length == 0);
      assertThat(new String(first.bytes()) + new String(second.bytes()))
          .contains("Too many requests");
      assertThat(simulator.log().worstSlidingSecond()).isEqualTo(12);
      assertThat(simulator.log().answeredWith(429)).isEqualTo(2);
      time.sleep(Duration.ofSeconds(1));
      assertThat(client.get("user").status()).isEqualTo(200);
      assertThat(simulator.log().worstSlidingSecond()).isEqualTo(12);
    }
  }

  @Test
  void saysWhenToComeBackIfToldTo() {
    ManualTime time = new ManualTime();
    SimulatorSettings settings =
        SimulatorSettings.defaults().withTime(time).withRequestsPerSecond(1).withRetryAfter(true);
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(1), settings)) {
      Client client = new Client(simulator);
      client.get("user");
      assertThat(client.get("user").header("Retry-After")).contains("1");
    }
  }

  @Test
  void aFreeWorkspaceHasAQuotaPerHour() {
    ManualTime time = new ManualTime();
    SimulatorSettings settings =
        SimulatorSettings.unlimited().withTime(time).withRequestsPerHour(30).withRetryAfter(true);
    Account account = Account.tiny(1).withPlan(Plan.FREE);
    try (ClockifySimulator simulator = ClockifySimulator.start(account, settings)) {
      Client client = new Client(simulator);
      for (int i = 0; i < 30; i++) {
        assertThat(client.get("workspaces/{ws}/tags").status()).isEqualTo(200);
      }
      assertThat(client.get("workspaces/{ws}/tags").header("Retry-After")).contains("3600");
      assertThat(client.get("user").status()).isEqualTo(200);
      client.records().plan(Plan.BASIC);
      assertThat(client.get("workspaces/{ws}/tags").status()).isEqualTo(200);
    }
  }

  @Test
  void theLogKnowsWhatCameAfterARefusal() {
    try (ClockifySimulator simulator =
        ClockifySimulator.start(Account.tiny(1), SimulatorSettings.unlimited())) {
      Client client = new Client(simulator);
      client.get("workspaces/{ws}/tags?name=a%20b");
      assertThat(simulator.log().arrivedAfter(404)).isZero();
      client.get("nowhere");
      client.get("user");
      assertThat(simulator.log().arrivedAfter(404)).isEqualTo(1);
      RequestLog.Entry first = simulator.log().entries().get(0);
      assertThat(first.target()).endsWith("/tags?name=a%20b");
      assertThat(first.path()).endsWith("/tags");
      assertThat(first.status()).isEqualTo(200);
    }
  }
}
