// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.server.CuttingProxy;
import io.clockifylakehouse.server.RestartableServer;
import io.clockifylakehouse.simulator.ClockifySimulator;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a catalog behind a server must bear beside that: a server that goes away, lost replies. */
abstract class ServerCatalogFlow extends CatalogFlow {
  abstract RestartableServer server();

  /** The catalog as it is seen through a port of loopback, behind which the server is. */
  abstract Map<String, String> catalog(int port);

  /** The table that a chunk of bytes for the server is a commit to; empty when it is none. */
  abstract Optional<String> commitTo(String chunk);

  /** The names by which {@link #commitTo} knows the commits of a run to these tables. */
  Set<String> commitsTo(Set<String> tables) {
    return tables;
  }

  @Override
  Map<String, String> catalog() {
    return catalog(server().port());
  }

  @Test
  void aServerThatRestartsDuringARunCostsNothing() {
    try (ClockifySimulator simulator = simulator(24)) {
      for (int commit = 5; commit <= 25; commit += 20) {
        AtomicBoolean restarted = new AtomicBoolean();
        SyncResult cut = stoppedAt(simulator, commit, true, restarted);
        assertThat(restarted).isTrue();
        assertThat(cut.exitCode()).as("%s", cut.reason()).isIn(0, 75);
        assertOk(nextRun(simulator));
        assertExact(simulator);
        change(simulator, 40, commit);
      }
    }
  }

  @Test
  void aServerThatStaysAwayEndsTheRunForLater() {
    try (ClockifySimulator simulator = simulator(25)) {
      AtomicBoolean stopped = new AtomicBoolean();
      SyncResult cut = stoppedAt(simulator, 10, false, stopped);
      server().comeBack();
      assertThat(stopped).isTrue();
      assertThat(cut.exitCode()).as("%s", cut.reason()).isEqualTo(75);
      assertOk(nextRun(simulator));
      assertExact(simulator);
    }
  }

  /** After the leases have expired that a run cannot give back to a server that is away. */
  private SyncResult nextRun(ClockifySimulator simulator) {
    return sync(simulator).time(new LaterTime(Duration.ofMinutes(6))).run();
  }

  /** A run whose server is killed just before a commit. */
  private SyncResult stoppedAt(
      ClockifySimulator simulator, int commit, boolean comesBack, AtomicBoolean happened) {
    AtomicInteger commits = new AtomicInteger();
    return sync(simulator)
        .wrapping(
            destination ->
                new ScriptedDestination(
                    destination,
                    (stage, stream, workspace) -> {
                      if (stage == ScriptedDestination.Stage.BEFORE_COMMIT
                          && commits.incrementAndGet() == commit) {
                        happened.set(true);
                        server().kill();
                        if (comesBack) {
                          server().comeBack();
                        }
                      }
                    }))
        .run();
  }

  @Test
  void lostRepliesToCommitsCostNothing() {
    try (ClockifySimulator simulator = simulator(26);
        CuttingProxy proxy = new CuttingProxy(server().port(), this::commitTo)) {
      assertOk(sync(simulator).run());
      change(simulator, 120, 1);
      proxy.arm();
      SyncResult result = sync(simulator, catalog(proxy.port())).run();
      Set<String> changed =
          result.streams().stream()
              .filter(s -> s.rows().added() + s.rows().changed() + s.rows().deleted() > 0)
              .map(StreamResult::stream)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(changed).hasSizeGreaterThan(10);
      assertThat(proxy.cut()).containsAll(commitsTo(changed));
      assertOk(result);
      assertExact(simulator);
      assertThat(sync(simulator).run().streams())
          .allSatisfy(s -> assertThat(s.status()).isEqualTo(StreamResult.Status.UNCHANGED));
    }
  }
}
