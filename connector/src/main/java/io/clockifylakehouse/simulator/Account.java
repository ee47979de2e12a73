// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What one simulated key can read, as sizes and a seed: equal accounts generate equal records.
 *
 * <p>Immutable.
 *
 * @param seed everything random follows from it
 * @param today the moment up to which history is generated; running timers started shortly before
 * @param workspaces at least one; the key's owner is a member of all of them
 */
public record Account(long seed, Instant today, List<WorkspaceShape> workspaces) {
  private static final Instant DEFAULT_TODAY = Instant.parse("2026-11-20T15:30:00Z");

  public Account {
    workspaces = List.copyOf(workspaces);
  }

  /** One workspace with a few records of every stream. */
  public static Account tiny(long seed) {
    return new Account(seed, DEFAULT_TODAY, List.of(WorkspaceShape.tiny("Tiny & Söhne")));
  }

  /** Three workspaces of a consultancy: some tens of people, about 30,000 time entries. */
  public static Account demo() {
    WorkspaceShape studio =
        WorkspaceShape.tiny("Meridian Studio")
            .withPlan(Plan.ENTERPRISE)
            .with("workspace_users", 32)
            .with("former_users", 4)
            .with("groups", 6)
            .with("clients", 24)
            .with("projects", 60)
            .with("tasks", 240)
            .with("tags", 18)
            .with("custom_fields", 8)
            .with("time_entries", 21_000)
            .with("time_entries_in_progress", 12)
            .with("expenses", 420)
            .with("expense_categories", 9)
            .with("invoices", 72)
            .with("invoice_items", 260)
            .with("invoice_payments", 80)
            .with("approval_requests", 110)
            .with("holidays", 14)
            .with("policies", 5)
            .with("time_off_requests", 90)
            .with("scheduling_assignments", 120)
            .with("webhooks", 5)
            .with("shared_reports", 7);
    WorkspaceShape agency =
        studio
            .withName("Agentur Übersee GmbH")
            .withPlan(Plan.PRO)
            .with("workspace_users", 14)
            .with("former_users", 2)
            .with("clients", 9)
            .with("projects", 22)
            .with("tasks", 70)
            .with("time_entries", 8_000)
            .with("time_entries_in_progress", 4)
            .with("expenses", 90)
            .with("invoices", 20)
            .with("invoice_items", 60)
            .with("invoice_payments", 16)
            .with("approval_requests", 30)
            .with("time_off_requests", 25)
            .with("scheduling_assignments", 30);
    WorkspaceShape side =
        WorkspaceShape.tiny("Side projects 🚀")
            .with("workspace_users", 3)
            .with("time_entries", 900)
            .with("time_entries_in_progress", 1);
    return new Account(20_261_121L, DEFAULT_TODAY, List.of(studio, agency, side));
  }

  public Account withSeed(long other) {
    return new Account(other, today, workspaces);
  }

  /** The same account with its history ending at another moment. */
  public Account endingAt(Instant other) {
    return new Account(seed, other, workspaces);
  }

  /** Exactly this number of records of a stream in every workspace. */
  public Account with(String stream, int records) {
    return each(shape -> shape.with(stream, records));
  }

  /** Every workspace on this plan. */
  public Account withPlan(Plan plan) {
    return each(shape -> shape.withPlan(plan));
  }

  /** This number of workspaces, each of the first one's shape. */
  public Account withWorkspaces(int count) {
    List<WorkspaceShape> shapes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      WorkspaceShape first = workspaces.get(0);
      shapes.add(i == 0 ? first : first.withName(first.name() + " " + (i + 1)));
    }
    return new Account(seed, today, shapes);
  }

  private Account each(UnaryOperator<WorkspaceShape> change) {
    return new Account(seed, today, workspaces.stream().map(change).toList());
  }
}
