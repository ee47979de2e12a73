// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.destination.MaintenancePlan;
import io.clockifylakehouse.destination.MaintenancePlan.Step;
import io.clockifylakehouse.destination.TableCare;
import io.clockifylakehouse.destination.TableCare.Figures;
import io.clockifylakehouse.destination.TableCare.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What maintenance did, for people within 80 columns and for machines. Immutable. */
record MaintainReport(List<TableCare> tables, MaintenancePlan plan, Instant now) {
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
  private static final double UNIT = 1024;

  Outcome outcome(Session session, String namespace) {
    List<String> refusals = refusals(namespace);
    int exitCode = refusals.isEmpty() ? 0 : 3;
    ObjectNode json = ResultJson.common(session.command(), session.startedAt(), now, exitCode);
    refusals.stream().findFirst().ifPresent(reason -> json.put("reason", reason));
    json.put("dry_run", plan.dryRun());
    ArrayNode array = json.putArray("tables");
    tables.forEach(table -> describe(array.addObject(), table, namespace));
    return new Outcome(exitCode, json, text(session.style(), exitCode, refusals));
  }

  private List<String> refusals(String namespace) {
    List<String> refusals = new ArrayList<>();
    for (TableCare table : tables) {
      for (Work work : table.work()) {
        work.refusal()
            .ifPresent(
                reason ->
                    refusals.add(
                        namespace
                            + "."
                            + table.table()
                            + ": "
                            + word(work.step())
                            + ": "
                            + reason));
      }
    }
    return refusals;
  }

  private static void describe(ObjectNode json, TableCare table, String namespace) {
    json.put("table", namespace + "." + table.table());
    figures(json.putObject("before"), table.before());
    figures(json.putObject("after"), table.after());
    ObjectNode steps = json.putObject("steps");
    for (Work work : table.work()) {
      steps
          .putObject(word(work.step()))
          .put("items", work.items())
          .put("bytes", work.bytes())
          .put("reason", work.refusal().orElse(null));
    }
  }

  private static void figures(ObjectNode json, Figures figures) {
    json.put("files", figures.files())
        .put("bytes", figures.bytes())
        .put("snapshots", figures.snapshots())
        .put("tags", figures.tags())
        .put("manifests", figures.manifests());
  }

  private String text(Style style, int exitCode, List<String> refusals) {
    TextTable lines =
        new TextTable()
            .column("TABLE", TextTable.Kind.LEFT)
            .column("FILES", TextTable.Kind.RIGHT)
            .column("SIZE", TextTable.Kind.RIGHT)
            .column("SNAPSHOTS", TextTable.Kind.RIGHT)
            .column("MANIFESTS", TextTable.Kind.RIGHT)
            .column("ORPHANS", TextTable.Kind.RIGHT);
    for (TableCare table : tables) {
      boolean worked = table.work().stream().anyMatch(work -> work.items() > 0);
      if (worked) {
        lines.row(
            table.table(),
            change(table.before().files(), table.after().files(), work(table, Step.COMPACTION)),
            size(table.after().bytes()),
            change(
                table.before().snapshots(), table.after().snapshots(), work(table, Step.SNAPSHOTS)),
            change(
                table.before().manifests(), table.after().manifests(), work(table, Step.MANIFESTS)),
            work(table, Step.ORPHANS).map(work -> Display.count(work.items())).orElse("-"));
      }
    }
    StringBuilder text = new StringBuilder();
    if (!lines.isEmpty()) {
      text.append(lines.render(style)).append('\n');
    }
    long orphanBytes =
        tables.stream()
            .flatMap(table -> work(table, Step.ORPHANS).stream())
            .mapToLong(Work::bytes)
            .sum();
    text.append(
        String.format(
            Locale.ROOT,
            "%s (exit %d): %d tables, %s; %s of files that nothing refers to%s%n",
            exitCode == 0 ? style.good("ok") : style.notable("partial"),
            exitCode,
            tables.size(),
            lines.isEmpty() ? "nothing to do" : plan.dryRun() ? "nothing changed yet" : "tended",
            size(orphanBytes),
            plan.dryRun() ? " would go" : " removed"));
    refusals.forEach(reason -> text.append(Display.wrap("left: " + reason, "  ")));
    return text.toString();
  }

  private static Optional<Work> work(TableCare table, Step step) {
    return table.work().stream().filter(work -> work.step() == step).findFirst();
  }

  /** {@code 12 > 3} when done, {@code 12 (9 to go)} in a dry run. */
  private String change(long before, long after, Optional<Work> work) {
    if (plan.dryRun()) {
      long items = work.map(Work::items).orElse(0L);
      return Display.count(before) + (items > 0 ? " (" + Display.count(items) + " to go)" : "");
    }
    return before == after
        ? Display.count(before)
        : Display.count(before) + " > " + Display.count(after);
  }

  private static String size(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= UNIT && unit < UNITS.size() - 1) {
      size /= UNIT;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, UNITS.get(unit));
  }

  private static String word(Step step) {
    return step.name().toLowerCase(Locale.ROOT);
  }
}
