// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key out of AWS Secrets Manager, with the real SDK in a process of its own: as a pod with a
 * service account's role runs it (web identity), and while the key is rotated.
 */
class AwsSecretTest {
  private static final String STALE = "U1RBTEUga2V5IHRoYXQgd2FzIHJvdGF0ZWQgYXdheSAx";

  @TempDir private Path directory;
  private HttpServer aws;
  private ClockifySimulator simulator;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Deque<String> keys = new ArrayDeque<>();

  @BeforeEach
  void start() throws IOException {
    simulator = ClockifySimulator.start(Account.tiny(41), SimulatorSettings.unlimited());
    aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    aws.createContext("/", this::answer);
    aws.start();
  }

  @AfterEach
  void stop() {
    aws.stop(0);
    simulator.close();
  }

  /** STS speaks the query protocol, Secrets Manager JSON 1.1. */
  private synchronized void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (target == null) {
      asked.add(body);
      send(exchange, "text/xml", ASSUMED);
      return;
    }
    asked.add(target + " " + body + " " + authorization);
    String key = keys.size() > 1 ? keys.poll() : keys.peek();
    ObjectNode secret = new ObjectMapper().createObjectNode();
    secret.put("Name", "prod/clockify").put("SecretString", "{\"api_key\": \"" + key + "\"}");
    send(exchange, "application/x-amz-json-1.1", secret.toString());
  }

  private static void send(HttpExchange exchange, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static final String ASSUMED =
      """
      <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleWithWebIdentityResult>
          <Credentials>
            <AccessKeyId>ASIAWEBIDENTITY</AccessKeyId>
            <SecretAccessKey>web-identity-secret</SecretAccessKey>
            <SessionToken>web-identity-session</SessionToken>
            <Expiration>2099-01-01T00:00:00Z</Expiration>
          </Credentials>
        </AssumeRoleWithWebIdentityResult>
      </AssumeRoleWithWebIdentityResponse>
      """;

  private String uri() {
    return "http://127.0.0.1:" + aws.getAddress().getPort();
  }

  private Process sync() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "projected-service-account-token");
    List<String> command = new ArrayList<>(List.of("sync", "--stream", "tags"));
    for (String setting :
        List.of(
            "source.base_url=" + simulator.main(),
            "source.rate_limit={start: 1000, max: 1000}",
            "source.auth.aws_secret={id: prod/clockify, endpoint: '" + uri() + "'}",
            "destination.catalog.warehouse=" + directory.resolve("lakehouse"))) {
      command.addAll(List.of("--set", setting));
    }
    return ConnectorProcess.start(
        directory,
        Map.of(
            "AWS_REGION", "eu-central-1",
            "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/clockify",
            "AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(),
            "AWS_ENDPOINT_URL_STS", uri(),
            "AWS_CONFIG_FILE", directory.resolve("none").toString(),
            "AWS_SHARED_CREDENTIALS_FILE", directory.resolve("none").toString(),
            "AWS_EC2_METADATA_DISABLED", "true"),
        command.toArray(String[]::new));
  }

  @Test
  void aPodsRoleReadsTheSecretAndARotatedKeyIsReadAgain() throws Exception {
    keys.addAll(List.of(STALE, simulator.apiKey()));
    Process process = sync();
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).doesNotContain(STALE).doesNotContain(simulator.apiKey());
    assertThat(asked).filteredOn(a -> a.contains("AssumeRoleWithWebIdentity")).isNotEmpty();
    assertThat(asked.get(0)).contains("projected-service-account-token").contains("clockify");
    assertThat(asked)
        .filteredOn(a -> a.startsWith("secretsmanager.GetSecretValue"))
        .hasSize(2)
        .allSatisfy(a -> assertThat(a).contains("prod/clockify", "ASIAWEBIDENTITY"));
  }

  @Test
  void aKeyThatIsRefusedAndStillTheSameEndsTheRun() throws Exception {
    keys.add(STALE);
    Process process = sync();
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(log).isEqualTo(77);
    assertThat(log).contains("401").doesNotContain(STALE);
  }
}
