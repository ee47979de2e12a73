// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.server.RestServer;
import io.clockifylakehouse.server.RestartableServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's REST catalog server, tables on the local disk. */
@Tag("integration")
class RestCatalogIT extends ServerCatalogFlow {
  private static final String TRANSACTION = "transactions/commit";
  private static final Pattern COMMIT =
      Pattern.compile("^POST /v1/(?:namespaces/[^/ ]+/tables/([^/ ]+)|transactions/commit) HTTP");

  private RestServer server;

  @BeforeAll
  void start(@TempDir Path directory) {
    server =
        RestServer.start(directory, Map.of("warehouse", directory.resolve("warehouse").toString()));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  RestartableServer server() {
    return server;
  }

  @Override
  Map<String, String> catalog(int port) {
    return Map.of("type", "rest", "uri", "http://127.0.0.1:" + port);
  }

  @Override
  Optional<String> commitTo(String chunk) {
    Matcher matcher = COMMIT.matcher(chunk);
    return matcher.find()
        ? Optional.of(Optional.ofNullable(matcher.group(1)).orElse(TRANSACTION))
        : Optional.empty();
  }

  /** All of them are one. */
  @Override
  Set<String> commitsTo(Set<String> tables) {
    return Set.of(TRANSACTION);
  }
}
