// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.DriftSummary;
import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.source.Drift;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * How one stream of one workspace ended.
 *
 * @param workspaceId empty for a stream above workspaces
 * @param reason why it is not ok, in words; empty when it is
 * @param cause the code behind the reason
 * @param earlier what an earlier run read of it; empty when this run read everything
 * @param elapsed from its first slice's start to its commit
 */
public record StreamResult(
    String stream,
    Optional<String> workspaceId,
    Status status,
    Optional<String> reason,
    Optional<ErrorCode> cause,
    RowCounts rows,
    Drift drift,
    OptionalLong snapshotId,
    Optional<EarlierRead> earlier,
    Duration elapsed) {

  /** True when its table equals the service. */
  public boolean whole() {
    return status == Status.OK || status == Status.UNCHANGED;
  }

  /** The same with another reason, such as one without secrets. */
  public StreamResult masked(UnaryOperator<String> mask) {
    return new StreamResult(
        stream,
        workspaceId,
        status,
        reason.map(mask),
        cause,
        rows,
        drift,
        snapshotId,
        earlier,
        elapsed);
  }

  /** The code behind the reason, as results and tables name it; empty when there is none. */
  public Optional<String> causeName() {
    return cause.map(code -> code.name().toLowerCase(Locale.ROOT));
  }

  /** The drift as the tables keep it. */
  public DriftSummary driftSummary() {
    return new DriftSummary(
        List.copyOf(drift.unknownFields()),
        List.copyOf(drift.typeMismatches()),
        drift.unknownValues(),
        drift.mismatchedValues());
  }

  /** The words of the contract. */
  public enum Status {
    OK,
    UNCHANGED,
    SKIPPED,
    FORBIDDEN,
    FAILED
  }
}
