// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Plan.Feature;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Expenses, their categories, invoices and payments (API.md 7.11, 7.12). Stateless. */
final class BillingEndpoints {
  private static final String INVOICES = "workspaces/{workspace}/invoices";
  private static final String EXPENSES = "workspaces/{workspace}/expenses";
  private static final Map<String, String> INVOICE_COLUMNS =
      Map.of(
          "ID", "/id",
          "CLIENT", "/clientName",
          "DUE_ON", "/dueDate",
          "ISSUE_DATE", "/issuedDate",
          "AMOUNT", "/amount",
          "BALANCE", "/balance");

  private BillingEndpoints() {}

  static List<Route> routes() {
    return List.of(
        Route.get(EXPENSES, BillingEndpoints::expenses).needs(Feature.EXPENSES),
        Route.get(EXPENSES + "/categories", BillingEndpoints::categories).needs(Feature.EXPENSES),
        Route.get(EXPENSES + "/{id}", BillingEndpoints::expense).needs(Feature.EXPENSES),
        admin(Route.get(INVOICES, BillingEndpoints::invoices)),
        admin(Route.get(INVOICES + "/settings", call -> call.ok(Json.object()))),
        admin(Route.post(INVOICES + "/info", BillingEndpoints::invoiceInfo)),
        admin(Route.get(INVOICES + "/{id}", BillingEndpoints::invoice)),
        IdentityEndpoints.writeOnly(INVOICES + "/{id}/items", "POST"),
        admin(Route.get(INVOICES + "/{id}/payments", BillingEndpoints::payments)));
  }

  private static Route admin(Route route) {
    return route.needs(Feature.INVOICING).closedToMembers();
  }

  /** Newest first; {@code start} and {@code end} are ignored. */
  private static Answer expenses(Call call) {
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode expense : call.workspace().store("expenses").all()) {
      String user = Json.text(expense, "userId");
      if (call.mayRead(user) && call.text("user-id").map(user::equals).orElse(true)) {
        found.add(expense);
      }
    }
    found.sort(
        Comparator.comparing((ObjectNode expense) -> Json.text(expense, "date"))
            .thenComparing(expense -> Json.text(expense, "id"))
            .reversed());
    PageRange page = call.page();
    ObjectNode envelope = Json.object();
    ObjectNode inner = envelope.putObject("expenses");
    ArrayNode rows = inner.putArray("expenses");
    Map<String, Double> days = new TreeMap<>();
    Map<String, Double> weeks = new TreeMap<>();
    for (ObjectNode expense : page.of(found)) {
      rows.add(Presentation.expense(call.workspace(), expense));
      LocalDate day = LocalDate.parse(Json.text(expense, "date").substring(0, 10));
      LocalDate sunday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
      days.merge(day.toString(), expense.path("total").asDouble(), Double::sum);
      weeks.merge(sunday.toString(), expense.path("total").asDouble(), Double::sum);
    }
    inner.put("count", rows.size());
    ArrayNode daily = envelope.putArray("dailyTotals");
    days.forEach(
        (day, total) ->
            daily
                .addObject()
                .put("date", day)
                .put("total", total)
                .put("dateAsInstant", day + "T00:00:00Z"));
    ArrayNode weekly = envelope.putArray("weeklyTotals");
    weeks.forEach((week, total) -> weekly.addObject().put("date", week).put("total", total));
    return page.marked(call.ok(envelope), found.size());
  }

  private static Answer expense(Call call) {
    return call.workspace()
        .store("expenses")
        .peek(call.variable("id"))
        .filter(expense -> call.mayRead(Json.text(expense, "userId")))
        .map(call::ok)
        .orElse(Answer.gone("Expense"));
  }

  /** Only active ones unless {@code archived=true} asks for the others. */
  private static Answer categories(Call call) {
    boolean archived = call.flag("archived").orElse(false);
    List<ObjectNode> found =
        call.sorted(
            call.workspace().store("expense_categories").all(), Map.of("NAME", "/name"), "NAME");
    found.removeIf(category -> category.path("archived").asBoolean() != archived);
    call.text("name")
        .ifPresent(name -> found.removeIf(row -> !Presentation.named(row, "name", name)));
    PageRange page = call.page();
    ObjectNode envelope = Json.object().put("count", found.size());
    envelope.set("categories", Json.list(page.of(found)));
    return page.marked(call.ok(envelope), found.size());
  }

  private static Answer invoices(Call call) {
    List<String> statuses =
        call.options(
            "statuses", List.of("UNSENT", "SENT", "PAID", "PARTIALLY_PAID", "VOID", "OVERDUE"));
    List<ObjectNode> found =
        call.sorted(call.workspace().store("invoices").all(), INVOICE_COLUMNS, "ID");
    found.removeIf(
        invoice -> !statuses.isEmpty() && !statuses.contains(Json.text(invoice, "status")));
    PageRange page = call.page();
    ObjectNode envelope = Json.object().put("total", found.size());
    envelope.set(
        "invoices", Json.list(page.of(found).stream().map(Presentation::invoiceRow).toList()));
    return page.marked(call.ok(envelope), found.size());
  }

  private static Answer invoiceInfo(Call call) {
    JsonNode body = call.body();
    PageRange page =
        new PageRange(
            Math.max(1, body.path("page").asInt(1)), Math.max(1, body.path("pageSize").asInt(50)));
    List<ObjectNode> all = List.copyOf(call.workspace().store("invoices").all());
    ObjectNode envelope = Json.object().put("total", all.size());
    ArrayNode rows = envelope.putArray("invoices");
    for (ObjectNode invoice : page.of(all)) {
      ObjectNode row = Presentation.invoiceRow(invoice);
      rows.add(row.put("billFrom", Json.text(invoice, "billFrom")).put("daysOverdue", 0));
    }
    return call.ok(envelope);
  }

  private static Answer invoice(Call call) {
    return call.workspace()
        .store("invoices")
        .peek(call.variable("id"))
        .map(call::ok)
        .orElse(Answer.gone("Invoice"));
  }

  private static Answer payments(Call call) {
    if (call.workspace().store("invoices").peek(call.variable("id")).isEmpty()) {
      return Answer.gone("Invoice");
    }
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode payment : call.workspace().store("invoice_payments").all()) {
      if (Json.text(payment, "#invoiceId").equals(call.variable("id"))) {
        found.add(payment);
      }
    }
    return call.paged(found, Json::visible);
  }
}
