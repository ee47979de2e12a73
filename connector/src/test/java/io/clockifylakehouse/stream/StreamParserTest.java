// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamParserTest {
  private final StreamDefinition entries = StreamFiles.catalog().stream("entries");

  @Test
  void readsEveryKeyOfAnEndpoint() {
    Endpoint endpoint = entries.endpoint().orElseThrow();

    assertThat(endpoint.host()).isEqualTo(Host.REPORTS);
    assertThat(endpoint.method()).isEqualTo("POST");
    assertThat(endpoint.query())
        .isEqualTo(Map.of("full", List.of("true"), "kind", List.of("A", "B")));
    assertThat(endpoint.tentative()).isEqualTo(Map.of("extra", List.of("all")));
    assertThat(endpoint.body().orElseThrow()).hasToString("{\"states\":[\"ALL\"]}");
    assertThat(endpoint.variants()).containsExactly(Map.of(), Map.of("archived", "true"));
    assertThat(endpoint.records()).containsExactly("data", "entries");
    assertThat(endpoint.count()).containsExactly("data", "total");
    assertThat(endpoint.paging())
        .isEqualTo(new Paging(Paging.Style.BODY, "page", "pageSize", 1, 200));
    assertThat(entries.plan()).isEqualTo("PRO");
    assertThat(entries.feature()).contains("TIME");
    assertThat(entries.window()).contains(new Window("started_at", "start", "end"));
    assertThat(entries.secrets()).containsExactly("token");
  }

  @Test
  void takesTheUsualPagingForWhatAFileLeavesOut() {
    assertThat(StreamFiles.catalog().stream("users").endpoint().orElseThrow().paging())
        .isEqualTo(new Paging(Paging.Style.QUERY, "page", "page-size", 1, 5000));
  }

  @Test
  void readsAnAnswerOfOneObjectWithoutPages() {
    StreamCatalog catalog = StreamFiles.catalog(edited(0, "paged: false", "answer: object"));

    assertThat(catalog.stream("spaces").endpoint().orElseThrow().paging())
        .isEqualTo(Paging.UNPAGED);
  }

  @Test
  void laysOutColumnsAsScopeFieldsDerivedExtra() {
    assertThat(entries.columns().stream().map(Column::name))
        .containsExactly(
            "space_id",
            "user_id",
            "id",
            "started_at",
            "ended_at",
            "duration",
            "owner",
            "items",
            "grid",
            "seconds",
            "is_running",
            "owner_id",
            "_extra");
    assertThat(entries.columns().stream().filter(Column::required).map(Column::name))
        .containsExactly("space_id", "user_id", "id");
    assertThat(entries.columns().get(0).doc()).isEqualTo("Id of the space.");
    assertThat(entries.columns().get(1).doc()).as("the record's own word").isEqualTo("User.");
    assertThat(entries.position("ended_at")).isEqualTo(4);
    assertThat(entries.position("nowhere")).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "",
      textBlock =
          """
          2 | plan: PRO              | plam: PRO                | streams/entries.yaml: unknown key 'plam'; did you mean 'plan'?
          2 | count: data.total      | counts: data.total       | unknown key 'endpoint.counts'; did you mean 'count'?
          2 | max: 200               | maxi: 200                | unknown key 'endpoint.paging.maxi'; did you mean 'max'?
          2 | doc: Owner.            | docs: Owner.             | fields.owner.doc: missing
          2 | type: long, doc: Pos   | typ: long, doc: Pos      | fields.items.of.fields.order.type: missing
          2 | plan: PRO              | plan: PRI                | plan: 'PRI' is unknown; did you mean 'PRO'?
          2 | host: reports          | host: report             | endpoint.host: 'report' is unknown; did you mean 'reports'?
          2 | method: POST           | method: PUT              | endpoint.method: 'PUT' is not one of GET, POST
          2 | method: POST           | method: GET              | endpoint.method: a GET has no body
          2 | style: body            | style: none              | endpoint.paging.style: 'none' is said by 'paged: false'
          2 | first: 1               | first: 2                 | endpoint.paging.first: must be 0 or 1
          2 | max: 200               | max: 0                   | endpoint.paging.max: must be at least 1
          2 | paged: true            | paged: false             | unknown key 'endpoint.paging'
          2 | answer: list           | answer: object           | unknown key 'endpoint.paged'
          2 | id: {type: string, doc: Id.}\\n | id: {type: text, doc: Id.}\\n | fields.id.type: 'text' is unknown; known: string, boolean, int
          2 | type: object\\n        | type: objet\\n           | fields.owner.type: 'objet' is unknown; did you mean 'object'?
          2 | type: long, from       | type: object, from       | derived.seconds.type: 'object' is unknown; known: string, boolean
          2 | as: copy               | as: copies               | derived.owner_id.as: 'copies' is unknown; did you mean 'copy'?
          2 | doc: Start.            | doc: ''                  | fields.interval.start.doc: says nothing
          2 | key: [id]              | key: []                  | key: missing
          2 | key: [id]              | key: [ids]               | key: 'ids' is no column of this stream; did you mean 'id'?
          2 | key: [id]              | key: [owner]             | key: 'owner' is an object or a list
          2 | sort: [user_id         | sort: [users_id          | sort: 'users_id' is no column of this stream; did you mean 'user_id'?
          2 | column: started_at, from | column: starts, from   | window: 'starts' is no column of this stream
          2 | column: started_at, from | column: duration, from | window: 'duration' is no timestamp
          2 | month(started_at)      | month(id)                | partition: 'id' is no timestamp
          2 | month(started_at)      | months(started_at)       | partition: 'months(started_at)' is not one of
          2 | from: owner.id         | from: owner.ids          | derived.owner_id.from: column path 'owner.ids' of stream 'entries': 'ids' is no column; did you mean 'id'?
          2 | from: owner.id         | from: owner              | ends at an object; go on to one of its columns
          2 | from: owner.id         | from: owner.homes        | derived.owner_id.from: 'owner.homes' leads through a list
          2 | from: owner.id         | from: seconds            | derived.owner_id.from: 'seconds' is a derived column itself
          2 | from: owner.id         | from: started_at         | derived.owner_id.type: a copy has the type
          2 | from: duration         | from: started_at         | derived.seconds.type: a copy has the type
          2 | type: boolean          | type: long               | derived.is_running.type: a copy has the type
          2 | owner_id: {            | user_id: {               | derived.user_id: is a column already
          2 | column: ended_at       | column: started_at       | fields.interval.end: a second field for the column 'started_at'
          2 | column: ended_at       | column: endedAt          | fields.interval.end: 'endedAt' is no name in snake_case
          2 | userId: {type: string  | userId: {type: long      | fields.userId: is the scope column 'user_id': a string
          2 | interval.duration:     | interval:                | fields.interval.start: lies inside a field that is declared itself
          2 | secrets: [token]       | secrets: [userId]        | secrets: 'userId' is declared as a field
          2 | users.id: [            | spaces.ids: [            | parents: '{spaces.ids}' is no placeholder of the path; known: {spaces.id}, {users.id}
          2 | /user/{users.id}       | /user/{users}            | parents: '{users.id}' is no placeholder
          1 | /{spaces.id}/          | /{spaces}/               | endpoint.path: '/spaces/{spaces}/users' must begin with / and name parents
          1 | /{spaces.id}/          | /{space.id}/             | endpoint.path: {space.id} names no stream that has a 'reference'; did you mean 'spaces'?
          1 | reference: user_id     | scope: [space_id]        | scope: follows from the placeholders
          1 | stream: users          | stream: Users            | stream: 'Users' is no name in snake_case
          3 | embedded: {stream: entries, records: items} | plan: FREE | either 'endpoint' or 'embedded'
          3 | key: [entry_id, order] | key: [order]\\nwindow: {column: order, from: a, to: b} | window: an embedded stream
          """)
  void saysWhereAFileIsWrong(int file, String from, String to, String message) {
    assertThatThrownBy(() -> StreamFiles.catalog(edited(file, from, to)))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((ConnectorException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION);
  }

  private static List<String> edited(int file, String from, String to) {
    List<String> files =
        new ArrayList<>(
            List.of(StreamFiles.SPACES, StreamFiles.USERS, StreamFiles.ENTRIES, StreamFiles.ITEMS));
    String before = from.translateEscapes();
    assertThat(files.get(file)).contains(before);
    files.set(file, files.get(file).replace(before, to.translateEscapes()));
    return files;
  }
}
