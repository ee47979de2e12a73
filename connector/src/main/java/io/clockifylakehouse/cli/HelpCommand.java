// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.Iterator;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how a command is used: the same as {@code COMMAND --help}. */
@Command(name = "help", description = "Show how a command is used.", sortOptions = false)
final class HelpCommand implements Action {
  /** For completion. */
  static final class Commands implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return new CommandLine(new ClockifyLakehouse()).getSubcommands().keySet().iterator();
    }
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      completionCandidates = Commands.class,
      description = "whose help to show (default: the list of commands)")
  private String name;

  @Spec private CommandSpec spec;

  @Override
  public Outcome run(Session session) {
    CommandLine top = spec.root().commandLine();
    Map<String, CommandLine> commands = top.getSubcommands();
    if (name != null && !commands.containsKey(name)) {
      throw new ConnectorException(
          ErrorCode.USAGE,
          "help: there is no command '" + name + "'" + Document.nearest(name, commands.keySet()));
    }
    String text = (name == null ? top : commands.get(name)).getUsageMessage(top.getColorScheme());
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), 0);
    return new Outcome(0, json.put("text", text), text);
  }
}
