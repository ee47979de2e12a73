// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.LocalDate;

/**
 * A timesheet or expenses handed in for approval.
 *
 * @param from first day, {@code to} last day, in the time zone of whose it is
 * @param seconds tracked
 */
record Approval(
    int workspace,
    int person,
    LocalDate from,
    LocalDate to,
    String type,
    String state,
    long seconds) {}
