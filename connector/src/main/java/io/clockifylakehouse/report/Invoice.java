// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * An invoice; amounts in minor units.
 *
 * @param issued a date that the service sends as midnight UTC, whatever the report's time zone
 */
record Invoice(
    int workspace,
    String number,
    String client,
    String status,
    Optional<LocalDate> issued,
    Optional<LocalDate> due,
    long amount,
    long paid,
    long balance,
    String currency) {
  private static final Set<String> NOT_OWED = Set.of("VOID", "PAID", "UNSENT");

  /** True when somebody owes the balance: it was sent, and not paid in full. */
  boolean isOpen() {
    return !NOT_OWED.contains(status) && balance != 0;
  }

  boolean isOverdue(LocalDate today) {
    return isOpen() && due.map(day -> day.isBefore(today)).orElse(false);
  }
}
