// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.http.RateSettings;
import io.clockifylakehouse.sync.Forecast;
import io.clockifylakehouse.sync.StreamForecast;
import io.clockifylakehouse.sync.SyncForecast;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what the next sync will cost. */
@Command(
    name = "plan",
    description = {
      "Say what the next sync will cost in requests and seconds.",
      "Counts in the tables; asks Clockify for the workspaces, and before the",
      "first sync for projects, users, invoices and policies."
    },
    sortOptions = false)
final class PlanCommand implements Action {
  @Mixin private final Selection selection = new Selection();

  @Option(names = "--full", description = "as for a sync that re-reads everything")
  private boolean full;

  @Override
  public Outcome run(Session session) {
    Configuration configuration = session.configuration();
    ClockifyAccess clockify = ClockifyAccess.open(configuration.source(), session);
    try (Destination destination = SyncJob.destination(configuration)) {
      SyncJob job =
          new SyncJob(
              session,
              configuration,
              selection.streams(configuration),
              selection.workspaces(configuration),
              SyncJob.incremental(configuration, full));
      Forecast forecast =
          new SyncForecast(
                  clockify.source(),
                  clockify.exchange(),
                  destination,
                  session.catalog(),
                  job.settings(),
                  session.surroundings().time())
              .run();
      return outcome(session, forecast, ClockifyAccess.rate(configuration.source()));
    }
  }

  private static Outcome outcome(Session session, Forecast forecast, RateSettings settings) {
    double rate = settings.max();
    double seconds = settings.seconds(forecast.requests());
    ObjectNode json =
        ResultJson.common(
            session.command(), session.startedAt(), session.surroundings().time().now(), 0);
    json.put("requests", forecast.requests());
    json.put("seconds", Math.round(seconds * 1000) / 1000.0);
    json.put("rate", rate);
    json.put("spent", forecast.spent());
    ArrayNode unsynced = json.putArray("unsynced");
    forecast.unsynced().forEach(unsynced::add);
    ArrayNode streams = json.putArray("streams");
    for (StreamForecast stream : forecast.streams()) {
      streams
          .addObject()
          .put("stream", stream.stream())
          .put("workspace_id", stream.workspaceId().orElse(null))
          .put("requests", stream.requests());
    }
    return new Outcome(0, json, text(session.style(), forecast, seconds, rate));
  }

  private static String text(Style style, Forecast forecast, double seconds, double rate) {
    TextTable table =
        new TextTable()
            .column("STREAM", TextTable.Kind.LEFT)
            .column("WORKSPACE", TextTable.Kind.ELASTIC)
            .column("REQUESTS", TextTable.Kind.RIGHT);
    for (StreamForecast stream : forecast.streams()) {
      if (stream.requests() > 0) {
        table.row(
            stream.stream(),
            stream
                .workspaceId()
                .map(id -> forecast.workspaceNames().getOrDefault(id, id))
                .orElse(""),
            Display.count(stream.requests()));
      }
    }
    StringBuilder text = new StringBuilder(table.render(style));
    text.append(
        String.format(
            Locale.ROOT,
            "%nThe next sync: %s requests, about %,.0f s at up to %s a second%n",
            Display.count(forecast.requests()),
            Math.ceil(seconds),
            rate));
    if (!forecast.unsynced().isEmpty()) {
      text.append(
          Display.wrap(
              "Not synced yet in every workspace, thus only estimated: "
                  + String.join(", ", forecast.unsynced()),
              "  "));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "This plan took %d %s of Clockify and changed nothing.%n",
            forecast.spent(),
            forecast.spent() == 1 ? "request" : "requests"));
    return text.toString();
  }
}
