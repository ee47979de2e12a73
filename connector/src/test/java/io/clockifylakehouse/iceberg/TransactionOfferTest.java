// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.SyncStamp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a run commits all tables at once. */
class TransactionOfferTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String config;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            byte[] answer = config.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private boolean begins(String endpoints, boolean transactions) {
    config = "{\"defaults\": {}, \"overrides\": {}" + endpoints + "}";
    return begins(
        Map.of("type", "rest", "uri", "http://127.0.0.1:" + server.getAddress().getPort()),
        transactions);
  }

  private static boolean begins(Map<String, String> catalog, boolean transactions) {
    IcebergSettings settings =
        new IcebergSettings(
            catalog, "lakehouse", "clockify", Map.of(), DeleteMode.HARD, 1, transactions);
    try (IcebergDestination destination = IcebergDestination.open(settings)) {
      return destination.begin(new SyncStamp("a-run", Instant.EPOCH)).isPresent();
    }
  }

  private static String endpoints(String... endpoints) {
    return ", \"endpoints\": [\"" + String.join("\", \"", endpoints) + "\"]";
  }

  @Test
  void whereTheServerListsItAndNothingIsSentToFindOut() {
    String load = "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}";
    assertThat(begins(endpoints(load, "POST /v1/{prefix}/transactions/commit"), true)).isTrue();
    assertThat(begins(endpoints(load), true)).isFalse();
    assertThat(asked).containsOnly("GET /v1/config");
  }

  @Test
  void whereTheServerListsNothingWhichMeansTheUsual() {
    assertThat(begins("", true)).isTrue();
    assertThat(asked).containsOnly("GET /v1/config");
  }

  @Test
  void notWhereItIsTurnedOff() {
    assertThat(begins(endpoints("POST /v1/{prefix}/transactions/commit"), false)).isFalse();
  }

  @Test
  void notOnOtherCatalogs(@TempDir Path warehouse) {
    assertThat(begins(Map.of("type", "hadoop", "warehouse", warehouse.toString()), true)).isFalse();
  }
}
