// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.cli.Workspaces.Workspace;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.source.ClockifySource;
import io.clockifylakehouse.stream.ColumnPath;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Placeholder;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out with one cheap request each which streams a key may read: a child through the first
 * record of its parent. Not safe for use by several threads.
 */
final class StreamProbes {
  private final ClockifySource source;
  private final StreamCatalog catalog;

  StreamProbes(ClockifySource source, StreamCatalog catalog) {
    this.source = source;
    this.catalog = catalog;
  }

  /** What a probe can find. */
  enum Verdict {
    READABLE,
    FORBIDDEN,
    /** The parent has no record, or is not readable itself. */
    NOTHING_TO_PROBE,
    FAILED
  }

  /**
   * What was found out about one stream.
   *
   * @param workspace empty for a stream above workspaces
   * @param failure why it is forbidden or failed
   */
  record Finding(
      StreamDefinition stream,
      Optional<Workspace> workspace,
      Verdict verdict,
      Optional<ConnectorException> failure) {}

  /** The streams that lie in no workspace, the key's own user among them. */
  List<Finding> aboveWorkspaces() {
    List<Finding> findings = new ArrayList<>();
    for (StreamDefinition stream : catalog.streams()) {
      if (!stream.inWorkspace() && !stream.equals(Workspaces.stream(catalog))) {
        findings.add(probe(stream, Scope.ROOT, Optional.empty(), new HashMap<>()));
      }
    }
    return findings;
  }

  /** All streams of one workspace, parents first. */
  List<Finding> in(Workspace workspace) {
    Scope scope = Scope.ROOT.with(Scope.WORKSPACE, workspace.id());
    Map<String, Row> firstRows = new HashMap<>();
    Map<String, Finding> findings = new HashMap<>();
    List<Finding> ordered = new ArrayList<>();
    for (StreamDefinition stream : catalog.streams()) {
      if (!stream.inWorkspace()) {
        continue;
      }
      Finding finding;
      if (stream.embedded().isPresent()) {
        Finding parent = findings.get(stream.embedded().get().stream());
        finding = new Finding(stream, Optional.of(workspace), parent.verdict(), parent.failure());
      } else {
        finding =
            deeper(stream, scope, firstRows)
                .map(deeper -> probe(stream, deeper, Optional.of(workspace), firstRows))
                .orElse(
                    new Finding(
                        stream,
                        Optional.of(workspace),
                        Verdict.NOTHING_TO_PROBE,
                        Optional.empty()));
      }
      findings.put(stream.name(), finding);
      ordered.add(finding);
    }
    return ordered;
  }

  /** The scope of a stream's first parent; empty when a parent has no row. */
  private Optional<Scope> deeper(
      StreamDefinition stream, Scope workspace, Map<String, Row> firstRows) {
    List<Placeholder> placeholders = Placeholder.in(stream.endpoint().orElseThrow().path());
    Scope scope = workspace;
    for (int i = 1; i < placeholders.size(); i++) {
      Placeholder placeholder = placeholders.get(i);
      Row row = firstRows.get(placeholder.stream());
      List<String> ids =
          row == null
              ? List.of()
              : ColumnPath.of(catalog.stream(placeholder.stream()), placeholder.column())
                  .texts(row);
      if (ids.isEmpty()) {
        return Optional.empty();
      }
      scope = scope.with(stream.scope().get(i), ids.get(0));
    }
    return Optional.of(scope);
  }

  private Finding probe(
      StreamDefinition stream,
      Scope scope,
      Optional<Workspace> workspace,
      Map<String, Row> firstRows) {
    try {
      for (Map<String, String> variant : stream.endpoint().orElseThrow().variants()) {
        List<Row> rows = source.probe(new Slice(stream, scope, Period.ALWAYS, variant)).rows();
        if (!rows.isEmpty()) {
          firstRows.put(stream.name(), rows.get(0));
          break; // one variant that answers is proof enough; others are asked for a row only
        }
        if (!hasChildren(stream)) {
          break;
        }
      }
      return new Finding(stream, workspace, Verdict.READABLE, Optional.empty());
    } catch (ConnectorException e) {
      return switch (e.code()) {
        case UNAUTHORIZED, INTERRUPTED, DEFECT -> throw e;
        case FORBIDDEN -> {
          String likely = workspace.map(w -> "; " + w.plan().likelyReason(stream)).orElse("");
          ConnectorException explained = new ConnectorException(e.code(), e.getMessage() + likely);
          yield new Finding(stream, workspace, Verdict.FORBIDDEN, Optional.of(explained));
        }
        case PARENT_GONE ->
            new Finding(stream, workspace, Verdict.NOTHING_TO_PROBE, Optional.empty());
        case USAGE,
            REDIRECTED,
            REJECTED,
            UNEXPECTED_ANSWER,
            SHRINK_REFUSED,
            DESTINATION,
            UNAVAILABLE,
            QUOTA,
            LOCKED,
            COMMIT_CONFLICT,
            CONFIGURATION ->
            new Finding(stream, workspace, Verdict.FAILED, Optional.of(e));
      };
    }
  }

  private static boolean hasChildren(StreamDefinition stream) {
    return stream.reference().isPresent();
  }

  /** The exit code that a failure of this code leads to, beside others. */
  static int exitCode(Optional<ConnectorException> failure) {
    return failure.map(ConnectorException::code).map(ErrorCode::exitCode).orElse(0);
  }
}
