// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.DriftSummary;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.sync.Standing;
import io.clockifylakehouse.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the streams stand, for people within 80 columns and for machines. Immutable.
 *
 * @param maxAge how old the last good sync of a stream may be
 * @param skipForbidden true when a forbidden stream is none that could be too old
 * @param tables where the tables lie
 */
record StatusReport(
    SyncStatus status,
    Optional<Duration> maxAge,
    boolean skipForbidden,
    String tables,
    Instant now) {
  private static final String NEVER = "never";

  Outcome outcome(Session session, String namespace) {
    List<Standing> stale = status.standings().stream().filter(this::isStale).toList();
    int exitCode = stale.isEmpty() ? 0 : 3;
    ObjectNode json = ResultJson.common(session.command(), session.startedAt(), now, exitCode);
    if (!stale.isEmpty()) {
      json.put("reason", reason(stale));
    }
    ArrayNode streams = json.putArray("streams");
    status.standings().forEach(standing -> describe(streams.addObject(), standing, namespace));
    return new Outcome(exitCode, json, text(session.style(), stale));
  }

  private boolean isStale(Standing standing) {
    boolean excused = skipForbidden && standing.state().equals("forbidden") || !standing.listed();
    return maxAge.isPresent() && !excused && standing.isOlderThan(maxAge.get(), now);
  }

  private String reason(List<Standing> stale) {
    Standing first = stale.get(0);
    String more = stale.size() == 1 ? "" : " and " + (stale.size() - 1) + " more";
    return first.stream()
        + first.workspaceId().map(id -> " of " + name(id)).orElse("")
        + more
        + (stale.size() == 1 ? " is" : " are")
        + " not as fresh as --max-age "
        + maxAge.orElseThrow()
        + " asks for; run sync"
        + (first.age(now).map(StatusReport::isAhead).orElse(false)
            ? "; its last one is dated later than now: set the clock right that was wrong"
            : "");
  }

  private static String ago(Duration age) {
    return isAhead(age) ? "in the future" : Display.age(age) + " ago";
  }

  /** By more than the clocks of two machines may differ. */
  private static boolean isAhead(Duration age) {
    return age.compareTo(Duration.ofMinutes(-5)) < 0;
  }

  private String name(String workspaceId) {
    return status.workspaceNames().getOrDefault(workspaceId, workspaceId);
  }

  private void describe(ObjectNode json, Standing standing, String namespace) {
    json.put("stream", standing.stream());
    json.put("table", namespace + "." + standing.stream());
    json.put("workspace_id", standing.workspaceId().orElse(null));
    json.put("workspace", standing.workspaceId().map(status.workspaceNames()::get).orElse(null));
    json.put("state", standing.state());
    json.put("reason", standing.lastRun().flatMap(PastRun::reason).orElse(null));
    json.put("rows", standing.rows());
    if (standing.snapshotId().isPresent()) {
      json.put("snapshot_id", standing.snapshotId().getAsLong());
    } else {
      json.putNull("snapshot_id");
    }
    json.put("committed_at", standing.committedAt().map(Instant::toString).orElse(null));
    DriftSummary drift = standing.lastRun().map(PastRun::drift).orElse(DriftSummary.NONE);
    ObjectNode drifted = json.putObject("drift");
    drift.unknownFields().forEach(drifted.putArray("unknown_fields")::add);
    drift.typeMismatches().forEach(drifted.putArray("type_mismatches")::add);
    drifted.put("unknown_values", drift.unknownValues());
    drifted.put("mismatched_values", drift.mismatchedValues());
    json.set("last_run", run(json, standing.lastRun()));
    json.set("last_sync", run(json, standing.lastSync()));
    json.set("last_failure", failure(json, standing.lastFailure()));
    json.set("verification", verification(json, standing));
    standing
        .age(now)
        .ifPresentOrElse(
            age -> json.put("age_seconds", age.toSeconds()), () -> json.putNull("age_seconds"));
    if (maxAge.isPresent()) {
      json.put("stale", isStale(standing));
    }
    json.put("oldest_full_pass", standing.oldestFullPass().map(Instant::toString).orElse(null));
    if (standing.backfill().isEmpty()) {
      json.putNull("backfill");
    } else {
      Standing.Backfill backfill = standing.backfill().get();
      json.putObject("backfill")
          .put("from", edge(backfill.period().fromMicros()).orElse(null))
          .put("to", edge(backfill.period().toMicros()).orElse(null))
          .put("through", backfill.through());
    }
  }

  private static ObjectNode run(ObjectNode factory, Optional<PastRun> run) {
    return run.map(
            past ->
                factory
                    .objectNode()
                    .put("sync_id", past.syncId())
                    .put("command", past.command())
                    .put("status", past.status())
                    .put("started_at", past.startedAt().toString()))
        .orElse(null);
  }

  private static ObjectNode failure(ObjectNode factory, Optional<PastRun> run) {
    ObjectNode json = run(factory, run);
    run.ifPresent(past -> json.put("reason", past.reason().orElse(null)));
    return json;
  }

  private static ObjectNode verification(ObjectNode factory, Standing standing) {
    return standing
        .verification()
        .map(
            verified ->
                factory
                    .objectNode()
                    .put("verification_id", verified.verificationId())
                    .put("verified_at", verified.verifiedAt().toString())
                    .put("status", word(verified.agreement()))
                    .put("reason", verified.reason().orElse(null)))
        .orElse(null);
  }

  private static String word(Agreement agreement) {
    return agreement.name().toLowerCase(Locale.ROOT);
  }

  /** One side of a period as text; empty where it is open. */
  private static Optional<String> edge(long micros) {
    return micros == Long.MIN_VALUE || micros == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
  }

  private String text(Style style, List<Standing> stale) {
    StringBuilder text = new StringBuilder();
    if (status.isEmpty()) {
      text.append("Nothing is synced yet.\n");
    } else {
      Map<Optional<String>, List<Standing>> groups = new LinkedHashMap<>();
      for (Standing standing : status.standings()) {
        groups.computeIfAbsent(standing.workspaceId(), id -> new ArrayList<>()).add(standing);
      }
      groups.forEach((id, group) -> text.append(group(style, id, group)).append('\n'));
    }
    text.append("Tables: ").append(Display.clean(tables)).append('\n');
    if (!stale.isEmpty()) {
      text.append(style.bad("stale")).append(" (exit 3): ");
      text.append(Display.wrap(reason(stale), "  "));
    } else if (status.isEmpty()) {
      text.append("Next: ./clockify-lakehouse sync, which creates and fills them.\n");
    }
    return text.toString();
  }

  private String group(Style style, Optional<String> workspaceId, List<Standing> group) {
    StringBuilder text = new StringBuilder();
    text.append(
        style.heading(workspaceId.map(this::name).map(Display::clean).orElse("Above workspaces")));
    if (!group.get(0).listed()) {
      text.append(" (no longer among the key's workspaces)");
    }
    group.stream()
        .flatMap(standing -> standing.lastRun().stream())
        .max(Comparator.comparing(PastRun::startedAt))
        .ifPresent(
            run ->
                text.append(", last run: ")
                    .append(Display.clean(run.command() + " " + run.syncId())));
    text.append('\n');
    TextTable table =
        new TextTable()
            .column("STREAM", TextTable.Kind.LEFT)
            .column("ROWS", TextTable.Kind.RIGHT)
            .column("STATE", TextTable.Kind.LEFT, cell -> coloured(style, cell))
            .column("SYNCED", TextTable.Kind.RIGHT)
            .column("SNAPSHOT", TextTable.Kind.RIGHT);
    for (Standing standing : group) {
      if (!standing.state().equals(NEVER)) {
        table.row(
            standing.stream(),
            Display.count(standing.rows()),
            standing.state(),
            standing.age(now).map(StatusReport::ago).orElse(NEVER),
            standing.snapshotId().isPresent()
                ? Long.toString(standing.snapshotId().getAsLong())
                : "-");
      }
    }
    if (!table.isEmpty()) {
      text.append(table.render(style));
    }
    List<String> never =
        group.stream().filter(s -> s.state().equals(NEVER)).map(Standing::stream).toList();
    if (!never.isEmpty()) {
      text.append(Display.wrap("Never synced: " + String.join(", ", never), "  "));
    }
    group.forEach(standing -> text.append(passes(standing)));
    for (Standing standing : group) {
      DriftSummary drift = standing.lastRun().map(PastRun::drift).orElse(DriftSummary.NONE);
      if (!drift.isEmpty()) {
        text.append(Display.wrap(standing.stream() + ": " + Display.drift(drift), "  "));
      }
    }
    text.append(verified(style, group)).append(failed(group));
    return text.toString();
  }

  /** What the last verification of the group's streams found, those that are not equal by name. */
  private String verified(Style style, List<Standing> group) {
    Optional<Instant> last =
        group.stream()
            .flatMap(standing -> standing.verification().stream())
            .map(Standing.Verified::verifiedAt)
            .max(Comparator.naturalOrder());
    if (last.isEmpty()) {
      return "";
    }
    List<String> unequal =
        group.stream()
            .filter(s -> s.verification().map(v -> v.agreement() != Agreement.EQUAL).orElse(false))
            .map(s -> s.stream() + " " + word(s.verification().orElseThrow().agreement()))
            .toList();
    String verdict =
        unequal.isEmpty() ? style.good("equal") : style.notable(String.join(", ", unequal));
    return Display.wrap(
        "Verified " + Display.age(Duration.between(last.get(), now)) + " ago: " + verdict, "  ");
  }

  /** The last failure of any stream of the group. */
  private String failed(List<Standing> group) {
    return group.stream()
        .flatMap(standing -> standing.lastFailure().stream())
        .max(Comparator.comparing(PastRun::startedAt))
        .map(
            run ->
                Display.wrap(
                    "Last failure, "
                        + Display.age(Duration.between(run.startedAt(), now))
                        + " ago: "
                        + run.stream()
                        + " "
                        + run.status()
                        + run.reason().map(reason -> ": " + Display.clean(reason)).orElse(""),
                    "  "))
        .orElse("");
  }

  /** How far the streams that are read by time are known. */
  private String passes(Standing standing) {
    StringBuilder text = new StringBuilder();
    standing
        .oldestFullPass()
        .ifPresent(
            pass ->
                text.append(
                    Display.wrap(
                        standing.stream()
                            + ": everything was read within the last "
                            + Display.age(Duration.between(pass, now)),
                        "  ")));
    standing
        .backfill()
        .ifPresent(
            backfill ->
                text.append(
                    Display.wrap(
                        standing.stream()
                            + ": a backfill"
                            + edge(backfill.period().fromMicros())
                                .map(from -> " --from " + from.substring(0, 10))
                                .orElse("")
                            + edge(backfill.period().toMicros())
                                .map(to -> " --to " + to.substring(0, 10))
                                .orElse("")
                            + " has come to "
                            + backfill.through()
                            + "; run it again to go on",
                        "  ")));
    return text.toString();
  }

  private static String coloured(Style style, String state) {
    return switch (state) {
      case "ok", "unchanged" -> style.good(state);
      case "failed" -> style.bad(state);
      default -> style.notable(state);
    };
  }
}
