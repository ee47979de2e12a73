// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One simulated workspace: its own object and its records by kind. Safe for use by several threads.
 *
 * <p>Kinds are named after the streams. What follows from other records has no store of its own:
 * memberships are in projects, items in {@code invoices} (kept in full), names of clients and
 * projects beside references are looked up when an answer is written.
 */
public final class Workspace {
  private static final List<String> KINDS =
      List.of(
          "workspace_users",
          "former_users",
          "member_profiles",
          "groups",
          "clients",
          "projects",
          "tasks",
          "tags",
          "custom_fields",
          "expenses",
          "expense_categories",
          "invoices",
          "invoice_payments",
          "approval_requests",
          "holidays",
          "policies",
          "time_off_requests",
          "time_off_balances",
          "scheduling_assignments",
          "webhooks",
          "shared_reports");

  /** A record that was deleted, and when. */
  record Deletion(String kind, String id, ObjectNode document, Instant at) {}

  private final ReentrantReadWriteLock lock;
  private final String id;
  private final Map<String, RecordStore> stores = new TreeMap<>();
  private final EntryStore entries;
  private final List<Deletion> deletions = new ArrayList<>();
  private Plan plan;
  private ObjectNode settings;

  /**
   * @param settings the workspace's object without its memberships and plan
   * @param now gives the moment of a deletion
   */
  Workspace(ReentrantReadWriteLock lock, ObjectNode settings, Plan plan, Supplier<Instant> now) {
    this.lock = lock;
    this.id = Json.text(settings, "id");
    this.settings = settings;
    this.plan = plan;
    for (String kind : KINDS) {
      String pointer =
          switch (kind) {
            case "approval_requests" -> "/approvalRequest/id";
            case "member_profiles" -> "/#userId";
            default -> "/id";
          };
      stores.put(
          kind,
          new RecordStore(
              lock,
              JsonPointer.compile(pointer),
              (recordId, record) ->
                  deletions.add(new Deletion(kind, recordId, record, now.get()))));
    }
    entries =
        new EntryStore(
            lock,
            (recordId, record) ->
                deletions.add(new Deletion("time_entries", recordId, record, now.get())));
  }

  public String id() {
    return id;
  }

  public Plan plan() {
    lock.readLock().lock();
    try {
      return plan;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Moves the workspace to another plan: features come and go with it. */
  public void plan(Plan other) {
    change(() -> plan = other);
  }

  /** Changes the workspace's own object (name, rates, settings). */
  public void edit(Consumer<ObjectNode> change) {
    change(
        () -> {
          ObjectNode changed = settings.deepCopy();
          change.accept(changed);
          settings = changed;
        });
  }

  /**
   * The records of a kind, for reading and changing.
   *
   * @throws ConnectorException (CONFIGURATION) for a kind that has no store
   */
  public Records records(String kind) {
    return kind.equals("time_entries") ? entries : store(kind);
  }

  /** Deletes a project with its tasks; time entries keep its id. */
  public void removeProject(String projectId) {
    change(
        () -> {
          if (store("projects").remove(projectId)) {
            List<String> tasks = new ArrayList<>();
            for (ObjectNode task : store("tasks").all()) {
              if (Json.text(task, "projectId").equals(projectId)) {
                tasks.add(Json.text(task, "id"));
              }
            }
            tasks.forEach(store("tasks")::remove);
          }
        });
  }

  /** Deletes an invoice with its payments. */
  public void removeInvoice(String invoiceId) {
    change(
        () -> {
          store("invoices").remove(invoiceId);
          List<String> payments = new ArrayList<>();
          for (ObjectNode payment : store("invoice_payments").all()) {
            if (Json.text(payment, "#invoiceId").equals(invoiceId)) {
              payments.add(Json.text(payment, "id"));
            }
          }
          payments.forEach(store("invoice_payments")::remove);
        });
  }

  /**
   * Takes a user out of the workspace: the list, groups and the profile forget them, time entries
   * stay, memberships of projects become inactive.
   */
  public void removeUser(String userId) {
    change(
        () -> {
          RecordStore users = store("workspace_users");
          users.peek(userId).ifPresent(store("former_users")::put);
          users.remove(userId);
          store("member_profiles").remove(userId);
          for (String group : store("groups").ids()) {
            store("groups").edit(group, record -> without(record, "userIds", userId));
          }
          for (String project : store("projects").ids()) {
            store("projects").edit(project, record -> deactivate(record, userId));
          }
        });
  }

  private static void without(ObjectNode record, String field, String value) {
    Iterator<JsonNode> values = record.withArray(field).elements();
    while (values.hasNext()) {
      if (values.next().asText().equals(value)) {
        values.remove();
      }
    }
  }

  private static void deactivate(ObjectNode project, String userId) {
    ArrayNode memberships = project.withArray("memberships");
    memberships.forEach(
        membership -> {
          if (Json.text(membership, "userId").equals(userId)) {
            ((ObjectNode) membership).put("membershipStatus", "INACTIVE");
          }
        });
  }

  private void change(Runnable change) {
    lock.writeLock().lock();
    try {
      change.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  RecordStore store(String kind) {
    RecordStore store = stores.get(kind);
    if (store == null) {
      throw ConnectorException.configuration(
          String.format(
              "The simulated workspace has no records of kind \"%s\"; kinds: time_entries, %s",
              kind, String.join(", ", stores.keySet())));
    }
    return store;
  }

  EntryStore entries() {
    return entries;
  }

  /** Only under the world's lock. */
  ObjectNode settings() {
    return settings;
  }

  /** What was deleted, oldest first; only under the world's lock. */
  List<Deletion> deletions() {
    return deletions;
  }
}
