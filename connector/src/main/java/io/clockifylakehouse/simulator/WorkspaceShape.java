// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import io.clockifylakehouse.error.ConnectorException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much a generated workspace holds: its name, its plan, and a number of records per stream.
 *
 * <p>Streams that follow from others have no size of their own: {@code member_profiles}, {@code
 * project_memberships}, {@code invoice_details}, {@code time_off_balances} (policies × users).
 * Children without a parent (tasks without projects, payments without invoices) are not generated.
 * {@code time_entries} counts running timers in; {@code workspace_users} counts the key's owner in
 * and is at least 1; {@code former_users} are people who left and whose entries stay.
 *
 * <p>Immutable.
 *
 * @param name the workspace's name
 * @param plan the workspace's plan; records of features it does not have are generated all the
 *     same, and cannot be read
 * @param sizes records by stream name; at least 0 each
 */
public record WorkspaceShape(String name, Plan plan, Map<String, Integer> sizes) {
  private static final Map<String, Integer> TINY =
      Map.ofEntries(
          Map.entry("workspace_users", 4),
          Map.entry("former_users", 1),
          Map.entry("groups", 2),
          Map.entry("clients", 3),
          Map.entry("projects", 4),
          Map.entry("tasks", 9),
          Map.entry("tags", 3),
          Map.entry("custom_fields", 6),
          Map.entry("time_entries", 60),
          Map.entry("time_entries_in_progress", 2),
          Map.entry("expenses", 8),
          Map.entry("expense_categories", 3),
          Map.entry("invoices", 3),
          Map.entry("invoice_items", 5),
          Map.entry("invoice_payments", 3),
          Map.entry("approval_requests", 5),
          Map.entry("holidays", 3),
          Map.entry("policies", 3),
          Map.entry("time_off_requests", 4),
          Map.entry("scheduling_assignments", 4),
          Map.entry("webhooks", 2),
          Map.entry("shared_reports", 2));

  /**
   * @throws ConnectorException (CONFIGURATION) for a name without a size, or a number below 0
   */
  public WorkspaceShape {
    sizes = Map.copyOf(sizes);
    for (Map.Entry<String, Integer> size : sizes.entrySet()) {
      int least = size.getKey().equals("workspace_users") ? 1 : 0;
      if (!TINY.containsKey(size.getKey()) || size.getValue() < least) {
        throw ConnectorException.configuration(
            String.format(
                "A simulated workspace cannot have %d of \"%s\"; sizes are at least %d, for: %s",
                size.getValue(),
                size.getKey(),
                least,
                String.join(", ", new TreeMap<>(TINY).keySet())));
      }
    }
  }

  /** A few records of every stream, on the PRO plan. */
  public static WorkspaceShape tiny(String name) {
    return new WorkspaceShape(name, Plan.PRO, TINY);
  }

  /** This shape with another number of records in one stream. */
  public WorkspaceShape with(String stream, int records) {
    Map<String, Integer> changed = new TreeMap<>(sizes);
    changed.put(stream, records);
    return new WorkspaceShape(name, plan, changed);
  }

  public WorkspaceShape withName(String other) {
    return new WorkspaceShape(other, plan, sizes);
  }

  public WorkspaceShape withPlan(Plan other) {
    return new WorkspaceShape(name, other, sizes);
  }

  int size(String stream) {
    return sizes.getOrDefault(stream, 0);
  }
}
