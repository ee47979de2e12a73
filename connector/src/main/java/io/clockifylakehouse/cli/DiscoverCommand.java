// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the catalog of streams; needs neither key nor network. */
@Command(
    name = "discover",
    description = {
      "Show the streams: table, endpoint, parent, key, mode, plan.",
      "With a stream's name its columns too. Needs no key and no network."
    },
    sortOptions = false)
final class DiscoverCommand implements Action {
  @Parameters(
      arity = "0..1",
      paramLabel = "STREAM",
      completionCandidates = CompletionCommand.Streams.class,
      description = "show this stream's columns")
  private String name;

  @Override
  public Outcome run(Session session) {
    String namespace = session.configuration().destination().namespace();
    StreamSheet sheet = new StreamSheet(session.catalog(), namespace, session.style());
    List<StreamDefinition> streams =
        name == null ? session.catalog().streams() : List.of(session.catalog().stream(name));
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), 0);
    ArrayNode array = json.putArray("streams");
    streams.forEach(stream -> array.add(sheet.json(stream)));
    return new Outcome(0, json, name == null ? sheet.list(streams) : sheet.detail(streams.get(0)));
  }
}
