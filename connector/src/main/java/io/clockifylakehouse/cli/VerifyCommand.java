// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.config.SourceConfiguration.AuthType;
import io.clockifylakehouse.config.SyncConfiguration.OnForbidden;
import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.verification.Verification;
import io.clockifylakehouse.verification.VerificationResult;
import io.clockifylakehouse.verification.VerificationSettings;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the tables with what the service itself says. */
@Command(
    name = "verify",
    description = {
      "Compare the tables with Clockify's own figures, and name what differs.",
      "Time entries and expenses: number and sum of every month, from the one",
      "before the table's first row to the one after its last; invoices,",
      "categories, time off: their number. A request a month and list; more",
      "where figures differ, to name the rows. Kept in the table verifications."
    },
    sortOptions = false)
final class VerifyCommand implements Action {
  @Mixin private final Selection selection = new Selection();

  @Option(
      names = "--from",
      paramLabel = "DATE",
      description = "first day of time entries and expenses, UTC (default: all)")
  private LocalDate from;

  @Option(names = "--to", paramLabel = "DATE", description = "first day after them, UTC")
  private LocalDate to;

  @Option(
      names = "--deep",
      description = "also read everything anew and compare every row: as costly as sync --full")
  private boolean deep;

  @Override
  public Outcome run(Session session) {
    if (from != null && to != null && !from.isBefore(to)) {
      throw new ConnectorException(
          ErrorCode.USAGE, "verify: --to must be later than --from, found " + from + " and " + to);
    }
    Configuration configuration = session.configuration();
    ClockifyAccess clockify = ClockifyAccess.open(configuration.source(), session);
    VerificationSettings settings =
        new VerificationSettings(
            selection.streams(configuration),
            selection.workspaces(configuration),
            configuration.source().auth().type() == AuthType.ADDON_TOKEN,
            Optional.ofNullable(from),
            Optional.ofNullable(to),
            deep,
            configuration.sync().lookback(),
            configuration.sync().onForbidden() == OnForbidden.SKIP);
    try (Destination destination = SyncJob.destination(configuration);
        Progress progress =
            Progress.of(session.surroundings(), session.options(), clockify.exchange()::traffic)) {
      Thread own = Thread.currentThread();
      AtomicReference<Consumer<String>> stop = new AtomicReference<>(reason -> {});
      session
          .termination()
          .onSignal(
              reason -> {
                stop.get().accept(reason);
                own.interrupt();
              });
      VerificationResult result =
          new Verification(
                  clockify.source(),
                  clockify.exchange(),
                  configuration.source().bases(),
                  destination,
                  session.catalog(),
                  settings,
                  session.surroundings().time(),
                  progress,
                  run -> stop.set(run::stop))
              .run();
      return new VerifyReport(result, session.style())
          .outcome(session.command(), configuration.destination().namespace());
    }
  }

  @Override
  public void describeFailure(ObjectNode result) {
    result.putNull("verification_id");
    result.putArray("comparisons");
  }
}
