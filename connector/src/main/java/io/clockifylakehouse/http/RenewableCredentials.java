// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The credential that requests carry. When the service refuses it, its origin is asked once whether
 * it has another one by now: keys are rotated while a run is under way.
 *
 * <p>Safe for use by several threads; all wait while one of them asks.
 */
final class RenewableCredentials {
  private final Supplier<Credentials> origin;
  private Credentials current; // guarded by this, as all below
  private Redaction redaction;
  private boolean asked;
  private Optional<String> failure = Optional.empty();

  /**
   * @param origin reads the credential anew
   */
  RenewableCredentials(Credentials first, Supplier<Credentials> origin) {
    this.origin = origin;
    this.current = first;
    this.redaction = new Redaction(first.value());
  }

  synchronized Credentials current() {
    return current;
  }

  /** Knows every credential that was in use. */
  synchronized Redaction redaction() {
    return redaction;
  }

  /** Why the origin could not be asked for another credential; empty when it could. */
  synchronized Optional<String> failure() {
    return failure;
  }

  /**
   * What to do about a refusal.
   *
   * @return true when another credential than the refused one is in use now
   */
  synchronized boolean renew(Credentials refused) {
    if (current.equals(refused) && !asked) {
      asked = true;
      try {
        Credentials renewed = origin.get();
        redaction = new Redaction(current.value(), renewed.value());
        current = renewed;
      } catch (ConnectorException e) {
        failure = Optional.of(e.getMessage());
      }
    }
    return !current.equals(refused);
  }
}
