// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.Configuration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that narrow a command to some streams and workspaces. Filled by picocli. */
final class Selection {
  @Option(
      names = "--stream",
      paramLabel = "S",
      completionCandidates = CompletionCommand.Streams.class,
      description = "name or glob; repeatable; -S leaves one out (default: all)")
  private List<String> streams = new ArrayList<>();

  @Option(
      names = "--workspace",
      paramLabel = "W",
      description = "id or exact name; repeatable (default: all that the key sees)")
  private List<String> workspaces = new ArrayList<>();

  /** What was typed, or else what is configured. */
  List<String> streams(Configuration configuration) {
    return streams.isEmpty() ? configuration.sync().streams() : List.copyOf(streams);
  }

  /** What was typed, or else what is configured. */
  List<String> workspaces(Configuration configuration) {
    return workspaces.isEmpty() ? configuration.source().workspaces() : List.copyOf(workspaces);
  }
}
