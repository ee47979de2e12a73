// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.server.PostgresServer;
import io.clockifylakehouse.server.RestartableServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A JDBC catalog on PostgreSQL, tables on the local disk. */
@Tag("integration")
class PostgresCatalogIT extends ServerCatalogFlow {
  /** The new metadata location, which a statement that commits has among its parameters. */
  private static final Pattern COMMIT = Pattern.compile("/([a-z_]+)/metadata/[^/]+metadata\\.json");

  private PostgresServer server;
  @TempDir private Path warehouse;

  @BeforeAll
  void start() {
    server = PostgresServer.start();
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
    return PostgresServer.properties(port, warehouse.toString());
  }

  @Override
  Optional<String> commitTo(String chunk) {
    Matcher matcher = COMMIT.matcher(chunk);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
