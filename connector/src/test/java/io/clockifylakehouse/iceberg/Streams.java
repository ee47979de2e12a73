// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.List;

/** Small streams for tests of the destination. */
final class Streams {
  private static final String API =
      """
      regions:
        global: {main: "http://localhost/api/v1", reports: "http://localhost/v1", audit: "http://localhost/a"}
      paging: {style: query, page: page, size: page-size, first: 1, max: 5000}
      page_ceiling: 1000
      """;

  private static final String WORKSPACES =
      """
      stream: workspaces
      doc: Workspaces.
      reference: workspace_id
      endpoint: {path: /workspaces, paged: false}
      key: id
      fields:
        id: {type: string, doc: Id.}
        name: {type: string, doc: Name.}
      example: {}
      """;

  private static final String USERS =
      """
      stream: users
      doc: Users.
      reference: user_id
      endpoint: {path: "/workspaces/{workspaces.id}/users"}
      key: id
      fields:
        id: {type: string, doc: Id.}
      example: {}
      """;

  private Streams() {}

  static StreamDefinition workspaces() {
    return of(
        WORKSPACES
            .replace("stream: workspaces", "stream: spaces")
            .replace("reference: workspace_id\n", ""));
  }

  /** A stream of the given YAML, below the workspaces unless its path says otherwise. */
  static StreamDefinition of(String yaml) {
    List<Document> files = new ArrayList<>();
    files.add(Document.parse("workspaces.yaml", WORKSPACES));
    if (yaml.contains("{users.id}")) {
      files.add(Document.parse("users.yaml", USERS));
    }
    files.add(Document.parse("test.yaml", yaml));
    String name = Document.parse("test.yaml", yaml).text("stream");
    return StreamCatalog.of(Document.parse("clockify.yaml", API), files).stream(name);
  }

  /** A stream {@code tags} in workspaces: id, then the given fields, one a line. */
  static StreamDefinition tags(String... fields) {
    StringBuilder yaml =
        new StringBuilder(
            """
            stream: tags
            doc: Tags.
            endpoint: {path: "/workspaces/{workspaces.id}/tags"}
            key: id
            example: {}
            fields:
              id: {type: string, doc: Id.}
            """);
    for (String field : fields) {
      yaml.append("  ").append(field).append('\n');
    }
    return of(yaml.toString());
  }

  /** {@code workspace_id, id, name, _extra}. */
  static StreamDefinition tags() {
    return tags("name: {type: string, doc: Name.}");
  }

  /** {@code workspace_id, id, user_id, started_at, note, _extra}, by month of the start. */
  static StreamDefinition entries() {
    return of(
        """
        stream: entries
        doc: Entries.
        endpoint: {path: "/workspaces/{workspaces.id}/entries"}
        key: id
        partition: month(started_at)
        sort: [user_id, started_at]
        example: {}
        fields:
          id: {type: string, doc: Id.}
          userId: {type: string, doc: User.}
          startedAt: {type: timestamp, doc: Start.}
          note: {type: string, doc: Note.}
        """);
  }

  /** {@code workspace_id, user_id, id, started_at, note, _extra}: read by user and by start. */
  static StreamDefinition work() {
    return of(
        """
        stream: work
        doc: Work.
        endpoint: {path: "/workspaces/{workspaces.id}/users/{users.id}/work", query: {}}
        key: id
        window: {column: started_at, from: start, to: end}
        partition: month(started_at)
        sort: [user_id, started_at]
        example: {}
        fields:
          id: {type: string, doc: Id.}
          startedAt: {type: timestamp, doc: Start.}
          note: {type: string, doc: Note.}
        """);
  }
}
