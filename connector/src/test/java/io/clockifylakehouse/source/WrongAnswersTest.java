// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Request;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers with status 200 that are not what was asked for: refused by name, never believed. */
class WrongAnswersTest {
  private static final StreamCatalog CATALOG = StreamCatalog.packaged();
  private static final Scope PROJECT = Fixture.WORKSPACE.with("project_id", "p1");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|an empty object at its top, where a list should be",
        "{\"message\": \"Under\\nmaintenance\", \"code\": 1}|an object that says 'Under maintenance'",
        "{\"id\": \"5\", \"email\": \"ann@acme.org\"}|an object of 'id', 'email' at its top",
        "\"\"|a text at its top",
        "0|a number at its top",
        "null|null at its top",
        "[[{\"id\": \"1\"}]]|a list at its top, where an object as record 0 should be",
        "[{\"id\": \"1\", \"workspaceId\": \"w1\", \"projectId\": \"p2\"}]|'projectId p2', which was",
        "[{\"id\": \"1\", \"workspaceId\": \"w9\"}]|'workspaceId w9', which was not asked for",
      })
  void namesWhatItSawAndWhatShouldBeThere(String body, String said) {
    assertThatThrownBy(() -> read("tasks", PROJECT, Fixture.response(body)))
        .isInstanceOfSatisfying(
            ConnectorException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNEXPECTED_ANSWER))
        .hasMessageStartingWith("tasks{workspace_id=w1, project_id=p1}: ")
        .hasMessageContaining(said)
        .hasMessageNotContaining("acme.org");
  }

  /** A profile's key is the person that it was asked for: nothing in it need be there. */
  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"message\": \"Internal error\", \"code\": 500}"})
  void anObjectWithNoneOfTheFieldsIsNoRecordWhoseValuesAreGone(String body) {
    Scope person = Fixture.WORKSPACE.with("user_id", "u1");
    assertThatThrownBy(() -> read("member_profiles", person, Fixture.response(body)))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("none of the stream's fields");
  }

  @Test
  void namesAPageOfAProxyByItsTypeAndBeginning() {
    byte[] html = "<html>\u001b[31m<h1>Log in</h1>".getBytes(StandardCharsets.UTF_8);
    Response page = new Response(200, Map.of("content-type", "text/html"), html);
    assertThatThrownBy(() -> read("tasks", PROJECT, page))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no JSON ('text/html') and begins with '<html> [31m<h1>Log in</h1>'");
  }

  @Test
  void believesTheBodyRatherThanItsContentType() throws IOException {
    byte[] body = "\uFEFF[{\"id\": \"1\"}]".getBytes(StandardCharsets.UTF_8);
    Response answer = new Response(200, Map.of("content-type", "text/plain"), body);
    assertThat(read("tasks", PROJECT, answer).rows()).as("and skips its BOM").hasSize(1);
  }

  /** Too long for what it says, half a surrogate pair, beyond the last character, cut off. */
  @ParameterizedTest
  @ValueSource(
      strings = {"C1A1", "E081A1", "F08081A1", "EDA080", "F4908080", "F8888080", "C3", "A9"})
  void refusesBytesThatOnlyLookLikeText(String hex) throws IOException {
    for (int blanks : new int[] {0, 7990, 7991, 7992, 7993}) { // around the parser's buffer
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.write((" ".repeat(blanks) + "[{\"id\":\"").getBytes(StandardCharsets.UTF_8));
      body.write(HexFormat.of().parseHex(hex));
      body.write("\"}]".getBytes(StandardCharsets.UTF_8));
      Response response = new Response(200, Map.of(), body.toByteArray());
      assertThatThrownBy(() -> read("tasks", PROJECT, response)).isInstanceOf(IOException.class);
    }
    byte[] good = "[{\"id\":\"é€\ud83d\ude00\uffff\"}]".getBytes(StandardCharsets.UTF_8);
    assertThat(read("tasks", PROJECT, new Response(200, Map.of(), good)).rows()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"nesting depth,100", "number,1000", "name,50000"})
  void refusesWhatIsBeyondAnyAnswer(String what, int limit) {
    String value =
        switch (what) {
          case "number" -> "1".repeat(limit + 1);
          case "name" -> "{\"" + "n".repeat(limit + 1) + "\": 1}";
          default -> "[".repeat(limit) + "]".repeat(limit);
        };
    String body = "[{\"id\": \"1\", \"x\": " + value + "}]";
    assertRefused("tasks", Fixture.response(body), "beyond what any answer should be");
  }

  @Test
  void refusesMoreRecordsThanAnyAnswerHas() {
    String body = "{\"id\":\"1\"},".repeat(100_000);
    assertRefused("tasks", Fixture.response("[" + body + "{\"id\":\"1\"}]"), "100000 records");
  }

  @Test
  void refusesASmallBodyThatUnpacksToMoreThanMemoryHolds() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 65; i++) {
        gzip.write(blanks);
      }
    }
    Response bomb = new Response(200, Map.of("content-encoding", "gzip"), zipped.toByteArray());
    assertRefused("tasks", bomb, "larger than 64 MiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e999999999", "-1e999999999", "1e-999999999", "0e2147483647", "1e99999999999"})
  void keepsANumberThatNothingCanHold(String number) throws IOException {
    Answer answer =
        read("invoice_payments", invoice(), Fixture.response(payment("\"amount\": " + number)));
    boolean zero = number.startsWith("0");
    assertThat(answer.rows().get(0).get(position("invoice_payments", "amount")))
        .isEqualTo(zero ? 0L : null);
    assertThat(answer.rows().toString().contains(number)).isEqualTo(!zero);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "99999999999999999999", "1.5", "\"7\"", "null", "{}", "[1]", "3"})
  void goesByThePagesWhereTheCountIsNone(String count) {
    ScriptedExchange exchange =
        counted(
            request ->
                request.contains("\"page\":1,")
                    ? "{\"count\": %s, \"requests\": [%s]}".formatted(count, requests(0, 200))
                    : "{\"count\": %s, \"requests\": [%s]}".formatted(count, requests(200, 210)));
    assertThat(ids("time_off_requests", exchange)).hasSize(210);
  }

  @Test
  void refusesNoRecordsBesideACountOfSome() {
    ScriptedExchange exchange = counted(request -> "{\"count\": 7, \"requests\": []}");
    assertThatThrownBy(() -> ids("time_off_requests", exchange))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("page 1 is empty beside a count of 7 records");
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "TRUE", "yes", "", "1", "maybe", "-"})
  void findsTheRowsBehindAPageThatClaimsToBeTheLast(String header) {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              int page = ScriptedExchange.parameter(request, "page");
              return answer(policies((page - 1) * 200, Math.min(430, page * 200)), header);
            });
    assertThat(ids("policies", exchange)).hasSize(430);
    assertThat(exchange.requests).hasSize(3);
  }

  @Test
  void takesAFullPageForAllWhenItClaimsThatAndTheNextIsTheSame() {
    ScriptedExchange exchange = new ScriptedExchange(request -> answer(policies(0, 200), "true"));
    assertThat(ids("policies", exchange)).hasSize(200);
    ScriptedExchange entries = new ScriptedExchange(request -> answer(entries(5000), "true"));
    Scope user = Fixture.WORKSPACE.with("user_id", "u1");
    assertThat(ids("time_entries", user, entries)).hasSize(5000);
  }

  @Test
  void endsACircleOfPages() {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request -> {
              int page = ScriptedExchange.parameter(request, "page") % 3;
              return answer(policies(page * 200, page * 200 + 200), "false");
            });
    assertThatThrownBy(() -> ids("policies", exchange))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("repeated page: page 4");
    assertThat(exchange.requests).hasSize(4);
  }

  @Test
  void takesNoOtherRecordForTheOneAskedFor() {
    String other = "{\"id\": \"e2\", \"timeInterval\": {\"start\": \"2026-01-01T00:00:00Z\"}}";
    ScriptedExchange exchange = new ScriptedExchange(request -> ScriptedExchange.ok(other));
    ClockifySource source = new ClockifySource(exchange, CATALOG, Fixture.BASES);
    Scope user = Fixture.WORKSPACE.with("user_id", "u1");
    StreamDefinition entries = CATALOG.stream("time_entries");
    assertThatThrownBy(() -> source.find(entries, user, "e1"))
        .isInstanceOfSatisfying(
            ConnectorException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNEXPECTED_ANSWER))
        .hasMessageContaining("'the record e2', which was not asked for");
    assertThat(source.find(entries, user, "e2")).isPresent();
    assertThatThrownBy(() -> read("invoice_details", invoice(), Fixture.response(other)))
        .hasMessageContaining("'the record e2'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", ""})
  void asksForNoIdThatLeavesItsPlaceInThePath(String id) {
    ScriptedExchange exchange = new ScriptedExchange(request -> ScriptedExchange.ok("[]"));
    assertThatThrownBy(() -> ids("tasks", Fixture.WORKSPACE.with("project_id", id), exchange))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("cannot be asked for");
    assertThat(exchange.requests).isEmpty();
  }

  private static Scope invoice() {
    return Fixture.WORKSPACE.with("invoice_id", "i1");
  }

  private static String payment(String field) {
    return "[{\"id\": \"1\", " + field + "}]";
  }

  private static String requests(int from, int to) {
    return list(from, to, "{\"id\": \"r%d\"}");
  }

  private static String policies(int from, int to) {
    return "[" + list(from, to, "{\"id\": \"p%d\"}") + "]";
  }

  private static String entries(int count) {
    String entry = "{\"id\": \"e%d\", \"timeInterval\": {\"start\": \"2026-01-01T00:00:00Z\"}}";
    return "[" + list(0, count, entry) + "]";
  }

  private static String list(int from, int to, String record) {
    List<String> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record.formatted(i));
    }
    return String.join(",", records);
  }

  private static Response answer(String body, String lastPage) {
    return lastPage.equals("-") ? ScriptedExchange.ok(body) : ScriptedExchange.ok(body, lastPage);
  }

  private static ScriptedExchange counted(Function<String, String> service) {
    return new ScriptedExchange(
        request -> ScriptedExchange.ok(service.apply(body(request).orElseThrow())));
  }

  private static Optional<String> body(Request request) {
    return request.body();
  }

  private static int position(String stream, String column) {
    return CATALOG.stream(stream).position(column);
  }

  private static List<String> ids(String stream, ScriptedExchange exchange) {
    return ids(stream, Fixture.WORKSPACE, exchange);
  }

  private static List<String> ids(String stream, Scope scope, ScriptedExchange exchange) {
    Source.SliceReader reader =
        new ClockifySource(exchange, CATALOG, Fixture.BASES)
            .open(Fixture.slice(CATALOG.stream(stream), scope));
    List<String> ids = new ArrayList<>();
    Page page;
    do {
      page = reader.next();
      page.rows().forEach(row -> ids.add((String) row.get(position(stream, "id"))));
    } while (!page.last());
    return ids;
  }

  private static void assertRefused(String stream, Response response, String reason) {
    assertThatThrownBy(() -> read(stream, PROJECT, response))
        .isInstanceOfSatisfying(
            ConnectorException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNEXPECTED_ANSWER))
        .hasMessageContaining(reason);
  }

  private static Answer read(String stream, Scope scope, Response response) throws IOException {
    StreamDefinition definition = CATALOG.stream(stream);
    return new AnswerReader(definition, CATALOG).read(response, Fixture.slice(definition, scope));
  }
}
