// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.SourceConfiguration;
import io.clockifylakehouse.config.SourceConfiguration.AuthType;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.source.Page;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.WorkspacePlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The workspaces behind a key. Stateless. */
final class Workspaces {
  private Workspaces() {}

  /** One of them; its name is its id where the key may not list names. */
  record Workspace(String id, String name, WorkspacePlan plan) {}

  /** The stream whose rows are the workspaces. */
  static StreamDefinition stream(StreamCatalog catalog) {
    return catalog.streams().stream()
        .filter(stream -> stream.reference().map(Scope.WORKSPACE::equals).orElse(false))
        .findFirst()
        .orElseThrow();
  }

  /**
   * The workspaces of the given ids or exact names, or all when none is given.
   *
   * @throws ConnectorException of code CONFIGURATION for one that the key does not see
   */
  static List<Workspace> selected(
      Source source,
      StreamCatalog catalog,
      SourceConfiguration configuration,
      List<String> idsOrNames) {
    List<String> wanted = idsOrNames.isEmpty() ? configuration.workspaces() : idsOrNames;
    if (configuration.auth().type() == AuthType.ADDON_TOKEN) {
      return wanted.stream().map(id -> new Workspace(id, id, WorkspacePlan.UNKNOWN)).toList();
    }
    List<Workspace> all = all(source, stream(catalog));
    Set<String> missing = new LinkedHashSet<>(wanted);
    List<Workspace> selected = new ArrayList<>();
    for (Workspace workspace : all) {
      missing.removeAll(List.of(workspace.id(), workspace.name()));
      if (wanted.isEmpty()
          || wanted.contains(workspace.id())
          || wanted.contains(workspace.name())) {
        selected.add(workspace);
      }
    }
    if (!missing.isEmpty()) {
      throw ConnectorException.configuration(
          "no workspace has the id or exact name '"
              + String.join("', '", missing)
              + "' among those this key sees; run 'browse workspaces' to list them");
    }
    return selected;
  }

  private static List<Workspace> all(Source source, StreamDefinition stream) {
    int id = stream.position(stream.key().get(0));
    int name = stream.position("name");
    List<Workspace> workspaces = new ArrayList<>();
    for (Row row : rows(source, new Slice(stream, Scope.ROOT, Period.ALWAYS, Map.of()))) {
      String key = (String) row.get(id);
      workspaces.add(
          new Workspace(
              key,
              row.get(name) == null ? key : (String) row.get(name),
              WorkspacePlan.of(stream, row)));
    }
    return workspaces;
  }

  /** All rows of a slice. */
  static List<Row> rows(Source source, Slice slice) {
    List<Row> rows = new ArrayList<>();
    Source.SliceReader reader = source.open(slice);
    boolean last = false;
    while (!last) {
      Page page = reader.next();
      rows.addAll(page.rows());
      last = page.last();
    }
    return rows;
  }
}
