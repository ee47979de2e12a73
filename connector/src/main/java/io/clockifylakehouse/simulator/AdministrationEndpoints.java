// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Webhooks on the main host, shared reports on the reports host (API.md 7.18, 7.19). Stateless. */
final class AdministrationEndpoints {
  private AdministrationEndpoints() {}

  static List<Route> routes() {
    return List.of(
        Route.get("workspaces/{workspace}/webhooks", AdministrationEndpoints::webhooks)
            .closedToAddons()
            .closedToMembers(),
        Route.get("workspaces/{workspace}/webhooks/{id}", AdministrationEndpoints::webhook)
            .closedToAddons()
            .closedToMembers());
  }

  static List<Route> reportRoutes() {
    return List.of(
        Route.get("workspaces/{workspace}/shared-reports", AdministrationEndpoints::sharedReports));
  }

  /** Those of users unless those of add-ons are asked for; both never come together. */
  private static Answer webhooks(Call call) {
    if (call.text("type").equals(Optional.of("SYSTEM"))) {
      return Answer.refusal(500, "Internal server error");
    }
    String type = call.option("type", List.of("USER_CREATED", "ADDON"), "USER_CREATED");
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode webhook : call.workspace().store("webhooks").all()) {
      if (Json.text(webhook, "#type").equals(type)) {
        found.add(webhook);
      }
    }
    ObjectNode envelope = Json.object().put("workspaceWebhookCount", found.size());
    envelope.set("webhooks", Json.list(found));
    return call.ok(envelope);
  }

  private static Answer webhook(Call call) {
    return call.workspace()
        .store("webhooks")
        .peek(call.variable("id"))
        .map(call::ok)
        .orElse(Answer.gone("Webhook"));
  }

  /** Its parameter is {@code pageSize}; the hyphenated one is ignored, and no header ends it. */
  private static Answer sharedReports(Call call) {
    String filter = call.text("sharedReportsFilter").orElse("ALL");
    if (!List.of("ALL", "ALL_ADMIN", "CREATED_BY_ME", "SHARED_WITH_ME").contains(filter)) {
      return Answer.refusal(500, "Internal server error");
    }
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode report : call.workspace().store("shared_reports").all()) {
      boolean mine = Json.text(report, "reportAuthor").equals(call.caller().userId());
      if (mine || call.caller().admin() && filter.startsWith("ALL")) {
        found.add(report);
      }
    }
    int page = call.number("page", 1, 1, Integer.MAX_VALUE);
    int size = call.number("pageSize", 50, 1, 1000);
    ObjectNode envelope = Json.object().put("count", found.size());
    envelope.set("reports", Json.list(new PageRange(page, size).of(found)));
    return call.ok(envelope);
  }
}
