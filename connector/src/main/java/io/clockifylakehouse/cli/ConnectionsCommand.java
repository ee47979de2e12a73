// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.SourceConfiguration;
import io.clockifylakehouse.config.SourceConfiguration.AuthType;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.gateway.Connection;
import io.clockifylakehouse.gateway.Connections;
import io.clockifylakehouse.stream.Host;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Manages the connections of the Maton gateway. */
@Command(
    name = "connections",
    description = {
      "List, create, show or delete the Maton gateway's connections to Clockify.",
      "A new one is pending until the URL that is printed was opened in a browser.",
      "Needs source.auth.type maton."
    },
    sortOptions = false)
final class ConnectionsCommand implements Action {
  enum Verb {
    LIST,
    CREATE,
    SHOW,
    DELETE
  }

  @Parameters(index = "0", paramLabel = "WHAT", description = "list, create, show or delete")
  private Verb verb;

  @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "of show and delete")
  private String id;

  @Override
  public Outcome run(Session session) {
    boolean wantsId = verb == Verb.SHOW || verb == Verb.DELETE;
    if (wantsId != (id != null)) {
      throw new ConnectorException(
          ErrorCode.USAGE,
          wantsId
              ? "connections: which one? See: connections list"
              : "connections: list and create take no id");
    }
    Connections connections = connections(session);
    return switch (verb) {
      case LIST -> outcome(session, connections.list());
      case SHOW -> outcome(session, List.of(connections.show(id)));
      case CREATE -> created(session, connections.create());
      case DELETE -> {
        connections.delete(id);
        yield outcome(session, List.of(), "deleted " + Display.clean(id) + "\n");
      }
    };
  }

  private Connections connections(Session session) {
    SourceConfiguration source = session.configuration().source();
    if (source.auth().type() != AuthType.MATON) {
      throw ConnectorException.configuration(
          "source.auth.type: only the maton gateway has connections; set it to maton, and"
              + " source.auth.value to the gateway's key");
    }
    URI base = Connections.base(source.bases().get(Host.MAIN));
    return new Connections(ClockifyAccess.exchange(source, session, Set.of(base)), base);
  }

  private static Outcome created(Session session, Connection made) {
    String text =
        made.url()
            .map(url -> "open this in a browser to authorise it:\n" + Display.clean(url) + "\n")
            .orElse("see: connections show " + Display.clean(made.id()) + "\n");
    return outcome(session, List.of(made), "created " + Display.clean(made.id()) + "; " + text);
  }

  private static Outcome outcome(Session session, List<Connection> connections) {
    TextTable table =
        new TextTable()
            .column("ID", TextTable.Kind.LEFT)
            .column("STATUS", TextTable.Kind.LEFT)
            .column("CREATED", TextTable.Kind.LEFT)
            .column("UPDATED", TextTable.Kind.LEFT);
    for (Connection one : connections) {
      table.row(
          Display.clean(one.id()),
          Display.clean(one.status()),
          cell(one.createdAt()),
          cell(one.updatedAt()));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        table.isEmpty() ? "none; make one: connections create\n" : table.render(session.style()));
    connections.stream()
        .filter(one -> !one.status().equals("ACTIVE") && one.url().isPresent())
        .forEach(
            one ->
                text.append("to authorise ")
                    .append(Display.clean(one.id()))
                    .append(", open: ")
                    .append(Display.clean(one.url().get()))
                    .append('\n'));
    return outcome(session, connections, text.toString());
  }

  private static String cell(Optional<String> text) {
    return text.map(Display::clean).orElse("-");
  }

  private static Outcome outcome(Session session, List<Connection> connections, String text) {
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), 0);
    ArrayNode array = json.putArray("connections");
    for (Connection one : connections) {
      array
          .addObject()
          .put("id", one.id())
          .put("status", one.status())
          .put("created_at", one.createdAt().orElse(null))
          .put("updated_at", one.updatedAt().orElse(null))
          .put("url", one.url().orElse(null));
    }
    return new Outcome(0, json, text);
  }
}
