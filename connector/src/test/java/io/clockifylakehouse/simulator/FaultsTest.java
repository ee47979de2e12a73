// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.simulator.Faults.Fault;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What goes wrong on the way, and how the server comes and goes. */
class FaultsTest {
  private final ScriptedFaults faults = new ScriptedFaults();

  private ClockifySimulator start() {
    return ClockifySimulator.start(
        Account.tiny(6), SimulatorSettings.unlimited().withFaults(faults));
  }

  @Test
  void strikesSoManyMatchingRequestsAndThenNoMore() {
    faults.status("GET .*/tags", 2, 503);
    try (ClockifySimulator simulator = start()) {
      Client client = new Client(simulator);
      assertThat(client.get("workspaces/{ws}/clients").status()).isEqualTo(200);
      assertThat(client.get("workspaces/{ws}/tags").status()).isEqualTo(503);
      assertThat(client.get("workspaces/{ws}/tags").status()).isEqualTo(503);
      assertThat(client.get("workspaces/{ws}/tags").status()).isEqualTo(200);
    }
  }

  @Test
  void answersWithSomethingElse() {
    faults.add(
        "/user$", 1, new Fault.Instead(302, Map.of("Location", "http://elsewhere/"), "<html>"));
    try (ClockifySimulator simulator = start()) {
      Client.Reply reply = new Client(simulator).get("user");
      assertThat(reply.status()).isEqualTo(302);
      assertThat(reply.header("Location")).contains("http://elsewhere/");
      assertThat(new String(reply.bytes())).isEqualTo("<html>");
    }
  }

