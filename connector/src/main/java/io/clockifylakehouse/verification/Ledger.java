// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.verification;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.VerificationRow;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The comparisons of one verification, in the order they were made. For one thread. */
final class Ledger {
  private final String verificationId;
  private final Instant verifiedAt;
  private final List<VerificationRow> rows = new ArrayList<>();
  private boolean retryable;

  Ledger(String verificationId, Instant verifiedAt) {
    this.verificationId = verificationId;
    this.verifiedAt = verifiedAt;
  }

  /** What is compared. */
  record Subject(String stream, Optional<String> workspaceId, Optional<TimeWindow> window) {}

  /** Enters two figures; they differ exactly when there is an explanation. */
  void compared(
      Subject subject,
      String measure,
      double expected,
      double found,
      Optional<Explanation> explanation) {
    rows.add(
        row(
            subject,
            measure,
            Optional.of(expected),
            Optional.of(found),
            explanation.map(Explanation::agreement).orElse(Agreement.EQUAL),
            explanation.map(Explanation::reason),
            explanation.map(Explanation::sampleIds).orElse(List.of())));
  }

  /** Enters that nothing could be compared. */
  void left(Subject subject, String measure, Agreement agreement, String reason) {
    rows.add(
        row(
            subject,
            measure,
            Optional.empty(),
            Optional.empty(),
            agreement,
            Optional.of(reason),
            List.of()));
  }

  /**
   * Enters that the service gave no figure.
   *
   * @throws ConnectorException the failure itself, when it ends the whole run
   */
  void failed(Subject subject, String measure, ConnectorException failure) {
    switch (failure.code()) {
      case UNAUTHORIZED, INTERRUPTED, CONFIGURATION, DESTINATION -> throw failure;
      case FORBIDDEN -> left(subject, measure, Agreement.FORBIDDEN, failure.getMessage());
      default -> {
        retryable |= failure.code() == ErrorCode.UNAVAILABLE;
        left(subject, measure, Agreement.FAILED, failure.getMessage());
      }
    }
  }

  private VerificationRow row(
      Subject subject,
      String measure,
      Optional<Double> expected,
      Optional<Double> found,
      Agreement agreement,
      Optional<String> reason,
      List<String> sampleIds) {
    return new VerificationRow(
        verificationId,
        verifiedAt,
        subject.stream(),
        subject.workspaceId(),
        subject.window().map(TimeWindow::start),
        subject.window().map(TimeWindow::end),
        measure,
        expected,
        found,
        agreement,
        reason,
        sampleIds);
  }

  List<VerificationRow> rows() {
    return List.copyOf(rows);
  }

  /** Of the contract: what time may mend beats what it will not. */
  int exitCode(boolean skipForbidden) {
    if (retryable) {
      return ErrorCode.UNAVAILABLE.exitCode();
    }
    boolean fine =
        rows.stream()
            .allMatch(
                row ->
                    switch (row.agreement()) {
                      case EQUAL, CHANGED -> true;
                      case FORBIDDEN -> skipForbidden;
                      case SKIPPED, FAILED, UNDECIDED, DIFFERENT -> false;
                    });
    return fine ? 0 : 3;
  }
}
