// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Expenses and their categories, invoices with items and payments (API.md 7.11, 7.12). */
final class BillingGenerator {
  private static final List<String> CATEGORIES =
      List.of("Travel", "Meals", "Mileage", "Software", "Verpflegung", "Hardware", "Print");
  private static final List<String> STATUSES =
      List.of("UNSENT", "SENT", "PAID", "PARTIALLY_PAID", "VOID", "OVERDUE");

  private BillingGenerator() {}

  static void fill(Draft draft) {
    for (int i = 0; i < draft.size("expense_categories"); i++) {
      boolean priced = i % 3 == 2;
      draft.add(
          "expense_categories",
          Json.object()
              .put("id", draft.idFromDaysAgo(900 - i % 800))
              .put("name", CATEGORIES.get(i % CATEGORIES.size()) + (i < 7 ? "" : " " + i))
              .put("hasUnitPrice", priced)
              .put("priceInCents", priced ? 42 : 0)
              .put("unit", priced ? "km" : "")
              .put("workspaceId", draft.workspaceId())
              .put("archived", i % 4 == 1));
    }
    expenses(draft);
    invoices(draft);
    payments(draft);
  }

  /**
   * Kept flat, as the single GET shows them; the list looks up names. The first are of the gone.
   */
  private static void expenses(Draft draft) {
    SplittableRandom random = draft.random("expenses");
    List<ObjectNode> authors = new ArrayList<>(draft.former());
    authors.addAll(draft.people());
    List<ObjectNode> projects = draft.all("projects");
    List<ObjectNode> tasks = draft.all("tasks");
    List<ObjectNode> categories = draft.all("expense_categories");
    for (int i = 0; i < draft.size("expenses"); i++) {
      long age = i % 350;
      ObjectNode expense = draft.record(age);
      expense.put("userId", Json.text(authors.get(i % authors.size()), "id"));
      Instant date = draft.daysAgo(age).truncatedTo(ChronoUnit.SECONDS).minusSeconds(i % 5000);
      expense.put("date", date.toString());
      boolean loose = projects.isEmpty() || i % 7 == 3;
      ObjectNode task = tasks.isEmpty() || i % 4 != 2 ? null : tasks.get(i % tasks.size());
      expense.put(
          "projectId",
          task != null
              ? Json.text(task, "projectId")
              : loose ? null : Json.text(projects.get(i % projects.size()), "id"));
      expense.put("taskId", task == null ? null : Json.text(task, "id"));
      boolean uncategorised = categories.isEmpty() || i % 6 == 4;
      expense.put(
          "categoryId",
          uncategorised ? null : Json.text(categories.get(i % categories.size()), "id"));
      expense.put("notes", i % 3 == 1 ? null : RealisticText.awkward(i));
      expense.put("quantity", i % 5 == 1 ? 12.75 : (double) (1 + i % 500));
      expense.put("billable", i % 2 == 0);
      boolean receipt = i % 4 == 0;
      expense.put("fileId", receipt ? draft.idFromDaysAgo(age) : null);
      expense.put("#fileName", receipt ? "receipt " + i + ".pdf" : null);
      double total = i % 9 == 5 ? 10500.5 : 100.0 * (2 + random.nextInt(900));
      draft.add("expenses", expense.put("total", total).put("locked", i % 6 == 0));
    }
  }

