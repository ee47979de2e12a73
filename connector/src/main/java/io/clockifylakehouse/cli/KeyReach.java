// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.cli.Workspaces.Workspace;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.source.Source;
import io.clockifylakehouse.stream.ColumnPath;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a key reaches in a workspace: a key has the role of its user (API.md section 2), and a
 * member's lists are smaller without a word. Immutable.
 */
enum KeyReach {
  OWNER("an owner's key: sees everything that the plan includes"),
  ADMIN("an admin's key: sees everything that the plan includes"),
  MANAGER(
      "a manager's key: sees its own time entries and those of whom it manages; everybody else's"
          + " are missing without a word"),
  MEMBER(
      "a regular member's key: sees only its own time entries and expenses, and no rates; for"
          + " everybody's use an owner's or admin's key");

  private static final String SELF = "user";
  private static final String PEOPLE = "workspace_users";

  private final String words;

  KeyReach(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /**
   * The reach of the key in a workspace, for two requests; empty when it cannot be told.
   *
   * @throws ConnectorException of code UNAUTHORIZED or INTERRUPTED, which end every command
   */
  static Optional<KeyReach> in(Workspace workspace, Source source, StreamCatalog catalog) {
    Optional<StreamDefinition> self = catalog.find(SELF);
    Optional<StreamDefinition> people = catalog.find(PEOPLE);
    if (self.isEmpty() || people.isEmpty() || people.get().position("roles") < 0) {
      return Optional.empty();
    }
    try {
      Scope scope = Scope.ROOT.with(Scope.WORKSPACE, workspace.id());
      Object own = id(self.get(), rows(source, self.get(), Scope.ROOT).get(0));
      return rows(source, people.get(), scope).stream()
          .filter(row -> own.equals(id(people.get(), row)))
          .findFirst()
          .map(row -> of(ColumnPath.of(people.get(), "roles.role").texts(row)));
    } catch (ConnectorException e) {
      if (e.code() == ErrorCode.UNAUTHORIZED || e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      return Optional.empty(); // the findings name what could not be read
    }
  }

  private static KeyReach of(List<String> roles) {
    if (roles.contains("OWNER")) {
      return OWNER;
    }
    return roles.contains("WORKSPACE_ADMIN") ? ADMIN : roles.isEmpty() ? MEMBER : MANAGER;
  }

  private static List<Row> rows(Source source, StreamDefinition stream, Scope scope) {
    return Workspaces.rows(source, new Slice(stream, scope, Period.ALWAYS, Map.of()));
  }

  private static Object id(StreamDefinition stream, Row row) {
    return row.get(stream.position(stream.key().get(0)));
  }
}
