// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.sync.StreamResult;
import io.clockifylakehouse.sync.SyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of a sync for people, within 80 columns. Immutable.
 *
 * @param tables where the tables lie
 * @param nextSteps what to type next when all went well; may be empty
 */
record SyncReport(SyncResult result, String tables, List<String> nextSteps, Style style) {

  String text() {
    StringBuilder text = new StringBuilder();
    List<StreamResult> reached = result.streams().stream().filter(this::wasReached).toList();
    if (!reached.isEmpty()) {
      text.append(table(reached)).append('\n');
    }
    text.append(totals());
    text.append(reasons());
    text.append("Tables: ").append(Display.clean(tables)).append('\n');
    for (String step : next()) {
      text.append(step).append('\n');
    }
    return text.toString();
  }

  /** A stream that the run's early end left out says no more than that end itself. */
  private boolean wasReached(StreamResult stream) {
    return stream.status() != StreamResult.Status.SKIPPED
        || result.reason().isEmpty()
        || !stream.reason().equals(result.reason());
  }

  private String table(List<StreamResult> streams) {
    boolean changes = streams.stream().anyMatch(s -> !changes(s.rows()).isEmpty());
    TextTable table =
        new TextTable()
            .column("STREAM", TextTable.Kind.LEFT)
            .column("WORKSPACE", TextTable.Kind.ELASTIC)
            .column("STATUS", TextTable.Kind.LEFT, this::coloured)
            .column("ROWS", TextTable.Kind.RIGHT);
    if (changes) {
      table.column("CHANGES", TextTable.Kind.LEFT);
    }
    table.column("SEC", TextTable.Kind.RIGHT);
    for (StreamResult stream : streams) {
      List<String> cells = new ArrayList<>();
      cells.add(stream.stream());
      cells.add(workspace(stream));
      cells.add(word(stream.status()));
      cells.add(Display.count(stream.rows().read()));
      if (changes) {
        cells.add(changes(stream.rows()));
      }
      cells.add(seconds(stream.elapsed()));
      table.row(cells.toArray(String[]::new));
    }
    return table.render(style);
  }

  private String workspace(StreamResult stream) {
    return stream.workspaceId().map(id -> result.workspaceNames().getOrDefault(id, id)).orElse("");
  }

  /** {@code +12 ~3 -1}: added, changed, deleted; nothing where there is nothing. */
  private static String changes(RowCounts rows) {
    List<String> parts = new ArrayList<>();
    if (rows.added() > 0) {
      parts.add("+" + Display.compact(rows.added()));
    }
    if (rows.changed() > 0) {
      parts.add("~" + Display.compact(rows.changed()));
    }
    if (rows.deleted() > 0) {
      parts.add("-" + Display.compact(rows.deleted()));
    }
    return String.join(" ", parts);
  }

  private String totals() {
    long read = 0;
    long added = 0;
    long changed = 0;
    long deleted = 0;
    Map<String, Integer> statuses = new TreeMap<>();
    for (StreamResult stream : result.streams()) {
      read += stream.rows().read();
      added += stream.rows().added();
      changed += stream.rows().changed();
      deleted += stream.rows().deleted();
      statuses.merge(word(stream.status()), 1, Integer::sum);
    }
    Duration elapsed = Duration.between(result.stamp().startedAt(), result.finishedAt());
    Traffic traffic = result.traffic();
    String verdict =
        switch (result.status()) {
          case "ok" -> style.good("ok");
          case "partial" -> style.notable("partial");
          default -> style.bad("failed");
        };
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s (exit %d): %s rows in %s s%nChanges: %s added, %s changed, %s deleted%n",
            verdict,
            result.exitCode(),
            Display.count(read),
            seconds(elapsed),
            Display.count(added),
            Display.count(changed),
            Display.count(deleted)));
    List<String> counts = new ArrayList<>();
    statuses.forEach((status, count) -> counts.add(count + " " + status));
    text.append("Streams: ").append(String.join(", ", counts)).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "Requests: %s (%s retried, %s throttled), at last %.1f a second%n",
            Display.count(traffic.sent()),
            Display.count(traffic.retried()),
            Display.count(traffic.throttled()),
            traffic.rate()));
    return text.toString();
  }

  /** What was left out, and why; each reason once, with those that share it. */
  private String reasons() {
    StringBuilder text = new StringBuilder();
    result.reason().ifPresent(r -> text.append(Display.wrap("Stopped: " + r, "  ")));
    Map<List<String>, List<String>> sharing = new LinkedHashMap<>();
    for (StreamResult stream : result.streams()) {
      if (stream.reason().isPresent() && !stream.reason().equals(result.reason())) {
        String place = workspace(stream).isEmpty() ? "" : " of " + workspace(stream);
        sharing
            .computeIfAbsent(
                List.of(word(stream.status()), place, stream.reason().get()),
                reason -> new ArrayList<>())
            .add(stream.stream());
      }
    }
    sharing.forEach(
        (why, streams) ->
            text.append(
                Display.wrap(
                    why.get(0) + ": " + String.join(", ", streams) + why.get(1) + ": " + why.get(2),
                    "  ")));
    for (StreamResult stream : result.streams()) {
      if (!stream.drift().isEmpty()) {
        String place = workspace(stream).isEmpty() ? "" : " of " + workspace(stream);
        text.append(
            Display.wrap(
                "drift: " + stream.stream() + place + ": " + Display.drift(stream.driftSummary()),
                "  "));
      }
    }
    return text.toString();
  }

  private List<String> next() {
    return switch (result.exitCode()) {
      case 0 -> nextSteps;
      case 3 -> List.of("Next: what is named above, then the same command again.");
      case 75 -> List.of("Next: the same command again, later; " + resumption());
      case 77 -> List.of("Next: check the key; ./clockify-lakehouse check tells more.");
      case 78 -> List.of("Next: correct the configuration; config/README.md has every key.");
      default -> List.of("Next: the same command with --log-level debug tells more.");
    };
  }

  private String resumption() {
    return result.command().equals("backfill")
        ? "it goes on after its last commit."
        : "what is written stays.";
  }

  private String coloured(String status) {
    return switch (status) {
      case "ok", "unchanged" -> style.good(status);
      case "failed" -> style.bad(status);
      default -> style.notable(status);
    };
  }

  private static String word(StreamResult.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%,.1f", duration.toNanos() / 1e9);
  }
}
