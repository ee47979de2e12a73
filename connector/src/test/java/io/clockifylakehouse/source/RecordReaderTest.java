// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {
  static final String THINGS =
      """
      stream: things
      doc: Things with a column of each type.
      endpoint: {path: "/workspaces/{workspaces.id}/things"}
      key: [id]
      secrets: [authToken]
      fields:
        id: {type: string, doc: Id.}
        workspaceId: {type: string, doc: Workspace.}
        text: {type: string, doc: Text.}
        flag: {type: boolean, doc: Flag.}
        small: {type: int, doc: Int.}
        large: {type: long, doc: Long.}
        real: {type: double, doc: Double.}
        day: {type: date, doc: Date.}
        at: {type: timestamp, doc: Instant.}
        mixed: {type: json, doc: Json.}
        status:
          type: object
          doc: Struct.
          fields:
            state: {type: string, doc: State.}
            inner.deep: {type: long, doc: Lifted inside a struct.}
        items:
          type: list
          doc: List of structs.
          of: {type: object, fields: {amount: {type: long, doc: Amount.}}}
        numbers: {type: list, doc: List., of: {type: int}}
        timeInterval.end: {column: ended_at, type: timestamp, doc: End.}
        timeInterval.duration: {type: string, doc: Duration.}
      derived:
        seconds: {type: long, from: duration, as: seconds, doc: Seconds.}
        is_running: {type: boolean, from: ended_at, as: missing, doc: Runs.}
        state: {type: string, from: status.state, doc: Copy.}
      example: {}
      """;

  private final StreamDefinition things = Fixture.catalog(THINGS).stream("things");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // column | JSON as sent | value | what _extra keeps (nothing when empty)
        "text   | \"x\"                        | x                    |",
        "text   | \"\"                         | ``                   |",
        "text   | 5                            |                      | 5",
        "text   | true                         |                      | true",
        "text   | {\"a\":[1.50]}               |                      | {\"a\":[1.50]}",
        "text   | \"\\uD83D\\uDE00\"           | \uD83D\uDE00         |",
        "text   | \"a\\uD83D\"                 | a\uFFFD              | \"a\\ud83d\"",
        "flag   | true                         | true                 |",
        "flag   | false                        | false                |",
        "flag   | \"true\"                     |                      | \"true\"",
        "flag   | 1                            |                      | 1",
        "small  | 2147483647                   | 2147483647           |",
        "small  | -2147483648                  | -2147483648          |",
        "small  | 2147483648                   |                      | 2147483648",
        "small  | 2.0                          | 2                    |",
        "small  | 2.5                          |                      | 2.5",
        "small  | \"2\"                        |                      | \"2\"",
        "large  | 9223372036854775807          | 9223372036854775807  |",
        "large  | 9223372036854775808          |                      | 9223372036854775808",
        "large  | 200.0                        | 200                  |",
        "large  | 2E2                          | 200                  |",
        "large  | 0e999999999                  | 0                    |",
        "large  | 1e999999999                  |                      | 1e999999999",
        "large  | 1e-999999999                 |                      | 1e-999999999",
        "large  | 1e99999999999                |                      | 1e99999999999",
        "large  | 200.5                        |                      | 200.5",
        "large  | {}                           |                      | {}",
        "real   | 0.1                          | 0.1                  |",
        "real   | 200                          | 200.0                |",
        "real   | 1e300                        | 1.0E300              |",
        "real   | 9007199254740992             | 9.007199254740992E15 |",
        "real   | 9007199254740993             | 9.007199254740992E15 | 9007199254740993",
        "real   | 0.1000000000000000055511151  | 0.1                  | 0.1000000000000000055511151",
        "real   | 1.00000000000000000000       | 1.0                  |",
        "real   | 1e400                        |                      | 1e400",
        "real   | 1e-400                       | 0.0                  | 1e-400",
        "real   | \"1\"                        |                      | \"1\"",
        "day    | \"1970-01-11\"               | 10                   |",
        "day    | \"1970-01-11T00:00:00Z\"     |                      | \"1970-01-11T00:00:00Z\"",
        "day    | 10                           |                      | 10",
        "at     | \"1970-01-01T00:00:01Z\"     | 1000000              |",
        "at     | \"1970-01-01T01:00:00+01:00\"| 0                    |",
        "at     | \"1970-01-01T00:00:00.123456000Z\" | 123456         |",
        "at     | \"1970-01-01T00:00:00.1234567Z\"   | 123456         | \"1970-01-01T00:00:00.1234567Z\"",
        "at     | \"1970-01-01T00:00:00\"      |                      | \"1970-01-01T00:00:00\"",
        "at     | 0                            |                      | 0",
        "mixed  | \"x\"                        | \"x\"                |",
        "mixed  | 1.500                        | 1.500                |",
        "mixed  | { \"b\" : [ 1e2, null ] }    | {\"b\":[1e2,null]}   |",
        "status | []                           |                      | []",
        "items  | {}                           |                      | {}",
        "numbers| \"[1]\"                      |                      | \"[1]\"",
      })
  void readsValuesExactlyOrKeepsThem(String column, String json, String value, String extra) {
    Fixture.Read read = read("\"%s\":%s".formatted(column.trim(), json.trim()));
    Object found = read.row().get(things.position(column.trim()));
    assertThat(found == null ? null : found.toString()).isEqualTo(value);
    assertThat(extra(read.row()))
        .isEqualTo(extra == null ? null : "{\"%s\":%s}".formatted(column.trim(), extra.trim()));
    assertThat(read.drift().typeMismatches())
        .isEqualTo(extra == null ? java.util.Set.of() : java.util.Set.of(column.trim()));
    assertThat(read.drift().unknownFields()).isEmpty();
  }

  @Test
  void keepsUnknownFieldsUnderTheirPathsInOrder() {
    Fixture.Read read =
        read(
            """
            "zeta": 1.10, "status": {"newField": "x", "inner": {"more": null}},
            "items": [{"amount": 1, "newField": {"b": 1, "a": 2}}, {"newField": []}],
            "timeInterval": {"newField": 12345678901234567890.10}\
            """);
    assertThat(extra(read.row()))
        .isEqualTo(
            "{\"items[0].newField\":{\"b\":1,\"a\":2},\"items[1].newField\":[],"
                + "\"status.inner.more\":null,\"status.newField\":\"x\","
                + "\"timeInterval.newField\":12345678901234567890.10,\"zeta\":1.10}");
    assertThat(read.drift().unknownFields())
        .containsExactly(
            "items[].newField",
            "status.inner.more",
            "status.newField",
            "timeInterval.newField",
            "zeta");
    assertThat(read.drift().typeMismatches()).isEmpty();
  }

  @Test
  void keepsElementsOfTheWrongTypeUnderTheirIndex() {
    Fixture.Read read =
        read("\"numbers\": [1, \"two\", null, 4], \"items\": [7, {\"amount\": \"x\"}]");
    assertThat(read.row().list(things.position("numbers")))
        .isEqualTo(Arrays.asList(1, null, null, 4));
    assertThat(read.row().list(things.position("items")))
        .isEqualTo(Arrays.asList(null, new Row(1)));
    assertThat(extra(read.row()))
        .isEqualTo("{\"items[0]\":7,\"items[1].amount\":\"x\",\"numbers[1]\":\"two\"}");
    assertThat(read.drift().typeMismatches())
        .containsExactly("items[]", "items[].amount", "numbers[]");
  }

  @Test
  void tellsEmptyFromMissing() {
    Row row = read("\"status\": {}, \"numbers\": []").row();
    assertThat(row.row(things.position("status"))).isEqualTo(new Row(2));
    assertThat(row.list(things.position("numbers"))).isEmpty();
    assertThat(row.list(things.position("items"))).isNull();
    assertThat(extra(row)).isNull();
    Row nulls = read("\"status\": null, \"numbers\": null, \"timeInterval\": null").row();
    assertThat(nulls.get(things.position("status"))).isNull();
    assertThat(nulls.get(things.position("numbers"))).isNull();
    assertThat(extra(nulls)).isNull();
  }

  @Test
  void keepsBothWhenANameLooksLikeAPath() {
    String extra = extra(read("\"status\": {\"x\": 1}, \"status.x\": 2").row());
    assertThat(extra).isEqualTo("{\"['status.x']\":2,\"status.x\":1}");
  }

  @Test
  void dropsSecretsWithoutTrace() {
    Fixture.Read read = read("\"authToken\": {\"deep\": \"s3cret\"}, \"text\": \"x\"");
    assertThat(read.row().toString()).doesNotContain("s3cret");
    assertThat(extra(read.row())).isNull();
    assertThat(read.drift()).isEqualTo(Drift.NONE);
  }

  @Test
  void fillsDerivedColumns() {
    Row row =
        read("""
                "timeInterval": {"end": "2026-01-16T09:00:00Z", "duration": "PT49H0.9S"},
                "status": {"state": "ACTIVE", "inner": {"deep": 3}}\
                """)
            .row();
    assertThat(row.get(things.position("seconds"))).isEqualTo(49 * 3600L);
    assertThat(row.get(things.position("is_running"))).isEqualTo(false);
    assertThat(row.get(things.position("state"))).isEqualTo("ACTIVE");
    assertThat(row.row(things.position("status"))).isEqualTo(Row.of("ACTIVE", 3L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"timeInterval\": {\"end\": null}   | true",
        "\"timeInterval\": {}                | true",
        "\"timeInterval\": null              | true",
        "\"text\": \"x\"                     | true",
        "\"timeInterval\": {\"end\": \"soon\"} | false",
        "\"timeInterval\": \"soon\"          | false",
      })
  void countsOnlyNullAndNothingAsMissing(String json, boolean missing) {
    Row row = read(json).row();
    assertThat(row.get(things.position("is_running"))).isEqualTo(missing);
    assertThat(row.get(things.position("seconds"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\"w1\""})
  void takesTheScopeForAnIdThatTheRecordLeavesOutOrRepeats(String own) {
    Fixture.Read read = read("\"workspaceId\": " + own);
    assertThat(read.row().get(things.position("workspace_id"))).isEqualTo("w1");
    assertThat(extra(read.row())).isNull();
    assertThat(read.drift()).isEqualTo(Drift.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"w2\"", "7", "{}"})
  void keepsAnIdThatContradictsTheScope(String own) {
    Fixture.Read read = read("\"workspaceId\": " + own);
    assertThat(read.row().get(things.position("workspace_id"))).isEqualTo("w1");
    assertThat(extra(read.row())).isEqualTo("{\"workspaceId\":" + own + "}");
  }

  @Test
  void knowsTheScopesFieldThoughTheStreamDoesNotDeclareIt() {
    StreamDefinition stream =
        Fixture.catalog(THINGS.replace("  workspaceId: {type: string, doc: Workspace.}\n", ""))
            .stream("things");
    Fixture.Read same =
        Fixture.read(stream, Fixture.WORKSPACE, "{\"id\": \"1\", \"workspaceId\": \"w1\"}");
    assertThat(extra(same.row())).isNull();
    Fixture.Read other =
        Fixture.read(stream, Fixture.WORKSPACE, "{\"id\": \"1\", \"workspaceId\": \"w2\"}");
    assertThat(extra(other.row())).isEqualTo("{\"workspaceId\":\"w2\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | nothing",
        "{\"id\": null} | nothing",
        "{\"id\": \"\"} | an empty text",
        "{\"id\": 5} | a number",
        "{\"id\": {\"x\": 1}} | an object"
      })
  void refusesARecordWithoutItsKey(String record, String seen) {
    assertThatThrownBy(() -> Fixture.read(things, Fixture.WORKSPACE, record))
        .isInstanceOfSatisfying(
            ConnectorException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNEXPECTED_ANSWER))
        .hasMessage(
            "things: record 0 of the answer has "
                + seen
                + " at 'id', which is part of the key and should be of type string");
  }

  @Test
  void sharesRepeatedTexts() {
    List<Object> texts = new ArrayList<>();
    Reading reading = new Reading("");
    RecordReader reader = new RecordReader(things, List.of());
    for (int i = 0; i < 3; i++) {
      String record = "{\"id\": \"%d\", \"text\": \"64a687e29ae1f428e7ebe303\"}".formatted(i);
      try (com.fasterxml.jackson.core.JsonParser parser = JsonText.parser(record)) {
        texts.add(reader.read(parser, Scope.ROOT, i, reading).get(things.position("text")));
      } catch (java.io.IOException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(texts).allSatisfy(text -> assertThat(text).isSameAs(texts.get(0)));
  }

  private Fixture.Read read(String fields) {
    String record = "{\"id\": \"1\", " + fields + "}";
    Fixture.Read read = Fixture.read(things, Fixture.WORKSPACE, record);
    assertThat(read.row().size()).isEqualTo(things.columns().size());
    return read;
  }

  private String extra(Row row) {
    return (String) row.get(row.size() - 1);
  }
}
