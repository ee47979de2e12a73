// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.observability.RunObserver;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.sync.Reading;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Loads history once, resumable: a killed run goes on after its last commit. */
@Command(
    name = "backfill",
    description = {
      "Load the time entries of a period, and everything else as sync does.",
      "Commits as it goes: the same command goes on after its last commit."
    },
    sortOptions = false)
final class BackfillCommand implements Action {
  private static final long SECOND_MICROS = 1_000_000;

  @Option(
      names = "--from",
      paramLabel = "DATE",
      required = true,
      description = "first UTC date of the entries' start, such as 2019-01-01")
  private LocalDate from;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      description = "first UTC date after it (default: no end)")
  private LocalDate to;

  @Mixin private final Selection selection = new Selection();
  @Mixin private final Monitoring monitoring = new Monitoring();

  @Override
  public Outcome run(Session session) {
    return monitoring.observe(session, observer -> run(session, observer));
  }

  private Outcome run(Session session, RunObserver observer) {
    Period period = period(session);
    Configuration configuration = session.configuration();
    observer.configure(monitoring.settings(configuration.observability()));
    return new SyncJob(
            session,
            configuration,
            selection.streams(configuration),
            selection.workspaces(configuration),
            new Reading.Backfill(
                period,
                configuration.sync().backfillCommitRows(),
                configuration.sync().fullPassEvery()))
        .run(
            observer,
            List.of("Next: ./clockify-lakehouse sync, every hour or so, keeps it exact."));
  }

  private Period period(Session session) {
    if (to != null && !from.isBefore(to)) {
      throw usage("--from " + from + " is not before --to " + to + ", which is exclusive");
    }
    LocalDate today = LocalDate.ofInstant(session.startedAt(), ZoneOffset.UTC);
    if (from.isAfter(today)) {
      throw usage("--from " + from + " is in the future; today is " + today + " (UTC)");
    }
    return new Period(micros(from), to == null ? Long.MAX_VALUE : micros(to));
  }

  private static ConnectorException usage(String reason) {
    return new ConnectorException(ErrorCode.USAGE, "backfill: " + reason);
  }

  private static long micros(LocalDate date) {
    return Math.multiplyExact(date.atStartOfDay(ZoneOffset.UTC).toEpochSecond(), SECOND_MICROS);
  }

  @Override
  public void describeFailure(ObjectNode result) {
    ResultJson.describeNoSync(result);
  }
}
