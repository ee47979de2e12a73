// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Nessie, whose REST catalog is at {@code /iceberg}; it keeps its state in memory. */
public final class NessieServer implements AutoCloseable {
  private static final int JAVA_FLOOR = 21;
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

  private final int port;
  private final ServerProcess process;

  private NessieServer(int port, ServerProcess process) {
    this.port = port;
    this.process = process;
  }

  /** A Java of this machine that Nessie runs on; empty when there is none. */
  public static Optional<Path> java() {
    try (Stream<Path> homes = Files.exists(INSTALLED) ? Files.list(INSTALLED) : Stream.empty()) {
      return Stream.concat(Stream.of(Path.of(System.getProperty("java.home"))), homes)
          .filter(home -> version(home) >= JAVA_FLOOR)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int version(Path home) {
    try {
      Path release = home.resolve("release");
      Matcher matcher = VERSION.matcher(Files.exists(release) ? Files.readString(release) : "");
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With its warehouse in a bucket: it serves tables in object stores only. */
  public static NessieServer start(Path java, S3Server s3) {
    int port = ServerProcess.freePort();
    Map<String, String> at = s3.properties();
    String warehouse = "-Dnessie.catalog.warehouses.warehouse.location=" + s3.warehouse("nessie");
    List<String> options =
        List.of(
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.port=" + port,
            "-Dquarkus.management.port=" + ServerProcess.freePort(),
            "-Dquarkus.management.host=127.0.0.1",
            "-Dnessie.version.store.type=IN_MEMORY",
            "-Dnessie.catalog.default-warehouse=warehouse",
            warehouse,
            "-Dnessie.catalog.service.s3.default-options.region=us-east-1",
            "-Dnessie.catalog.service.s3.default-options.path-style-access=true",
            "-Dnessie.catalog.service.s3.default-options.endpoint=" + at.get("s3.endpoint"),
            // Newer clients than the server ask for signatures where it has none.
            "-Dnessie.catalog.service.s3.default-options.request-signing-enabled=false",
            "-Dnessie.catalog.service.s3.default-options.access-key="
                + "urn:nessie-secret:quarkus:s3-key",
            "-Ds3-key.name=" + at.get("s3.access-key-id"),
            "-Ds3-key.secret=" + at.get("s3.secret-access-key"));
    List<String> command = ServerProcess.java(java, "nessie", options);
    return new NessieServer(port, ServerProcess.start("nessie", command, Map.of(), port));
  }

  public int port() {
    return port;
  }

  /**
   * The commits of the main branch, the last first: the tables that each one put, without their
   * namespace.
   */
  public List<Set<String>> commits(String namespace) {
    String uri = "http://127.0.0.1:" + port + "/api/v2/trees/main/history?fetch=ALL";
    List<Set<String>> commits = new ArrayList<>();
    String next = uri;
    while (next != null) {
      JsonNode page = get(next);
      for (JsonNode entry : page.get("logEntries")) {
        Set<String> tables = new TreeSet<>();
        for (JsonNode operation : entry.path("operations")) {
          JsonNode key = operation.get("key").get("elements");
          if (operation.get("type").asText().equals("PUT")
              && key.size() == 2
              && key.get(0).asText().equals(namespace)) {
            tables.add(key.get(1).asText());
          }
        }
        commits.add(tables);
      }
      next =
          page.path("hasMore").asBoolean()
              ? uri + "&page-token=" + page.get("token").asText()
              : null;
    }
    return commits;
  }

  private static JsonNode get(String uri) {
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(uri)).build(),
                  HttpResponse.BodyHandlers.ofString());
      return new ObjectMapper().readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
