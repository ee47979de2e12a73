// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.server.ConnectProxy;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Faults;
import io.clockifylakehouse.simulator.Faults.Fault;
import io.clockifylakehouse.simulator.Plan;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Everything that the commands print and write, at every log level, searched for the key, its
 * encodings, and any twelve characters of them, forwards and backwards.
 */
class LeakTest {
  private static final int PART = 12;

  /** {@code X-Api-Key: } in Base64; the character after it holds bits of the key. */
  private static final String HEADER = "WC1BcGktS2V5Oi";

  private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("sync"),
          List.of("check"),
          List.of("plan"),
          List.of("backfill", "--from", "2026-01-01"),
          List.of("status"),
          List.of("discover"),
          List.of("browse", "workspaces"),
          List.of("spec"));

  @TempDir private Path directory;
  private final List<String> printed = new ArrayList<>();
  private String key = "";

  /** A service that repeats what it was sent, in every way there is. */
  private Fault echo(int number) {
    List<String> forms = forms(key);
    String form = forms.get(number % forms.size());
    String json = "{\"message\": \"No access for " + quoted(form) + "\", \"code\": 7}";
    String page = "<html><body>" + ".".repeat(number % 70) + form + "</body></html>";
    return switch (number % 9) {
      case 0 -> instead(403, Map.of("WWW-Authenticate", form), json);
      case 1 -> instead(400, Map.of(), json);
      case 2 -> instead(302, Map.of("Location", "https://x.example/" + form + "?k=" + form), "");
      case 3 -> instead(200, Map.of("Content-Type", "text/html; " + form), page);
      case 4 -> instead(200, Map.of(), json);
      case 5 -> instead(200, Map.of(), "{\"" + quoted(form) + "\": 1}");
      case 6 ->
          instead(200, Map.of(), "[{\"id\": \"1\", \"workspaceId\": \"" + quoted(form) + "\"}]");
      case 7 -> instead(404, Map.of("Retry-After", form), page);
      default -> instead(500, Map.of("Retry-After", form), json);
    };
  }

  private static Fault instead(int status, Map<String, String> headers, String body) {
    return new Fault.Instead(status, headers, body);
  }

  private static String quoted(String form) {
    return form.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static List<String> forms(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    byte[] header = ("X-Api-Key: " + key).getBytes(StandardCharsets.UTF_8);
    return List.of(
        key,
        "Bearer " + key,
        URLEncoder.encode(key, StandardCharsets.UTF_8),
        HexFormat.of().formatHex(bytes),
        HexFormat.of().withUpperCase().formatHex(bytes),
        Base64.getEncoder().encodeToString(bytes),
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
        Base64.getEncoder().encodeToString(header),
        key.replace("/", "\\/"),
        key.chars().mapToObj(c -> String.format("\\u%04x", c)).collect(Collectors.joining()));
  }

  @ParameterizedTest
  @CsvSource({"api_key, env", "addon_token, file", "maton, value"})
  void theKeyIsNowhere(String type, String origin) throws IOException {
    Faults echoing =
        (number, method, target) ->
            number % 3 == 0 && !key.isEmpty() ? echo(number) : new Fault.None();
    SimulatorSettings.Gateway gateway = new SimulatorSettings.Gateway("c-1", true);
    Account account = Account.tiny(71).withPlan(Plan.ENTERPRISE);
    SimulatorSettings settings =
        type.equals("maton")
            ? SimulatorSettings.unlimited().withGateway(gateway)
            : SimulatorSettings.unlimited();
    String secret;
    try (ClockifySimulator simulator = ClockifySimulator.start(account, settings)) {
      secret = secret(simulator, type);
      int i = 0;
      for (List<String> command : COMMANDS) {
        run(simulator, type, origin, secret, LEVELS.get(i++ % LEVELS.size()), "text", command);
        run(simulator, type, origin, secret, "trace", "json", command);
      }
    }
    try (ClockifySimulator simulator =
        ClockifySimulator.start(account, settings.withFaults(echoing))) {
      key = secret;
      for (String level : LEVELS) {
        run(simulator, type, origin, secret, level, "text", List.of("sync", "--full"));
        run(simulator, type, origin, secret, level, "json", List.of("check"));
      }
      for (List<String> command : COMMANDS) {
        run(simulator, type, origin, secret, "trace", "text", command);
      }
    }
    searchEverything(secret);
    assertThat(TableRows.read(directory.resolve("lakehouse"), "sync_runs"))
        .as("failures are told")
        .anyMatch(row -> row.get("reason") != null);
    assertThat(String.join("", printed)).contains("[redacted]");
  }

  @Test
  void aKeyOnTheCommandLineIsWarnedOfAndNeverRepeated() {
    String secret = "NzFlMjk0YzctYWJjZC00ZWZn/+==";
    CommandLineFixture fixture = new CommandLineFixture(Map.of());
    Ended warned =
        fixture.run("plan", "--set", "source.auth.value=" + secret, "--set", "source.nonsense=1");
    assertThat(warned.err()).contains("shows the key to everybody", "CLOCKIFY_API_KEY");
    printed.add(warned.out() + warned.err());
    for (String[] wrong :
        List.of(
            new String[] {"plan", "--set", "source.auth.value", secret},
            new String[] {"plan", "source.auth.value=" + secret},
            new String[] {"plan", "--sett=source.auth.value=" + secret},
            new String[] {"plan", "--set", "source.auth.value.deeper=" + secret},
            new String[] {
              "plan",
              "--set",
              "source.auth.file=/nowhere",
              "--set",
              "source.auth.value=" + secret,
              "--log-level",
              secret
            })) {
      Ended ended = fixture.run(wrong);
      assertThat(ended.exitCode()).isIn(2, 78);
      printed.add(ended.out() + ended.err());
    }
    printed.forEach(text -> assertHidden(text, secret, "command line"));
    assertThat(fixture.run("spec", "--set", "source.auth.value=${KEY}").err())
        .as("a variable's name is no key")
        .doesNotContain("shows the key");
  }

  /** A proxy that repeats what it was sent, one that is not there, and what is none. */
  @Test
  void theProxysPasswordIsNowhere() throws IOException {
    String secret = "NzFlMjk0YzctYWJjZC00ZWZnLTEyMzQ";
    String user = "http://clerk:" + secret + "@";
    String sent = "Basic " + Base64.getEncoder().encodeToString(("clerk:" + secret).getBytes());
    String host = "https://clockify.test/api/v1";
    try (ConnectProxy proxy = ConnectProxy.start(1, Optional.of("none"))) {
      for (String value :
          List.of(
              user + "127.0.0.1:" + proxy.port(),
              user + "127.0.0.1:1",
              user + "proxy.invalid:3128",
              "socks://clerk:" + secret + "@x",
              user + " x")) {
        CommandLineFixture fixture =
            new CommandLineFixture(Map.of("CLOCKIFY_API_KEY", "some-key", "HTTPS_PROXY", value));
        for (String command : List.of("check", "sync", "plan", "--version", "status")) {
          Ended ended =
              fixture.run(
                  command,
                  "--log-level=trace",
                  "--set",
                  "source.base_url=" + host,
                  "--set",
                  "source.retry={attempts: 1, max_wait: PT0.01S}",
                  "--set",
                  "destination.catalog.warehouse=" + directory.resolve("lakehouse"));
          assertThat(ended.exitCode()).as(ended.err()).isNotEqualTo(1);
          printed.add(ended.out() + ended.err());
        }
      }
      assertThat(proxy.heads()).anyMatch(head -> head.contains(sent));
    }
    for (String text : printed) {
      assertHidden(text, secret, "proxy");
      assertThat(text).doesNotContain(sent.substring(sent.length() - PART));
    }
  }

  @Test
  void theSearchFindsWhatItLooksFor() {
    String secret = "NzFlMjk0YzctYWJjZC00ZWZnLTEyMzQ";
    for (String form : forms(secret)) {
      for (String text : List.of(form, "x" + form.substring(form.length() - PART) + "y")) {
        assertThat(parts(secret)).anyMatch(text.toLowerCase(Locale.ROOT)::contains);
      }
    }
  }

  private static String secret(ClockifySimulator simulator, String type) {
    return switch (type) {
      case "addon_token" -> simulator.addonToken();
      case "maton" -> simulator.gatewayKey();
      default -> simulator.apiKey();
    };
  }

  private void run(
      ClockifySimulator simulator,
      String type,
      String origin,
      String secret,
      String level,
      String format,
      List<String> command)
      throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "source.auth.type=" + type,
                "source.base_url=" + simulator.main(),
                "source.reports_url=" + simulator.reports(),
                "source.rate_limit={start: 2000, max: 2000}",
                "source.retry={attempts: 2, max_wait: PT0.01S}",
                "destination.catalog.warehouse=" + directory.resolve("lakehouse")));
    Map<String, String> environment = Map.of();
    switch (origin) {
      case "env" -> environment = Map.of("CLOCKIFY_API_KEY", secret);
      case "file" ->
          settings.add(
              "source.auth.file=" + Files.writeString(directory.resolve("key.txt"), secret + "\n"));
      default -> settings.add("source.auth.value=" + secret);
    }
    if (type.equals("addon_token")) {
      settings.add("source.workspaces=[" + simulator.world().workspaces().get(0).id() + "]");
    }
    List<String> arguments = new ArrayList<>(command);
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    arguments.addAll(List.of("--log-level", level, "--log-format", format));
    arguments.addAll(List.of("--output", format));
    arguments.addAll(
        List.of("--result-file", directory.resolve("result-" + printed.size()).toString()));
    Ended ended = new CommandLineFixture(environment).run(arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err()).isNotEqualTo(1);
    printed.add(ended.out() + ended.err());
  }

  private void searchEverything(String secret) throws IOException {
    printed.forEach(text -> assertHidden(text, secret, "printed"));
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("key.txt")) {
          assertHidden(
              Files.readString(file, StandardCharsets.ISO_8859_1), secret, file.toString());
        }
      }
    }
    try (Stream<Path> tables = Files.list(directory.resolve("lakehouse/clockify"))) {
      for (Path table : tables.filter(Files::isDirectory).toList()) {
        String name = table.getFileName().toString();
        String rows = TableRows.read(directory.resolve("lakehouse"), name).toString();
        assertHidden(rows, secret, "rows of " + name);
      }
    }
  }

  private static void assertHidden(String text, String secret, String where) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String part : parts(secret)) {
      int at = lower.indexOf(part);
      assertThat(
              at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 60)))
          .as("%s holds a part of the key", where)
          .isEmpty();
    }
  }

  /** Every twelve characters of every form, forwards and backwards, in small letters. */
  private static Set<String> parts(String secret) {
    Set<String> parts = new HashSet<>();
    List<String> forms = new ArrayList<>();
    forms(secret).forEach(form -> forms.add(form.replace("Bearer ", "")));
    forms.replaceAll(form -> form.startsWith(HEADER) ? form.substring(HEADER.length()) : form);
    for (String form : forms) {
      for (String text : List.of(form, new StringBuilder(form).reverse().toString())) {
        for (int i = 0; i + PART <= text.length(); i++) {
          parts.add(text.substring(i, i + PART).toLowerCase(Locale.ROOT));
        }
      }
    }
    return parts;
  }
}
