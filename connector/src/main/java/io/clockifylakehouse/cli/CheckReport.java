// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.cli.CheckCommand.CatalogCheck;
import io.clockifylakehouse.cli.StreamProbes.Finding;
import io.clockifylakehouse.cli.StreamProbes.Verdict;
import io.clockifylakehouse.cli.Workspaces.Workspace;
import io.clockifylakehouse.http.Traffic;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code check} found out. Immutable.
 *
 * @param reach of the key, by workspace id, as far as it can be told
 * @param skipForbidden true when a forbidden stream does not change the exit code
 */
record CheckReport(
    List<Workspace> workspaces,
    Map<String, KeyReach> reach,
    List<Finding> findings,
    CatalogCheck catalog,
    Traffic traffic,
    boolean skipForbidden) {

  Outcome outcome(Session session) {
    int exitCode = exitCode();
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), exitCode);
    describe(json);
    return new Outcome(exitCode, json, text(session.style(), exitCode));
  }

  /** The gravest of: catalog, what time may mend, what was left out. */
  private int exitCode() {
    Set<Integer> codes = new TreeSet<>();
    for (Finding finding : findings) {
      if (finding.verdict() != Verdict.FORBIDDEN || !skipForbidden) {
        codes.add(StreamProbes.exitCode(finding.failure()));
      }
    }
    codes.add(StreamProbes.exitCode(catalog.failure()));
    return List.of(78, 75, 3).stream().filter(codes::contains).findFirst().orElse(0);
  }

  private void describe(ObjectNode json) {
    json.putObject("catalog")
        .put("type", catalog.type())
        .put("writable", catalog.failure().isEmpty())
        .put("reason", catalog.failure().map(Throwable::getMessage).orElse(null));
    json.set("requests", ResultJson.requests(traffic));
    ArrayNode sees = json.putArray("workspaces");
    for (Workspace workspace : workspaces) {
      sees.addObject()
          .put("id", workspace.id())
          .put("name", workspace.name())
          .put("plan", workspace.plan().subscription().orElse(null))
          .put("role", reach(workspace).map(r -> r.name().toLowerCase(Locale.ROOT)).orElse(null))
          .put("reach", reach(workspace).map(KeyReach::words).orElse(null));
    }
    ArrayNode streams = json.putArray("streams");
    for (Finding finding : findings) {
      streams
          .addObject()
          .put("stream", finding.stream().name())
          .put("workspace_id", finding.workspace().map(Workspace::id).orElse(null))
          .put("plan", finding.stream().plan())
          .put("status", finding.verdict().name().toLowerCase(Locale.ROOT))
          .put("reason", finding.failure().map(Throwable::getMessage).orElse(null));
    }
  }

  private Optional<KeyReach> reach(Workspace workspace) {
    return Optional.ofNullable(reach.get(workspace.id()));
  }

  private String text(Style style, int exitCode) {
    StringBuilder text = new StringBuilder();
    TextTable seen =
        new TextTable()
            .column("WORKSPACE", TextTable.Kind.ELASTIC)
            .column("ID", TextTable.Kind.LEFT);
    workspaces.forEach(w -> seen.row(w.name(), w.id()));
    text.append(seen.render(style)).append('\n');
    TextTable table =
        new TextTable()
            .column("STREAM", TextTable.Kind.LEFT)
            .column("WORKSPACE", TextTable.Kind.ELASTIC)
            .column("PLAN", TextTable.Kind.LEFT)
            .column("THIS KEY", TextTable.Kind.LEFT, cell -> coloured(style, cell));
    for (Finding finding : findings) {
      table.row(
          finding.stream().name(),
          workspace(finding),
          finding.stream().plan(),
          word(finding.verdict()));
    }
    text.append(table.render(style)).append('\n');
    for (Finding finding : findings) {
      finding
          .failure()
          .filter(e -> finding.stream().embedded().isEmpty())
          .ifPresent(e -> text.append(Display.wrap(reason(finding, e.getMessage()), "  ")));
    }
    text.append("Key: ").append(style.good("works")).append(", sees ").append(workspaces.size());
    text.append(workspaces.size() == 1 ? " workspace\n" : " workspaces\n");
    for (Workspace workspace : workspaces) {
      reach(workspace)
          .ifPresent(
              known ->
                  text.append(
                      Display.wrap(Display.clean(workspace.name()) + ": " + known.words(), "  ")));
    }
    text.append("Catalog (").append(catalog.type()).append("): ");
    if (catalog.failure().isEmpty()) {
      text.append(style.good("can be written")).append('\n');
    } else {
      text.append(style.bad(Display.clean(catalog.failure().get().getMessage()))).append('\n');
    }
    if (exitCode == 0) {
      text.append("Next: ./clockify-lakehouse sync\n");
    } else if (exitCode == 3) {
      text.append("Next: ./clockify-lakehouse sync, which leaves out what is forbidden and ends\n");
      text.append("with exit 3; sync.on_forbidden: skip makes that 0.\n");
    }
    return text.toString();
  }

  private static String workspace(Finding finding) {
    return finding.workspace().map(Workspace::name).orElse("");
  }

  private static String reason(Finding finding, String message) {
    String place = finding.workspace().isEmpty() ? "" : " of " + workspace(finding);
    return finding.stream().name() + place + ": " + message;
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case READABLE -> "can read it";
      case FORBIDDEN -> "may not";
      case NOTHING_TO_PROBE -> "nothing to probe";
      case FAILED -> "failed";
    };
  }

  private static String coloured(Style style, String cell) {
    return switch (cell) {
      case "can read it" -> style.good(cell);
      case "failed" -> style.bad(cell);
      default -> style.notable(cell);
    };
  }
}
