// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TerminationTest {
  @Test
  void aSignalStopsTheCommandAndTakesItsExitCode() {
    Termination termination = new Termination();
    List<String> reasons = new ArrayList<>();
    termination.onSignal(
        reason -> {
          reasons.add(reason);
          termination.finish(75);
        });
    assertThat(termination.terminate("stopped by a signal")).isEqualTo(75);
    assertThat(reasons).containsExactly("stopped by a signal");
  }

  @Test
  void aSignalAfterTheEndChangesNothing() {
    Termination termination = new Termination();
    termination.onSignal(
        reason -> {
          throw new AssertionError("it has ended");
        });
    termination.finish(3);
    assertThat(termination.terminate("too late")).isEqualTo(3);
  }

  @Test
  void withoutAnythingBetterTheThreadIsInterrupted() {
    Termination termination = new Termination();
    assertThat(termination.terminate("x")).isEqualTo(75);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void servingEndsWithTheSignal() throws InterruptedException {
    Termination termination = new Termination();
    CommandLineFixture line = new CommandLineFixture(Map.of());
    List<Ended> ended = new ArrayList<>();
    Thread server =
        new Thread(() -> ended.add(line.run(termination, "demo", "--serve", "--output", "json")));
    server.start();
    while (server.getState() != Thread.State.WAITING && server.isAlive()) {
      Thread.onSpinWait();
    }
    Thread signal = new Thread(() -> termination.terminate("test"));
    signal.start();
    server.join();
    termination.finish(0);
    signal.join();
    assertThat(ended).singleElement().satisfies(e -> assertThat(e.exitCode()).isZero());
    assertThat(ended.get(0).json().path("base_url").asText()).startsWith("http://127.0.0.1:");
    assertThat(ended.get(0).out()).hasLineCount(1);
  }
}
