// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Random changes to everything a simulated account holds. For one thread at a time. */
final class WorldChanges {
  /** Records that come, change and go by themselves. */
  private static final List<String> PLAIN =
      List.of(
          "clients",
          "tags",
          "tasks",
          "groups",
          "custom_fields",
          "expenses",
          "expense_categories",
          "invoice_payments",
          "approval_requests",
          "holidays",
          "time_off_requests",
          "scheduling_assignments",
          "webhooks",
          "shared_reports");

  private final ClockifySimulator simulator;
  private final Duration lookback;
  private final EntryChanges entries;

  WorldChanges(ClockifySimulator simulator, Time time, Duration lookback) {
    this.simulator = simulator;
    this.lookback = lookback;
    this.entries = new EntryChanges(simulator, time);
  }

  /** So many random changes. */
  void apply(int changes, SplittableRandom random) {
    List<Workspace> workspaces = simulator.world().workspaces();
    for (int i = 0; i < changes; i++) {
      Workspace workspace = workspaces.get(random.nextInt(workspaces.size()));
      int kind = random.nextInt(100);
      if (kind < 60) {
        entries.any(workspace, lookback, random);
      } else if (kind < 62) {
        entries.removeMany(workspace, random);
      } else if (kind < 85) {
        plain(workspace, PLAIN.get(random.nextInt(PLAIN.size())), random);
      } else if (kind < 95) {
        structure(workspace, random);
      } else {
        people(workspace, random);
      }
    }
  }

  private void plain(Workspace workspace, String kind, SplittableRandom random) {
    Records records = workspace.records(kind);
    List<String> ids = records.ids();
    if (ids.size() < 2) {
      return;
    }
    String id = ids.get(random.nextInt(ids.size()));
    switch (random.nextInt(4)) {
      case 0 -> clone(workspace, kind, id);
      case 1 -> {
        if (ids.size() > 3) {
          records.remove(id);
        }
      }
      default -> records.edit(id, record -> rename(record, random));
    }
  }

  private static void rename(ObjectNode record, SplittableRandom random) {
    String text = "changed " + random.nextInt(1000);
    record.put(record.has("name") ? "name" : "aFieldUnknownSoFar", text);
  }

  private String clone(Workspace workspace, String kind, String like) {
    ObjectNode record = workspace.records(kind).find(like).orElseThrow();
    String id = simulator.world().nextId();
    if (kind.equals("approval_requests")) {
      ((ObjectNode) record.get("approvalRequest")).put("id", id);
    } else {
      record.put("id", id);
    }
    workspace.records(kind).put(record);
    return id;
  }

  private void structure(Workspace workspace, SplittableRandom random) {
    List<String> projects = workspace.records("projects").ids();
    String project = projects.get(random.nextInt(projects.size()));
    List<String> invoices = workspace.records("invoices").ids();
    String invoice = invoices.get(random.nextInt(invoices.size()));
    switch (random.nextInt(9)) {
      case 0 -> clone(workspace, "projects", project);
      case 1 -> {
        if (projects.size() > 3) {
          workspace.removeProject(project);
        }
      }
      case 2, 3 ->
          workspace
              .records("projects")
              .edit(project, p -> p.put("archived", !p.path("archived").asBoolean()));
      case 4 -> workspace.records("projects").edit(project, p -> membership(p, random));
      case 5 -> {
        List<String> tasks = workspace.records("tasks").ids();
        String task = clone(workspace, "tasks", tasks.get(random.nextInt(tasks.size())));
        workspace.records("tasks").edit(task, t -> t.put("projectId", project));
      }
      case 6 -> {
        if (invoices.size() > 2) {
          workspace.removeInvoice(invoice);
        }
      }
      case 7 -> clone(workspace, "invoices", invoice);
      default -> workspace.records("invoices").edit(invoice, i -> item(i, random));
    }
  }

  private static void membership(ObjectNode project, SplittableRandom random) {
    ArrayNode memberships = project.withArray("memberships");
    if (memberships.isEmpty()) {
      return;
    }
    int index = random.nextInt(memberships.size());
    if (random.nextBoolean()) {
      memberships.remove(index);
    } else {
      ((ObjectNode) memberships.get(index)).put("membershipStatus", "INACTIVE");
    }
  }

  private static void item(ObjectNode invoice, SplittableRandom random) {
    ArrayNode items = invoice.withArray("items");
    if (items.isEmpty()) {
      return;
    }
    if (items.size() > 1 && random.nextBoolean()) {
      items.remove(items.size() - 1);
    } else {
      ((ObjectNode) items.get(0)).put("description", "item " + random.nextInt(1000));
    }
  }

  private void people(Workspace workspace, SplittableRandom random) {
    List<String> users = workspace.records("workspace_users").ids();
    String user = users.get(random.nextInt(users.size()));
    switch (random.nextInt(4)) {
      case 0 -> {
        // Somebody whom no other record names any more could be found by nobody.
        if (users.size() > 3 && !user.equals(simulator.world().ownerId())) {
          remember(workspace, user);
          workspace.removeUser(user);
        }
      }
      case 1 -> {
        String id = clone(workspace, "workspace_users", user);
        int days = random.nextInt(1, 600);
        for (int i = 0; i < 3; i++) {
          entries.create(workspace, id, simulator.account().today().minus(Duration.ofDays(days)));
        }
      }
      case 2 -> workspace.records("workspace_users").edit(user, record -> rename(record, random));
      default -> workspace.edit(settings -> settings.put("name", "W " + random.nextInt(1000)));
    }
  }

  /** Makes sure that a project still names a user, as projects do whom somebody tracked time on. */
  private static void remember(Workspace workspace, String user) {
    Records projects = workspace.records("projects");
    for (String id : projects.ids()) {
      projects.edit(
          id,
          project -> {
            ArrayNode memberships = project.withArray("memberships");
            boolean named = false;
            for (int i = 0; i < memberships.size(); i++) {
              named |= memberships.get(i).path("userId").asText().equals(user);
            }
            if (!named && !memberships.isEmpty()) {
              memberships.add(((ObjectNode) memberships.get(0).deepCopy()).put("userId", user));
            }
          });
    }
  }
}
