// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A small account's streams, enough for every relation the cascade knows. */
final class CascadeFixture {
  private static final String FIELDS =
      """
      key: [id]
      fields: {id: {type: string, doc: Id.}, name: {type: string, doc: Name.}%s}
      example: {id: a}
      """;

  static final StreamCatalog CATALOG =
      StreamCatalog.of(
          Document.parse("clockify.yaml", ""),
          List.of(
              stream("workspaces", "/workspaces", "reference: workspace_id", ""),
              stream("user", "/user", "", ""),
              stream("users", "/workspaces/{workspaces.id}/users", "reference: user_id", ""),
              stream(
                  "projects",
                  "/workspaces/{workspaces.id}/projects",
                  "reference: project_id",
                  ", memberships: {type: list, doc: Members., of: {type: object,"
                      + " fields: {name: {type: string, doc: Name.}}}}"),
              stream("tasks", "/workspaces/{workspaces.id}/projects/{projects.id}/tasks", "", ""),
              stream(
                  "expenses",
                  "/workspaces/{workspaces.id}/expenses",
                  "",
                  ", userId: {type: string, doc: User.}"),
              stream(
                  "entries",
                  "/workspaces/{workspaces.id}/user/{users.id}/entries",
                  "parents: {users.id: [expenses.user_id]}",
                  ""),
              Document.parse(
                  "members.yaml",
                  """
                  stream: members
                  doc: Members.
                  embedded: {stream: projects, records: memberships}
                  scope: [workspace_id, project_id]
                  key: [project_id]
                  fields: {name: {type: string, doc: Name.}}
                  example: {name: a}
                  """)));

  private CascadeFixture() {}

  private static Document stream(String name, String path, String more, String moreFields) {
    return Document.parse(
        name + ".yaml",
        "stream: "
            + name
            + "\ndoc: Doc.\nendpoint: {path: '"
            + path
            + "'}\n"
            + more
            + "\n"
            + FIELDS.formatted(moreFields));
  }

  static CascadePlan plan(String... selected) {
    return CascadePlan.of(CATALOG, StreamSelection.select(CATALOG, List.of(selected)));
  }

  /** Rows of a stream in one workspace, by their ids. */
  static List<Row> rows(String stream, String workspaceId, String... ids) {
    List<Row> rows = new ArrayList<>();
    for (String id : ids) {
      rows.add(row(stream, Map.of("workspace_id", workspaceId, "id", id, "name", "n" + id)));
    }
    return rows;
  }

  static Row row(String stream, Map<String, String> values) {
    StreamDefinition definition = CATALOG.stream(stream);
    Row row = new Row(definition.columns().size());
    values.forEach(
        (column, value) -> {
          if (definition.position(column) >= 0) {
            row.set(definition.position(column), value);
          }
        });
    return row;
  }

  static Set<String> names(List<CascadeScheduler.Ended> ended) {
    Set<String> names = new java.util.TreeSet<>();
    ended.forEach(e -> names.add(e.load().toString()));
    return names;
  }
}