  private static void invoices(Draft draft) {
    List<ObjectNode> clients = draft.all("clients");
    int count = draft.size("invoices");
    int items = count == 0 ? 0 : draft.size("invoice_items");
    for (int i = 0; i < count; i++) {
      long age = 12L * (i % 90);
      Instant issued = draft.daysAgo(age).truncatedTo(ChronoUnit.DAYS);
      ObjectNode invoice = Json.object().put("id", draft.idFromDaysAgo(age));
      invoice.put("number", i % 13 == 7 ? "№ " + i + "/ä \"x\"" : "2026-" + (1000 + i));
      invoice.put("status", STATUSES.get(i % STATUSES.size()));
      invoice.put("issuedDate", issued.toString());
      invoice.put("dueDate", issued.plus(30, ChronoUnit.DAYS).toString());
      invoice.put("calculationType", i % 2 == 0 ? "ITEM_BASED" : "INVOICE_BASED");
      ArrayNode lines = Json.array();
      long subtotal = 0;
      for (int item = i; item < items; item += count) {
        subtotal += line(draft, lines, item).path("amount").asLong();
      }
      long tax = i % 3 == 0 ? subtotal / 4 : 0;
      invoice.put("subtotal", subtotal).put("discount", i % 4 == 1 ? 150.5 : 0.0);
      invoice.put("tax", i % 3 == 0 ? 2500.0 : 0.0).put("tax2", 0.0);
      invoice.put("taxType", List.of("SIMPLE", "COMPOUND", "NONE").get(i % 3));
      invoice.put("discountAmount", 0).put("taxAmount", tax).put("tax2Amount", 0);
      long amount = subtotal + tax;
      Long paid =
          switch (STATUSES.get(i % STATUSES.size())) {
            case "PAID" -> amount;
            case "PARTIALLY_PAID" -> amount / 2;
            default -> null;
          };
      invoice.put("amount", amount).put("paid", paid);
      invoice.put("balance", paid == null ? amount : amount - paid);
      invoice.put("currency", draft.currency());
      invoice.put("subject", i % 5 == 2 ? RealisticText.awkward(i) : "");
      invoice.put("note", i % 5 == 3 ? RealisticText.awkward(i) : "");
      ObjectNode client = clients.isEmpty() ? Json.object() : clients.get(i % clients.size());
      invoice.put("clientId", client.isEmpty() ? null : Json.text(client, "id"));
      invoice.put("clientName", client.isEmpty() ? "" : Json.text(client, "name"));
      invoice.put("clientAddress", i % 2 == 0 ? null : "Rue de l'Église 5\nParis");
      invoice.put("userId", Json.text(draft.person(0), "id"));
      invoice.set("items", lines);
      ArrayNode zero = invoice.putArray("visibleZeroFields");
      if (i % 3 == 1) {
        zero.add("TAX").add("DISCOUNT");
      }
      invoice.put("companyId", draft.workspaceId());
      invoice.put("containsImportedTimes", i % 2 == 0).put("containsImportedExpenses", false);
      draft.add("invoices", invoice.put("billFrom", draft.shape().name()));
    }
  }

  private static ObjectNode line(Draft draft, ArrayNode lines, int item) {
    long unitPrice = item == 3 ? 9_000_000_000L : 750_000 + 100L * (item % 90);
    long quantity = 100 + item % 7;
    ObjectNode line = lines.addObject().put("order", lines.size());
    line.put("description", item % 6 == 5 ? RealisticText.awkward(item) : "Consulting " + item);
    line.put("quantity", quantity).put("unitPrice", unitPrice);
    line.put("amount", unitPrice * quantity / 100);
    line.put("itemType", item % 2 == 0 ? "Service" : "");
    line.put("importType", item % 2 == 0 ? "TIME_ENTRY_IMPORT" : "NOT_IMPORTED");
    ArrayNode imported = line.putArray("timeEntryIds");
    if (item % 2 == 0) {
      draft.workspace().entries().of(Json.text(draft.person(0), "id")).stream()
          .limit(3)
          .forEach(entry -> imported.add(entry.id()));
    }
    line.putArray("expenseIds");
    return line.put("applyTaxes", List.of("TAX1", "TAX1TAX2", "NONE").get(item % 3));
  }

  private static void payments(Draft draft) {
    List<ObjectNode> invoices = draft.all("invoices");
    int count = invoices.isEmpty() ? 0 : draft.size("invoice_payments");
    for (int i = 0; i < count; i++) {
      long age = i % 300;
      draft.add(
          "invoice_payments",
          Json.object()
              .put("id", draft.idFromDaysAgo(age))
              .put("amount", 25_000L + i)
              .put("author", Json.text(draft.person(i), "name"))
              .put("date", draft.daysAgo(age).truncatedTo(ChronoUnit.SECONDS).toString())
              .put("note", i % 2 == 0 ? null : RealisticText.awkward(i))
              .put("#invoiceId", Json.text(invoices.get(i % invoices.size()), "id")));
    }
  }
}
