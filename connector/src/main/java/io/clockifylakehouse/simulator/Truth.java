// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.simulator.Plan.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One record as the service would show it in full to an admin's key, with the ids that its row has
 * from the path. Taken from the data, not through paging.
 *
 * @param ancestors id by column name ({@code workspace_id}, {@code project_id}, …)
 * @param record as parsed from its JSON text, so that it equals what a client parses; not shared
 *     with the simulator; webhooks carry their secret
 */
public record Truth(Map<String, String> ancestors, ObjectNode record) {
  private static final Set<String> AS_KEPT =
      Set.of(
          "groups",
          "clients",
          "tags",
          "custom_fields",
          "expense_categories",
          "approval_requests",
          "holidays",
          "policies",
          "time_off_requests",
          "scheduling_assignments",
          "webhooks",
          "shared_reports");

  public Truth {
    ancestors = Map.copyOf(ancestors);
  }

  static List<Truth> of(World world, String stream) {
    return world.read(
        () -> {
          if (stream.equals("user")) {
            return List.of(new Truth(Map.of(), Json.reread(Presentation.owner(world, true))));
          }
          List<Truth> all = new ArrayList<>();
          for (Workspace workspace : world.workspaces()) {
            if (feature(stream).map(workspace.plan()::has).orElse(true)) {
              new Collector(workspace, all).collect(stream);
            }
          }
          return all;
        });
  }

  private static Optional<Feature> feature(String stream) {
    return switch (stream) {
      case "custom_fields" -> Optional.of(Feature.CUSTOM_FIELDS);
      case "expenses", "expense_categories" -> Optional.of(Feature.EXPENSES);
      case "invoices", "invoice_details", "invoice_items", "invoice_payments" ->
          Optional.of(Feature.INVOICING);
      case "approval_requests" -> Optional.of(Feature.APPROVAL);
      case "holidays", "policies", "time_off_requests", "time_off_balances" ->
          Optional.of(Feature.TIME_OFF);
      case "scheduling_assignments" -> Optional.of(Feature.SCHEDULING);
      default -> Optional.empty();
    };
  }

  private record Collector(Workspace workspace, List<Truth> all) {
    void collect(String stream) {
      if (AS_KEPT.contains(stream)) {
        workspace.store(stream).all().forEach(record -> add(record, "", ""));
        return;
      }
      switch (stream) {
        case "workspaces" ->
            all.add(new Truth(Map.of(), Json.reread(Presentation.workspace(workspace))));
        case "workspace_users" ->
            each(
                stream, user -> add(Presentation.user(workspace, user, "WORKSPACE", true), "", ""));
        case "member_profiles" ->
            each(stream, profile -> add(profile, "user_id", Json.text(profile, "#userId")));
        case "projects" ->
            each(stream, project -> add(Presentation.project(workspace, project), "", ""));
        case "project_memberships" -> each("projects", this::memberships);
        case "tasks" -> each(stream, task -> add(task, "project_id", Json.text(task, "projectId")));
        case "time_entries" -> entries(List.copyOf(workspace.entries().all()));
        case "time_entries_in_progress" -> entries(EntryEndpoints.running(workspace, user -> true));
        case "expenses" ->
            each(stream, expense -> add(Presentation.expense(workspace, expense), "", ""));
        case "invoices" -> each(stream, invoice -> add(Presentation.invoiceRow(invoice), "", ""));
        case "invoice_details" ->
            each("invoices", invoice -> add(invoice, "invoice_id", Json.text(invoice, "id")));
        case "invoice_items" -> each("invoices", this::items);
        case "invoice_payments" ->
            each(stream, payment -> add(payment, "invoice_id", Json.text(payment, "#invoiceId")));
        case "time_off_balances" ->
            each(stream, balance -> add(balance, "policy_id", Json.text(balance, "policyId")));
        default ->
            throw ConnectorException.configuration(
                "The simulated Clockify has no stream \"" + stream + "\"");
      }
    }

    private void each(String kind, Consumer<ObjectNode> action) {
      workspace.store(kind).all().forEach(action);
    }

    private void add(ObjectNode record, String column, String ancestor) {
      addRead(Json.reread(record), column, ancestor);
    }

    private void addRead(ObjectNode record, String column, String ancestor) {
      Map<String, String> ancestors = new TreeMap<>();
      ancestors.put("workspace_id", workspace.id());
      if (!column.isEmpty()) {
        ancestors.put(column, ancestor);
      }
      all.add(new Truth(ancestors, record));
    }

    private void memberships(ObjectNode project) {
      for (JsonNode membership : project.path("memberships")) {
        add((ObjectNode) membership, "project_id", Json.text(project, "id"));
      }
    }

    private void items(ObjectNode invoice) {
      for (JsonNode item : invoice.path("items")) {
        add((ObjectNode) item, "invoice_id", Json.text(invoice, "id"));
      }
    }

    private void entries(List<TimeEntry> entries) {
      List<TimeEntry> sorted = new ArrayList<>(entries);
      sorted.sort(TimeEntry.NEWEST_FIRST);
      for (TimeEntry entry : sorted) {
        addRead(entry.toJson(), "user_id", entry.userId());
      }
    }
  }
}
