// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockifylakehouse.iceberg.CatalogTables;
import io.clockifylakehouse.server.CatalogProxy;
import io.clockifylakehouse.server.CatalogProxy.Fate;
import io.clockifylakehouse.server.NessieServer;
import io.clockifylakehouse.server.S3Server;
import io.clockifylakehouse.simulator.ClockifySimulator;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nessie's REST catalog, tables in an S3 bucket. Nessie 0.99 gives a table without its history, so
 * that a commit cannot be proven against those of other workspaces meanwhile: the connector refuses
 * it, and one workspace is what works there.
 */
@Tag("integration")
class NessieCatalogIT extends CatalogFlow {
  private static final String MISSING =
      "NessieCatalogIT is SKIPPED: Nessie needs a Java 21 or newer, and there is none, neither the"
          + " one that runs the build nor under /usr/lib/jvm";

  private S3Server s3;
  private NessieServer server;

  @BeforeAll
  void start(@TempDir Path directory) {
    Optional<Path> java = NessieServer.java();
    if (java.isEmpty()) {
      System.out.println(MISSING); // what a build log shows of an assumption is a number
    }
    assumeTrue(java.isPresent(), MISSING);
    s3 = S3Server.start(directory);
    server = NessieServer.start(java.get(), s3);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
      s3.close();
    }
  }

  @Override
  int workspaces() {
    return 1;
  }

  @Override
  Map<String, String> catalog() {
    Map<String, String> properties = new HashMap<>(s3.properties());
    properties.put("type", "rest");
    properties.put("uri", "http://127.0.0.1:" + server.port() + "/iceberg");
    return properties;
  }

  @Test
  void aSyncIsOneCommitOfItsLog() {
    Set<String> streams = new TreeSet<>();
    TestSync.CATALOG.streams().forEach(stream -> streams.add(stream.name()));
    try (ClockifySimulator simulator = simulator(27)) {
      for (int run = 0; run < 3; run++) {
        int before = server.commits(namespace).size();
        assertOk(sync(simulator).run());
        List<Set<String>> commits = server.commits(namespace);
        List<Set<String>> withSeveralTables =
            commits.subList(0, commits.size() - before).stream().filter(c -> c.size() > 1).toList();
        assertThat(withSeveralTables).hasSize(1);
        assertThat(withSeveralTables.get(0)).containsAll(streams).contains("sync_runs");
        if (run > 0) { // the first creates the tables, too
          assertThat(commits.subList(0, commits.size() - before))
              .filteredOn(c -> c.size() == 1)
              .allMatch(c -> c.equals(Set.of("sync_runs")), "the lease alone");
        }
        change(simulator, 60, run);
      }
    }
  }

  @Test
  void aLostReplyAndAnotherWritersCommitCostNothing() {
    try (ClockifySimulator simulator = simulator(28);
        CatalogProxy proxy = new CatalogProxy(server.port())) {
      assertOk(sync(simulator).run());
      Map<String, String> direct = catalog();
      Map<String, String> proxied = new HashMap<>(direct);
      proxied.put("uri", "http://127.0.0.1:" + proxy.port() + "/iceberg");
      for (int round = 0; round < 2; round++) {
        change(simulator, 60, round);
        boolean lost = round == 0;
        AtomicInteger sent = new AtomicInteger();
        proxy.rule(
            request -> {
              if (request.is("GET", "/iceberg/v1/config.*")) {
                return new Fate.Reword(
                    config -> config.replace(":" + server.port(), ":" + proxy.port()));
              }
              if (!request.is("POST", ".*/transactions/commit") || sent.getAndIncrement() > 0) {
                return new Fate.Pass();
              }
              if (lost) {
                return new Fate.PassAndAnswer(request.body(), 502);
              }
              CatalogTables.append(sync(simulator).icebergSettings(), "sync_runs");
              return new Fate.Pass();
            });
        int before = server.commits(namespace).size();
        assertOk(sync(simulator, proxied).run());
        assertThat(sent).hasValue(lost ? 1 : 2);
        List<Set<String>> commits = server.commits(namespace);
        assertThat(commits.subList(0, commits.size() - before))
            .filteredOn(c -> c.size() > 1)
            .hasSize(1);
        assertExact(simulator);
      }
    }
  }
}
