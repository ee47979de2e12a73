// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import io.clockifylakehouse.document.Document;
import java.util.ArrayList;
import java.util.List;

/** Small stream files for tests, as text. */
final class StreamFiles {
  static final String SPACES =
      """
      stream: spaces
      doc: Spaces.
      endpoint: {path: /spaces, paged: false}
      reference: space_id
      key: [id]
      fields:
        id: {type: string, doc: Id.}
        members:
          type: list
          set: true
          doc: Members.
          of: {type: object, fields: {userId: {type: string, doc: User.}}}
      example: {id: a, members: [{userId: u}]}
      """;

  static final String USERS =
      """
      stream: users
      doc: Users.
      endpoint:
        path: /spaces/{spaces.id}/users
      reference: user_id
      key: [id]
      fields:
        id: {type: string, doc: Id.}
        age: {type: long, doc: Age in years.}
      example: {id: u, age: 3}
      """;

  /** Uses every key that a stream with an endpoint can have. */
  static final String ENTRIES =
      """
      stream: entries
      doc: Entries.
      plan: PRO
      feature: TIME
      endpoint:
        host: reports
        method: POST
        path: /spaces/{spaces.id}/user/{users.id}/entries
        query: {full: true, kind: [A, B]}
        tentative: {extra: all}
        body: {states: [ALL]}
        variants:
          - {}
          - {archived: true}
        answer: list
        records: data.entries
        count: data.total
        paged: true
        paging: {style: body, page: page, size: pageSize, first: 1, max: 200}
      reference: entry_id
      parents:
        users.id: [spaces.members.user_id]
      key: [id]
      window: {column: started_at, from: start, to: end}
      partition: [month(started_at)]
      sort: [user_id, started_at]
      secrets: [token]
      fields:
        id: {type: string, doc: Id.}
        userId: {type: string, doc: User.}
        interval.start: {type: timestamp, column: started_at, doc: Start.}
        interval.end: {type: timestamp, column: ended_at, doc: End.}
        interval.duration: {type: string, doc: Duration.}
        owner:
          type: object
          doc: Owner.
          fields:
            id: {type: string, doc: Id.}
            homes: {type: list, of: {type: string}, doc: Homes.}
        items:
          type: list
          doc: Items.
          of: {type: object, fields: {order: {type: long, doc: Position.}}}
        grid: {type: list, of: {type: list, set: true, of: {type: long}}, doc: Grid.}
      derived:
        seconds: {type: long, from: duration, as: seconds, doc: Length in seconds.}
        is_running: {type: boolean, from: ended_at, as: missing, doc: Runs.}
        owner_id: {type: string, from: owner.id, as: copy, doc: Owner.}
      example: {id: e, owner: {id: u}}
      """;

  static final String ITEMS =
      """
      stream: items
      doc: Items.
      embedded: {stream: entries, records: items}
      scope: [space_id, entry_id]
      key: [entry_id, order]
      fields:
        order: {type: long, doc: Position.}
      example: {order: 1}
      """;

  private static final String API =
      """
      regions: {}
      paging: {style: query, page: page, size: page-size, first: 1, max: 5000}
      """;

  private StreamFiles() {}

  /** The streams of all four files. */
  static StreamCatalog catalog() {
    return catalog(List.of(SPACES, USERS, ENTRIES, ITEMS));
  }

  static StreamCatalog catalog(List<String> texts) {
    List<Document> files = new ArrayList<>();
    for (String text : texts) {
      String name = text.lines().findFirst().orElseThrow().replace("stream: ", "");
      files.add(Document.parse("streams/" + name + ".yaml", text));
    }
    return StreamCatalog.of(Document.parse("clockify.yaml", API), files);
  }
}
