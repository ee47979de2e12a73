// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Prints what teaches bash and zsh to complete this command line. */
@Command(
    name = "completion",
    description = {
      "Print what teaches bash and zsh to complete this command.",
      "In this shell: source <(./clockify-lakehouse completion)"
    },
    sortOptions = false)
final class CompletionCommand implements Action {
  /** The words that an option or a parameter takes: the enums' own, which are typed small. */
  private static final Pattern WORDS = Pattern.compile("(?<=_(option|pos_param)_args=)\\(.*\\)");

  /** For options that take a stream. */
  static final class Streams implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return StreamCatalog.packaged().streams().stream().map(StreamDefinition::name).iterator();
    }
  }

  @Override
  public Outcome run(Session session) {
    String script =
        WORDS
            .matcher(
                AutoComplete.bash(ClockifyLakehouse.NAME, new CommandLine(new ClockifyLakehouse())))
            .replaceAll(words -> words.group().toLowerCase(Locale.ROOT));
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), 0);
    return new Outcome(0, json.put("script", script), script);
  }
}