  @Test
  void breaksTheConnectionBeforeOrWithinTheAnswer() {
    faults.add("POST .*/requests", 100, new Fault.Broken());
    faults.add("/tags", 100, new Fault.Cut(0.5));
    try (ClockifySimulator simulator = start()) {
      Client client = new Client(simulator);
      assertThatThrownBy(() -> client.post("workspaces/{ws}/time-off/requests", "{}"))
          .isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> client.get("workspaces/{ws}/tags"))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(client.get("user").status()).isEqualTo(200);
      assertThat(simulator.log().entries().get(0).status()).isEqualTo(-1);
    }
  }

  @Test
  void cutsAnAnswerInChunksBeforeItsLastOne() {
    faults.add("/tags", 100, new Fault.CutChunked(0.5));
    try (ClockifySimulator simulator = start()) {
      Client client = new Client(simulator);
      assertThatThrownBy(() -> client.get("workspaces/{ws}/tags"))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(client.get("user").status()).isEqualTo(200);
    }
  }

  @Test
  void changesTheServicesOwnAnswerOnItsWay() {
    SplittableRandom random = new SplittableRandom(1);
    faults.add("/tags", 1, FaultKind.LAST_PAGE_MISSING.fault(random, Instant.EPOCH));
    faults.add("/tags", 1, FaultKind.REPEATED_RECORDS.fault(random, Instant.EPOCH));
    faults.add("/tags", 1, FaultKind.INVALID_UTF8.fault(random, Instant.EPOCH));
    try (ClockifySimulator simulator = start()) {
      Client client = new Client(simulator);
      assertThat(client.get("workspaces/{ws}/tags").header("Last-Page")).isEmpty();
      Client.Reply twice = client.get("workspaces/{ws}/tags");
      byte[] broken = client.get("workspaces/{ws}/tags").bytes();
      Client.Reply once = client.get("workspaces/{ws}/tags");
      assertThat(once.header("Last-Page")).contains("true");
      assertThat(twice.json()).hasSize(2 * once.json().size());
      assertThat(broken).hasSize(once.bytes().length + 2).contains(0xc3, 0x28);
    }
  }

  @Test
  void dripsOnItsOwnClock() {
    ManualTime time = new ManualTime();
    faults.add("/user$", 1, new Fault.Dripping(Duration.ofSeconds(1)));
    SimulatorSettings settings = SimulatorSettings.unlimited().withTime(time).withFaults(faults);
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(6), settings)) {
      Client.Reply reply = new Client(simulator).get("user");
      assertThat(time.nanos()).isEqualTo(reply.bytes().length * 1_000_000_000L);
    }
  }

  @Test
  void changesTheWorldBetweenTwoPages() {
    try (ClockifySimulator simulator = start()) {
      Client client = new Client(simulator);
      String first = client.records().records("tags").ids().get(0);
      faults.before("page=2", () -> client.records().records("tags").remove(first));
      String path = "workspaces/{ws}/tags?sort-column=ID&page-size=1&page=";
      String second = client.records().records("tags").ids().get(1);
      assertThat(client.get(path + 1).json().get(0).get("id").asText()).isEqualTo(first);
      assertThat(client.get(path + 2).json().get(0).get("id").asText()).isNotEqualTo(second);
    }
  }

  @Test
  void latencyIsAddedToEveryAnswer() {
    ManualTime time = new ManualTime();
    SimulatorSettings settings =
        SimulatorSettings.unlimited().withTime(time).withLatency(Duration.ofMillis(80));
    try (ClockifySimulator simulator = ClockifySimulator.start(Account.tiny(6), settings)) {
      new Client(simulator).get("user");
      new Client(simulator).get("nowhere");
      assertThat(time.nanos()).isEqualTo(160_000_000L);
    }
  }

  @Test
  void compressesForAClientThatAcceptsIt() throws Exception {
    try (ClockifySimulator simulator = start()) {
      Client client = new Client(simulator);
      Client.Reply plain = client.get("workspaces/{ws}/projects?sort-column=ID");
      Map<String, String> headers =
          Map.of("X-Api-Key", simulator.apiKey(), "Accept-Encoding", "gzip");
      Client.Reply zipped =
          client.send(
              "GET", simulator.main(), "workspaces/{ws}/projects?sort-column=ID", "", headers);
      assertThat(zipped.header("Content-Encoding")).contains("gzip");
      assertThat(plain.header("Content-Encoding")).isEmpty();
      byte[] bytes = new GZIPInputStream(new ByteArrayInputStream(zipped.bytes())).readAllBytes();
      assertThat(Json.parse(bytes)).hasSameSizeAs(plain.json());
      assertThat(zipped.bytes().length).isLessThan(plain.bytes().length);
    }
  }

  @Test
  void namesThePortThatIsTaken() {
    try (ClockifySimulator simulator = start()) {
      int port = simulator.main().getPort();
      assertThatThrownBy(
              () ->
                  ClockifySimulator.start(
                      Account.tiny(1), SimulatorSettings.unlimited().withPort(port)))
          .isInstanceOfSatisfying(
              ConnectorException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION))
          .hasMessageContaining(Integer.toString(port))
          .hasMessageContaining("choose another");
    }
  }

  @Test
  void givesThePortBackWhenClosed() {
    ClockifySimulator first = start();
    int port = first.main().getPort();
    first.close();
    try (ClockifySimulator second =
        ClockifySimulator.start(Account.tiny(1), SimulatorSettings.unlimited().withPort(port))) {
      assertThat(second.main()).isEqualTo(URI.create("http://127.0.0.1:" + port + "/api/v1"));
      assertThat(new Client(second).get("user").status()).isEqualTo(200);
    }
  }

  /** The build says so to the JVM of the tests: the JDK's server itself keeps 200. */
  @Test
  void keepsTheConnectionsOfManyClients() throws IOException {
    List<Socket> clients = new ArrayList<>();
    try (ClockifySimulator simulator = start()) {
      for (int i = 0; i < 250; i++) {
        clients.add(new Socket(simulator.main().getHost(), simulator.main().getPort()));
        assertThat(statusLine(clients.get(i))).isEqualTo("HTTP/1.1 401 Unauthorized");
      }
      for (Socket client : clients) {
        assertThat(statusLine(client)).isEqualTo("HTTP/1.1 401 Unauthorized");
      }
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  /** The first line of the answer to a request without a key, read to its end. */
  private static String statusLine(Socket client) throws IOException {
    client
        .getOutputStream()
        .write("GET /api/v1/user HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
    String status = in.readLine();
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    assertThat(in.skip(length)).isEqualTo(length);
    return status;
  }
}
