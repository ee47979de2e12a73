// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Iceberg's own REST catalog server, over a SQLite file that outlives it. */
public final class RestServer implements RestartableServer {
  private static final String MAIN = "org.apache.iceberg.rest.RESTCatalogServer";

  private final int port = ServerProcess.freePort();
  private final Map<String, String> environment;
  private ServerProcess process;

  private RestServer(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @param properties of the catalog behind the server: {@code warehouse}, {@code io-impl}, ...
   */
  public static RestServer start(Path directory, Map<String, String> properties) {
    Map<String, String> environment = new HashMap<>();
    properties.forEach((name, value) -> environment.put(variable(name), value));
    environment.put(variable("uri"), "jdbc:sqlite:" + directory.resolve("rest-catalog.db"));
    // SQLite has one writer; more connections would only refuse each other.
    environment.put(variable("clients"), "1");
    RestServer server = new RestServer(environment);
    environment.put(variable("rest.port"), Integer.toString(server.port));
    server.comeBack();
    return server;
  }

  /** The server's own spelling of a property: two underscores for a dash, one for a dot. */
  private static String variable(String property) {
    return "CATALOG_"
        + property.replace("-", "__").replace(".", "_").toUpperCase(java.util.Locale.ROOT);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void kill() {
    process.close();
  }

  @Override
  public void comeBack() {
    List<String> command =
        ServerProcess.java(Path.of(System.getProperty("java.home")), "rest", List.of(), MAIN);
    process = ServerProcess.start("rest", command, environment, port);
  }

  @Override
  public void close() {
    kill();
  }
}
