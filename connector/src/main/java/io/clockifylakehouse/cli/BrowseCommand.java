// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.cli.Workspaces.Workspace;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists names and ids behind a key, for people. */
@Command(
    name = "browse",
    description = {
      "List the names and ids of workspaces, users or clients.",
      "Any other stream of named things directly in a workspace will do, too."
    },
    sortOptions = false)
final class BrowseCommand implements Action {
  /** Shown beside id and name where the stream has them. */
  private static final List<String> FURTHER = List.of("email", "status", "archived");

  @Parameters(paramLabel = "WHAT", description = "workspaces, users, clients, ...")
  private String what;

  @Option(
      names = "--workspace",
      paramLabel = "W",
      description = "id or exact name; repeatable (default: all that the key sees)")
  private List<String> workspaces = new ArrayList<>();

  @Override
  public Outcome run(Session session) {
    StreamDefinition stream = stream(session.catalog());
    Configuration configuration = session.configuration();
    ClockifyAccess clockify = ClockifyAccess.open(configuration.source(), session);
    List<Workspace> selected =
        Workspaces.selected(
            clockify.source(), session.catalog(), configuration.source(), workspaces);
    List<String> columns = new ArrayList<>(List.of("id", "name"));
    FURTHER.stream().filter(column -> stream.position(column) >= 0).forEach(columns::add);
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), 0);
    json.put("stream", stream.name());
    ArrayNode items = json.putArray("items");
    TextTable table = new TextTable();
    boolean several = stream.inWorkspace() && selected.size() > 1;
    if (several) {
      table.column("WORKSPACE", TextTable.Kind.ELASTIC);
    }
    table.column("ID", TextTable.Kind.LEFT).column("NAME", TextTable.Kind.ELASTIC);
    columns.subList(2, columns.size()).stream()
        .map(column -> column.toUpperCase(java.util.Locale.ROOT))
        .forEach(title -> table.column(title, TextTable.Kind.ELASTIC));
    if (!stream.inWorkspace()) {
      for (Workspace workspace : selected) {
        items.addObject().put("id", workspace.id()).put("name", workspace.name());
        table.row(workspace.id(), workspace.name());
      }
    } else {
      for (Workspace workspace : selected) {
        for (Row row : rows(clockify, stream, workspace)) {
          List<String> cells = add(items, stream, workspace, columns, row);
          if (several) {
            cells.add(0, workspace.name());
          }
          table.row(cells.toArray(String[]::new));
        }
      }
    }
    String text = table.isEmpty() ? "none\n" : table.render(session.style());
    return new Outcome(0, json, text);
  }

  private static List<String> add(
      ArrayNode items,
      StreamDefinition stream,
      Workspace workspace,
      List<String> columns,
      Row row) {
    ObjectNode item = items.addObject().put("workspace_id", workspace.id());
    List<String> cells = new ArrayList<>();
    for (String column : columns) {
      Object value = row.get(stream.position(column));
      item.put(column, value == null ? null : value.toString());
      cells.add(value == null ? "-" : value.toString());
    }
    return cells;
  }

  /** Distinct by id: the variants of an endpoint may overlap. */
  private static Iterable<Row> rows(
      ClockifyAccess clockify, StreamDefinition stream, Workspace workspace) {
    Map<Object, Row> rows = new LinkedHashMap<>();
    int id = stream.position("id");
    for (Map<String, String> variant : stream.endpoint().orElseThrow().variants()) {
      Slice slice =
          new Slice(
              stream, Scope.ROOT.with(Scope.WORKSPACE, workspace.id()), Period.ALWAYS, variant);
      Workspaces.rows(clockify.source(), slice).forEach(row -> rows.put(row.get(id), row));
    }
    return rows.values();
  }

  /** The stream of that name, or of that name in a workspace ({@code users}). */
  private StreamDefinition stream(StreamCatalog catalog) {
    Set<String> known = new LinkedHashSet<>();
    catalog.streams().stream()
        .filter(BrowseCommand::isBrowsable)
        .forEach(stream -> known.add(stream.name().replaceFirst("^workspace_", "")));
    Optional<StreamDefinition> found =
        catalog.find(what).or(() -> catalog.find("workspace_" + what));
    return found
        .filter(BrowseCommand::isBrowsable)
        .orElseThrow(
            () ->
                new ConnectorException(
                    ErrorCode.USAGE,
                    "browse: cannot list '" + what + "'" + Document.nearest(what, known)));
  }

  private static boolean isBrowsable(StreamDefinition stream) {
    boolean named = stream.position("id") >= 0 && stream.position("name") >= 0;
    boolean shallow =
        stream.reference().map(Scope.WORKSPACE::equals).orElse(false)
            || stream.scope().equals(List.of(Scope.WORKSPACE));
    return named && shallow && stream.endpoint().isPresent();
  }
}
