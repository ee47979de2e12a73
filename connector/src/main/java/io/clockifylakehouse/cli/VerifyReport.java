// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.VerificationRow;
import io.clockifylakehouse.verification.VerificationResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The result of a verification, for people within 80 columns and for machines. Immutable. */
record VerifyReport(VerificationResult result, Style style) {
  private static final int MONTH_CHARS = 7;
  private static final int DAY_CHARS = 10;
  private static final String FIRST_DAY = "01";

  Outcome outcome(String command, String namespace) {
    ObjectNode json =
        ResultJson.common(command, result.startedAt(), result.finishedAt(), result.exitCode());
    json.put("verification_id", result.verificationId());
    json.put("agreement", word(result.agreement()));
    json.set("requests", ResultJson.requests(result.traffic()));
    List<VerificationRow> bad = unequal();
    if (result.exitCode() != 0) {
      bad.stream().map(this::line).findFirst().ifPresent(line -> json.put("reason", line));
    }
    ArrayNode comparisons = json.putArray("comparisons");
    result.comparisons().forEach(row -> describe(comparisons.addObject(), row, namespace));
    return new Outcome(result.exitCode(), json, text());
  }

  private void describe(ObjectNode json, VerificationRow row, String namespace) {
    json.put("stream", row.stream());
    json.put("table", namespace + "." + row.stream());
    json.put("workspace_id", row.workspaceId().orElse(null));
    json.put("workspace", row.workspaceId().map(result.workspaceNames()::get).orElse(null));
    json.put("from", row.from().map(Instant::toString).orElse(null));
    json.put("to", row.to().map(Instant::toString).orElse(null));
    json.put("measure", row.measure());
    json.put("expected", row.expected().orElse(null));
    json.put("found", row.found().orElse(null));
    json.put("status", word(row.agreement()));
    json.put("reason", row.reason().orElse(null));
    ArrayNode samples = json.putArray("sample_ids");
    row.sampleIds().forEach(samples::add);
  }

  /** What was compared for one measure of one stream and workspace. */
  private static final class Group {
    private int comparisons;
    private double expected;
    private double found;
    private Agreement worst = Agreement.EQUAL;
  }

  private String text() {
    Map<List<Object>, Group> groups = new LinkedHashMap<>();
    for (VerificationRow row : result.comparisons()) {
      if (row.expected().isPresent()) {
        Group group =
            groups.computeIfAbsent(
                List.of(row.stream(), row.workspaceId(), row.measure()), key -> new Group());
        group.comparisons++;
        group.expected += row.expected().get();
        group.found += row.found().orElse(0.0);
        group.worst = group.worst.or(row.agreement());
      }
    }
    TextTable table =
        new TextTable()
            .column("STREAM", TextTable.Kind.LEFT)
            .column("WORKSPACE", TextTable.Kind.ELASTIC)
            .column("OF", TextTable.Kind.LEFT)
            .column("CLOCKIFY", TextTable.Kind.RIGHT)
            .column("TABLE", TextTable.Kind.RIGHT)
            .column("STATUS", TextTable.Kind.LEFT, this::coloured);
    groups.forEach(
        (key, group) ->
            table.row(
                (String) key.get(0),
                workspace((Optional<?>) key.get(1)),
                (String) key.get(2),
                number(group.expected),
                number(group.found),
                word(group.worst)));
    StringBuilder text = new StringBuilder();
    if (!table.isEmpty()) {
      text.append(table.render(style)).append('\n');
    }
    String verdict =
        switch (result.agreement()) {
          case EQUAL -> style.good("equal");
          case CHANGED -> style.good("equal but for what changed since the last sync");
          case SKIPPED, FORBIDDEN, FAILED -> style.notable("not everything could be compared");
          case UNDECIDED, DIFFERENT -> style.bad("tables and Clockify differ");
        };
    text.append(
        String.format(
            Locale.ROOT,
            "%s (exit %d): %s figures compared with %s requests%n",
            verdict,
            result.exitCode(),
            Display.count(
                result.comparisons().stream().filter(r -> r.expected().isPresent()).count()),
            Display.count(result.traffic().sent())));
    unequal().forEach(row -> text.append(Display.wrap(line(row), "  ")));
    return text.toString();
  }

  /** The worst first. */
  private List<VerificationRow> unequal() {
    List<VerificationRow> rows = new ArrayList<>(result.comparisons());
    rows.removeIf(row -> row.agreement() == Agreement.EQUAL);
    rows.sort((a, b) -> b.agreement().compareTo(a.agreement()));
    return rows;
  }

  private String line(VerificationRow row) {
    StringBuilder line = new StringBuilder(word(row.agreement())).append(": ");
    line.append(row.stream());
    row.workspaceId().ifPresent(id -> line.append(" of ").append(workspace(Optional.of(id))));
    line.append(window(row));
    if (row.expected().isPresent() && row.found().isPresent()) {
      line.append(": ")
          .append(number(row.expected().get()))
          .append(' ')
          .append(row.measure())
          .append(" at Clockify, ")
          .append(number(row.found().get()))
          .append(" in the table");
    }
    row.reason().ifPresent(reason -> line.append(": ").append(Display.clean(reason)));
    if (!row.sampleIds().isEmpty()) {
      line.append(" (").append(Display.clean(String.join(", ", row.sampleIds()))).append(')');
    }
    return line.toString();
  }

  /** {@code , 2026-03} for a whole month, else its days. */
  private static String window(VerificationRow row) {
    if (row.from().isEmpty() || row.to().isEmpty()) {
      return "";
    }
    String from = row.from().get().toString().substring(0, DAY_CHARS);
    String to = row.to().get().toString().substring(0, DAY_CHARS);
    return from.endsWith(FIRST_DAY) && to.endsWith(FIRST_DAY)
        ? ", " + from.substring(0, MONTH_CHARS)
        : ", " + from + " to " + to;
  }

  private String workspace(Optional<?> id) {
    return id.map(found -> result.workspaceNames().getOrDefault(found.toString(), found.toString()))
        .map(Display::clean)
        .orElse("");
  }

  private String coloured(String status) {
    return switch (status) {
      case "equal", "changed" -> style.good(status);
      case "different", "undecided" -> style.bad(status);
      default -> style.notable(status);
    };
  }

  private static String word(Agreement agreement) {
    return agreement.name().toLowerCase(Locale.ROOT);
  }

  private static String number(double number) {
    return number == Math.rint(number)
        ? Display.count((long) number)
        : String.format(Locale.ROOT, "%,.2f", number);
  }
}
