// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent for a period, and what of the answer counts. */
class TimeBoundsTest {
  private static final String TIMES =
      """
      stream: times
      doc: Read by time.
      endpoint: {path: "/workspaces/{workspaces.id}/times", paging: {max: 1000}}
      key: [id]
      window: {column: started_at, from: start, to: end}
      fields:
        id: {type: string, doc: Id.}
        at.start: {column: started_at, type: timestamp, doc: Start.}
      example: {}
      """;

  private final StreamCatalog catalog = Fixture.catalog(TIMES);

  @Test
  void sendsPaddedBoundsAndKeepsThePeriodsRows() {
    ScriptedExchange exchange =
        new ScriptedExchange(
            request ->
                ScriptedExchange.ok(
                    """
                    [{"id": "after", "at": {"start": "1970-01-12T00:00:00Z"}},
                     {"id": "last", "at": {"start": "1970-01-11T23:59:59.999999Z"}},
                     {"id": "first", "at": {"start": "1970-01-11T00:00:00Z"}},
                     {"id": "before", "at": {"start": "1970-01-10T23:59:59.999999Z"}}]\
                    """));
    long day = 86_400_000_000L;
    assertThat(read(source(exchange), times(new Period(10 * day, 11 * day))))
        .containsExactly("last", "first");
    assertThat(read(source(exchange), times(Period.since(11 * day)))).containsExactly("after");
    assertThat(read(source(exchange), times(Period.ALWAYS))).hasSize(4);
    assertThat(exchange.uris())
        .containsExactly(
            "http://service/api/v1/workspaces/w1/times"
                + "?start=1970-01-09T23%3A59%3A59Z&end=1970-01-13T00%3A00%3A01Z&page=1&page-size=1000",
            "http://service/api/v1/workspaces/w1/times"
                + "?start=1970-01-10T23%3A59%3A59Z&page=1&page-size=1000",
            "http://service/api/v1/workspaces/w1/times?page=1&page-size=1000");
  }

  /** Such a row belongs to no period: to leave it out would delete it, to take it would guess. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"start\": 5}|a number",
        "{\"start\": null}|nothing",
        "{\"start\": \"2026-01-01T00:00:00\"}|a text",
        "{}|nothing",
        "null|nothing",
        "[]|nothing",
      })
  void refusesARecordWhoseTimeCannotBeRead(String at, String seen) {
    String records =
        "[{\"id\": \"a\", \"at\": {\"start\": \"1970-01-12T00:00:00Z\"}}, {\"id\": \"b\", \"at\": %s}]";
    ScriptedExchange exchange =
        new ScriptedExchange(request -> ScriptedExchange.ok(records.formatted(at)));
    for (Period period : List.of(Period.ALWAYS, new Period(0, 1))) {
      assertThatThrownBy(() -> read(source(exchange), times(period)))
          .isInstanceOfSatisfying(
              ConnectorException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNEXPECTED_ANSWER))
          .hasMessageContaining(
              "times: record 1 of the answer [b] has " + seen + " at 'at.start', which is what");
    }
  }

  @Test
  void refusesAPeriodOfAStreamWithoutTime() {
    ScriptedExchange exchange = new ScriptedExchange(request -> ScriptedExchange.ok("[]"));
    Slice slice = new Slice(catalog.stream("workspaces"), Scope.ROOT, Period.since(0), Map.of());
    assertThatThrownBy(() -> source(exchange).open(slice))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEFECT))
        .hasMessageContaining("cannot be read by time")
        .hasMessageContaining("from 1970-01-01T00:00:00Z");
  }

  private Slice times(Period period) {
    return new Slice(catalog.stream("times"), Fixture.WORKSPACE, period, Map.of());
  }

  private ClockifySource source(ScriptedExchange exchange) {
    return new ClockifySource(exchange, catalog, Fixture.BASES);
  }

  private static List<Object> read(ClockifySource source, Slice slice) {
    Page page = source.open(slice).next();
    assertThat(page.last()).isTrue();
    int id = slice.stream().position("id");
    return page.rows().stream().map(row -> row.get(id)).toList();
  }
}
