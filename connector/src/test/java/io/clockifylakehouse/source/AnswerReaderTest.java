// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Response;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
  private static final String PLAIN =
      """
      stream: plain
      doc: A bare list.
      endpoint: {path: "/workspaces/{workspaces.id}/plain"}
      key: [id]
      fields: {id: {type: string, doc: Id.}}
      example: {}
      """;
  private static final String WRAPPED =
      """
      stream: wrapped
      doc: A list in an envelope.
      endpoint:
        path: /workspaces/{workspaces.id}/wrapped
        records: outer.records
        count: outer.count
      key: [id]
      fields: {id: {type: string, doc: Id.}}
      example: {}
      """;
  private static final String SINGLE =
      """
      stream: single
      doc: One record.
      endpoint: {path: "/workspaces/{workspaces.id}/single", answer: object}
      key: [id]
      fields: {id: {type: string, doc: Id.}}
      example: {}
      """;
  private static final String PROJECTS =
      """
      stream: projects
      doc: Records with records inside.
      endpoint: {path: "/workspaces/{workspaces.id}/projects"}
      key: [id]
      fields:
        id: {type: string, doc: Id.}
        memberships:
          type: list
          doc: Members.
          of: {type: object, fields: {userId: {type: string, doc: User.}}}
      example: {}
      """;
  private static final String MEMBERS =
      """
      stream: members
      doc: Embedded.
      embedded: {stream: projects, records: memberships}
      scope: [workspace_id, project_id]
      key: [project_id, user_id]
      fields:
        userId: {type: string, doc: User.}
        rate: {type: long, doc: Rate.}
      example: {}
      """;

  private final StreamCatalog catalog = Fixture.catalog(PLAIN, WRAPPED, SINGLE, PROJECTS, MEMBERS);

  @Test
  void readsABareList() throws IOException {
    assertThat(ids(read("plain", "[{\"id\": \"1\"}, {\"id\": \"2\"}]"))).containsExactly("1", "2");
    assertThat(ids(read("plain", "[]"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"outer\": {\"count\": 9, \"records\": [{\"id\": \"1\"}]}, \"totals\": [{\"x\": 1}]}",
        "{\"totals\": [{\"records\": 1}], \"outer\": {\"records\": [{\"id\": \"1\"}], \"count\": 9}}",
        "{\"records\": [], \"outer\": {\"x\": {\"count\": 1}, \"records\": [{\"id\": \"1\"}], \"count\": 9}, \"count\": 3}"
      })
  void findsRecordsAndCountInAnyOrderOfKeys(String body) throws IOException {
    Answer answer = read("wrapped", body);
    assertThat(ids(answer)).containsExactly("1");
    assertThat(answer.count()).contains(9L);
    assertThat(answer.drift()).isEqualTo(Drift.NONE);
  }

  @Test
  void readsASingleRecord() throws IOException {
    assertThat(ids(read("single", "{\"id\": \"1\"}"))).containsExactly("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain   | {}",
        "plain   | {\"id\": \"1\"}",
        "plain   | null",
        "plain   | \"[]\"",
        "plain   | 5",
        "plain   | true",
        "plain   | [null]",
        "plain   | [[]]",
        "plain   | [{\"id\": \"1\"}, \"2\"]",
        "plain   | [{\"id\": \"1\"}, {}]",
        "wrapped | {}",
        "wrapped | []",
        "wrapped | [{\"id\": \"1\"}]",
        "wrapped | null",
        "wrapped | {\"outer\": null}",
        "wrapped | {\"outer\": []}",
        "wrapped | {\"outer\": {\"count\": 0}}",
        "wrapped | {\"outer\": {\"records\": null}}",
        "wrapped | {\"outer\": {\"records\": {}}}",
        "single  | []",
        "single  | [{\"id\": \"1\"}]",
        "single  | null",
        "single  | {}",
      })
  void refusesAnotherShape(String stream, String body) {
    assertThatThrownBy(() -> read(stream.trim(), body.trim()))
        .isInstanceOfSatisfying(
            ConnectorException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNEXPECTED_ANSWER))
        .hasMessageStartingWith(stream.trim());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "<html><body>Sorry</body></html>",
        "[{\"id\": \"1\"}",
        "[{\"id\": \"1\"},",
        "[{\"id\": \"1",
        "[{\"id\": \"1\"}] []",
        "[{\"id\": \"1\"}] x",
        "[{\"id\": \"1\", \"id\": \"2\"}]",
        "[{\"id\": \"1\", \"new\": {\"a\": 1, \"a\": 2}}]",
        "{\"message\": \"cut",
        "[{}, {\"id\""
      })
  void countsABrokenBodyAsBroken(String body) {
    assertThatThrownBy(() -> read("plain", body)).isInstanceOf(IOException.class);
  }

  @Test
  void countsBytesThatAreNoTextAsBroken() {
    byte[] body = "[{\"id\": \"?\"}]".getBytes(StandardCharsets.UTF_8);
    body[9] = (byte) 0xC3;
    assertThatThrownBy(() -> read("plain", new Response(200, Map.of(), body)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsCompressedBodiesAndCountsCutOnesAsBroken() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write("[{\"id\": \"1\"}]".getBytes(StandardCharsets.UTF_8));
    }
    Map<String, String> headers = Map.of("content-encoding", "gzip");
    assertThat(ids(read("plain", new Response(200, headers, zipped.toByteArray()))))
        .containsExactly("1");
    byte[] cut = Arrays.copyOf(zipped.toByteArray(), zipped.size() - 9);
    assertThatThrownBy(() -> read("plain", new Response(200, headers, cut)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsTheRecordsInsideRecords() throws IOException {
    // The id comes after the list that needs it.
    Answer answer =
        read(
            "projects",
            """
            [{"memberships": [{"userId": "u1", "rate": 7, "new": 1}, {"userId": "u2", "rate": "x"}],
              "id": "p1"},
             {"id": "p2", "memberships": []}, {"id": "p3", "memberships": null}, {"id": "p4"},
             {"id": "p5", "memberships": [{"userId": "u1"}]}]\
            """);
    StreamDefinition members = catalog.stream("members");
    assertThat(members.columns().stream().map(column -> column.name()))
        .containsExactly("workspace_id", "project_id", "user_id", "rate", "_extra");
    assertThat(answer.embedded())
        .containsOnly(
            Map.entry(
                "members",
                List.of(
                    Row.of("w1", "p1", "u1", 7L, "{\"new\":1}"),
                    Row.of("w1", "p1", "u2", null, "{\"rate\":\"x\"}"),
                    Row.of("w1", "p5", "u1", null, null))));
    assertThat(answer.rows().get(0))
        .isEqualTo(
            Row.of(
                "w1",
                "p1",
                List.of(Row.of("u1"), Row.of("u2")),
                "{\"memberships[0].new\":1,\"memberships[0].rate\":7,\"memberships[1].rate\":\"x\"}"));
    assertThat(answer.drift().unknownFields())
        .containsExactly("memberships[].new", "memberships[].rate");
    assertThat(answer.drift().typeMismatches()).containsExactly("memberships[].rate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "\"x\"", "[5]", "[null]", "[{\"userId\": null}]"})
  void refusesAnotherShapeInsideARecord(String memberships) {
    assertThatThrownBy(
            () -> read("projects", "[{\"id\": \"p\", \"memberships\": " + memberships + "}]"))
        .isInstanceOfSatisfying(
            ConnectorException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNEXPECTED_ANSWER));
  }

  private List<Object> ids(Answer answer) {
    return answer.rows().stream().map(row -> row.get(1)).toList();
  }

  private Answer read(String stream, String body) throws IOException {
    return read(stream, Fixture.response(body));
  }

  private Answer read(String stream, Response response) throws IOException {
    StreamDefinition definition = catalog.stream(stream);
    return new AnswerReader(definition, catalog)
        .read(response, Fixture.slice(definition, Fixture.WORKSPACE));
  }
}
