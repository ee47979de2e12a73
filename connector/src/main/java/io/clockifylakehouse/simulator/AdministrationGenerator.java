// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Webhooks with their secrets, and shared reports (API.md 7.18, 7.19). */
final class AdministrationGenerator {
  private AdministrationGenerator() {}

  static void fill(Draft draft) {
    for (int i = 0; i < draft.size("webhooks"); i++) {
      ObjectNode webhook = Json.object().put("id", draft.idFromDaysAgo(100 - i % 90));
      webhook.put("#type", i % 3 == 1 ? "ADDON" : "USER_CREATED");
      webhook.put("name", i % 4 == 3 ? null : "hook " + i);
      webhook.put("url", "https://hooks.example.com/in?x=" + i);
      webhook.put("userId", Json.text(draft.person(i), "id"));
      webhook.put("workspaceId", draft.workspaceId());
      webhook.put("webhookEvent", i % 2 == 0 ? "NEW_TIME_ENTRY" : "TIMER_STOPPED");
      ArrayNode sources = webhook.putArray("triggerSource");
      webhook.put("triggerSourceType", i % 2 == 0 ? "WORKSPACE_ID" : "PROJECT_ID");
      if (i % 2 == 0) {
        sources.add(draft.workspaceId());
      } else {
        draft.all("projects").stream().limit(3).forEach(p -> sources.add(Json.text(p, "id")));
      }
      webhook.put("enabled", i % 3 != 2).put("deliveryEnabled", true).put("planEnabled", true);
      String secret = "whsec-" + Long.toHexString(draft.random("webhooks" + i).nextLong());
      draft.add("webhooks", webhook.put("authToken", secret));
    }
    for (int i = 0; i < draft.size("shared_reports"); i++) {
      ObjectNode report = Json.object().put("id", draft.idFromDaysAgo(80 - i % 70));
      report.put("name", i % 5 == 4 ? RealisticText.awkward(i) : "Weekly " + i);
      report.put("type", List.of("DETAILED", "SUMMARY", "WEEKLY").get(i % 3));
      report.put("link", i % 2 == 0 ? null : "https://app.clockify.me/shared/" + i);
      report.put("isPublic", i % 2 == 0).put("fixedDate", i % 3 == 0 ? null : i % 2 == 0);
      report.put("reportAuthor", i % 4 == 3 ? null : Json.text(draft.person(i), "id"));
      if (i % 2 == 0) {
        report.putNull("visibleToUsers").putNull("visibleToUserGroups");
      } else {
        ObjectNode viewer = draft.person(i);
        ObjectNode visible = report.putArray("visibleToUsers").addObject();
        visible.set("id", viewer.get("id"));
        visible.set("name", viewer.get("name"));
        ArrayNode groups = report.putArray("visibleToUserGroups");
        draft.all("groups").stream()
            .limit(2)
            .forEach(group -> groups.add(Presentation.pick(group, List.of("id", "name"))));
      }
      draft.add("shared_reports", report);
    }
  }
}
