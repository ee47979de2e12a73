// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockifylakehouse.server.NessieServer;
import io.clockifylakehouse.server.S3Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
}
