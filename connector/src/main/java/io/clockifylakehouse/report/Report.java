// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * Everything a report says, added up; what the formats write. Not to be changed once it is read.
 *
 * @param zone in which days begin
 * @param weekStart first day of a week
 * @param cube of the entries of the period, for the page; empty for the other formats
 * @param timesheets of everybody whose capacity is known, over the last weeks
 * @param withoutCapacity how many active people are left out there
 * @param expenses by what they have in common; grouped by month where they are too many
 */
public record Report(
    ReportSettings settings,
    ZoneId zone,
    LocalDate today,
    DayOfWeek weekStart,
    Directory directory,
    Breakdown breakdown,
    TimeCube cube,
    List<Budget> budgets,
    List<RunningTimer> timers,
    List<Timesheet> timesheets,
    int withoutCapacity,
    Map<Expense, Expense.Sum> expenses,
    List<Invoice> invoices,
    List<Approval> approvals,
    List<Freshness> freshness) {}
