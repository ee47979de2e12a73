// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the tables above workspaces are this key's alone. Several keys may fill one namespace;
 * then a row that this key's answer lacks is no deleted one, and stays: that of another user, and
 * the workspaces that only the other sees.
 *
 * <p>Used by the run's committer alone.
 */
final class AccountRows {
  private static final Logger LOG = LoggerFactory.getLogger(AccountRows.class);

  private final Destination destination;
  private final CascadePlan plan;
  private final Optional<StreamDefinition> account;
  private boolean ended;
  private Optional<Boolean> shared = Optional.empty();

  AccountRows(Destination destination, StreamCatalog catalog, CascadePlan plan) {
    this.destination = destination;
    this.plan = plan;
    this.account = catalog.streams().stream().filter(CascadePlan::isAccount).findFirst();
  }

  /** True for a load that is to be committed only when it is known whose key this is. */
  boolean isAwaitedBy(Load load) {
    return load.workspaceId().isEmpty()
        && !isAccount(load)
        && !ended
        && account.map(plan::writes).orElse(false);
  }

  boolean isAccount(Load load) {
    return account.map(stream -> stream.name().equals(load.stream().name())).orElse(false);
  }

  /** To be called when the load of the account has ended, however it did. */
  void accountEnded() {
    ended = true;
  }

  /**
   * Whether rows of a load that were not read may be deleted.
   *
   * @param sink of the load, with all rows that were read
   */
  boolean mayDelete(Load load, Sink sink) {
    if (load.workspaceId().isPresent()) {
      return true;
    }
    if (isAccount(load)) {
      shared = Optional.of(sink.missingCount() > 0);
      if (shared.get()) {
        LOG.warn(
            "the table of {} holds the user of another key too: workspaces that this key does not"
                + " see keep their rows",
            load);
      }
      return false;
    }
    return !shared.orElseGet(this::hasSeveralUsers);
  }

  private boolean hasSeveralUsers() {
    return account
        .map(stream -> destination.values(stream, "", stream.key().get(0)).size() > 1)
        .orElse(false);
  }
}
