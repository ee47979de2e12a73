// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL of its own on loopback, of the installed Debian package. */
public final class PostgresServer implements RestartableServer {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  private final int port = ServerProcess.freePort();
  private final Path programs;
  private final Path data;
  private ServerProcess process;

  private PostgresServer(Path programs, Path data) {
    this.programs = programs;
    this.data = data;
  }

  /** Makes a database cluster and starts it. */
  public static PostgresServer start() {
    Path programs = programs();
    try {
      Path data = Files.createTempDirectory("clockify-lakehouse-postgres");
      if (ROOT) {
        require(List.of("chown", "postgres", data.toString()));
      }
      PostgresServer server = new PostgresServer(programs, data);
      require(
          server.command("initdb", "-D", data.toString(), "-A", "trust", "-U", "postgres", "-N"));
      server.comeBack();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The newest version that is installed. */
  private static Path programs() {
    try (Stream<Path> versions = Files.exists(VERSIONS) ? Files.list(VERSIONS) : Stream.empty()) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.exists(bin.resolve("postgres")))
          .max(Comparator.naturalOrder())
          .orElseThrow(
              () ->
                  new AssertionError(
                      "PostgreSQL is not installed under "
                          + VERSIONS
                          + ": apt-get install -y postgresql"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** PostgreSQL refuses to run as root; its package made a user for it. */
  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** After a kill it listens while it still recovers, and refuses whoever connects. */
  private void awaitReady() {
    String[] question = {"-q", "-h", "127.0.0.1", "-p", Integer.toString(port)};
    for (int i = 0; !run(command("pg_isready", question)).isEmpty(); i++) {
      if (i == 1000) {
        throw new AssertionError("PostgreSQL does not become ready on port " + port);
      }
      ServerProcess.pause();
    }
  }

  private static void require(List<String> command) {
    run(command)
        .ifPresent(
            output -> {
              throw new AssertionError(String.join(" ", command) + ": " + output);
            });
  }

  /** What a command printed when it failed; empty when it did not. */
  private static Optional<String> run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/tmp").toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.empty() : Optional.of(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public int port() {
    return port;
  }

  /** The properties of a JDBC catalog in it, seen through a port of loopback. */
  public static Map<String, String> properties(int port, String warehouse) {
    return Map.of(
        "type", "jdbc",
        "uri", "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
        "jdbc.user", "postgres",
        "jdbc.schema-version", "V1",
        "warehouse", warehouse);
  }

  @Override
  public void kill() {
    process.close();
  }

  @Override
  public void comeBack() {
    List<String> command =
        command(
            "postgres",
            "-D",
            data.toString(),
            "-p",
            Integer.toString(port),
            "-h",
            "127.0.0.1",
            "-k",
            "",
            "-F");
    process = ServerProcess.start("postgres", command, Map.of(), port);
    awaitReady();
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
