// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The people of an account: zones from UTC-11 to UTC+14, invited ones without a name, others
 * without settings, every account status, and some who are members of several workspaces.
 */
final class PeopleGenerator {
  /** The owner's is the first: not UTC, so that a window read literally goes wrong. */
  static final List<String> ZONES =
      List.of(
          "Europe/Belgrade",
          "Pacific/Kiritimati",
          "Pacific/Pago_Pago",
          "America/New_York",
          "Asia/Kolkata",
          "UTC",
          "Australia/Lord_Howe",
          "America/St_Johns",
          "Asia/Kathmandu",
          "America/Los_Angeles");

  private static final List<String> STATUSES =
      List.of("LIMITED", "DELETED", "LIMITED_DELETED", "PENDING_EMAIL_VERIFICATION");

  private final SplittableRandom random;
  private final IdSequence ids;
  private final Instant today;
  private final List<ObjectNode> pool = new ArrayList<>();

  PeopleGenerator(long seed, IdSequence ids, Instant today) {
    this.random = new SplittableRandom(seed ^ 0x50E0_91EL);
    this.ids = ids;
    this.today = today;
  }

  /** Fills a workspace with members: a third of them known from the workspaces before. */
  void join(Draft draft, int workspaceIndex) {
    int members = draft.size("workspace_users");
    int known = workspaceIndex == 0 ? 0 : Math.min(pool.size(), Math.max(1, members / 3));
    for (int i = 0; i < members; i++) {
      ObjectNode person = i < known ? pool.get(i).deepCopy() : stranger(draft);
      boolean admin = i == 0 || i % 9 == 4;
      membership(draft, person, i, admin);
      draft.people().add(person);
      draft.add("workspace_users", person);
      draft.add("member_profiles", profile(draft, person, i));
    }
    for (int i = 0; i < draft.size("former_users"); i++) {
      ObjectNode person = stranger(draft);
      membership(draft, person, 1, false);
      draft.former().add(person);
      draft.add("former_users", person);
    }
    groups(draft);
  }

  private ObjectNode stranger(Draft draft) {
    int index = pool.size();
    String name = RealisticText.person(index);
    String email = "user" + (index + 1) + "+" + name.charAt(0) + "@example.com";
    String id = ids.next(today.minus(Duration.ofDays(1400 - index % 700)));
    ObjectNode person =
        Json.object().put("id", id).put("email", email.toLowerCase(Locale.ROOT)).put("name", name);
    if (index % 11 == 3) {
      person.putNull("name");
    }
    person.put("profilePicture", "https://img.example.com/no-user-image.png");
    person.put("activeWorkspace", draft.workspaceId());
    person.put("defaultWorkspace", draft.workspaceId());
    person.put(
        "status",
        index > 0 && index % 6 == 5 ? STATUSES.get(index / 6 % STATUSES.size()) : "ACTIVE");
    if (index % 11 == 3 || index % 13 == 6) {
      person.putNull("settings");
    } else {
      person.set("settings", settings(ZONES.get(index % ZONES.size())));
    }
    pool.add(person);
    return person;
  }

  private static ObjectNode settings(String zone) {
    ObjectNode settings =
        Json.object()
            .put("weekStart", "MONDAY")
            .put("timeZone", zone)
            .put("timeFormat", "HOUR24")
            .put("dateFormat", "YYYY-MM-DD")
            .put("sendNewsletter", false)
            .put("weeklyUpdates", false)
            .put("longRunning", true)
            .put("scheduledReports", true)
            .put("approval", true)
            .put("pto", true)
            .put("alerts", true)
            .put("reminders", false)
            .put("onboarding", false)
            .put("timeTrackingManual", false);
    settings
        .putObject("summaryReportSettings")
        .put("group", "Project")
        .put("subgroup", "Time Entry");
    return settings
        .put("isCompactViewOn", false)
        .put("dashboardSelection", "ME")
        .put("dashboardViewType", "PROJECT")
        .put("dashboardPinToTop", false)
        .put("projectListCollapse", 50)
        .put("collapseAllProjectLists", false)
        .put("groupSimilarEntriesDisabled", false)
        .put("myStartOfDay", "09:00")
        .put("projectPickerTaskFilter", false)
        .put("lang", "EN")
        .put("multiFactorEnabled", false)
        .put("theme", "DEFAULT")
        .put("scheduling", true)
        .put("showOnlyWorkingDays", false)
        .put("invoiceReminders", true);
  }

  private void membership(Draft draft, ObjectNode person, int index, boolean admin) {
    ArrayNode memberships = person.putArray("memberships");
    ObjectNode membership = memberships.addObject().put("userId", Json.text(person, "id"));
    if (index % 4 == 3) {
      membership.putNull("hourlyRate").putNull("costRate");
    } else {
      membership.set("hourlyRate", Json.rate(5000 + 500L * random.nextInt(12), draft.currency()));
      membership.set("costRate", Json.rate(2500 + 100L * random.nextInt(12), draft.currency()));
    }
    String status =
        Json.text(person, "status").equals("PENDING_EMAIL_VERIFICATION")
            ? "PENDING"
            : index > 0 && index % 8 == 6 ? "INACTIVE" : "ACTIVE";
    membership.put("targetId", draft.workspaceId());
    membership.put("membershipType", "WORKSPACE").put("membershipStatus", status);
    ArrayNode customFields = person.putArray("customFields");
    if (index % 3 == 0) {
      customFields
          .addObject()
          .put("customFieldId", draft.idFromDaysAgo(900))
          .put("customFieldName", "TIN")
          .put("customFieldType", index % 2 == 0 ? "TXT" : "NUMBER")
          .put("userId", Json.text(person, "id"))
          .set("value", Json.MAPPER.valueToTree(index % 2 == 0 ? "20231211-12345" : 17.5));
    }
    ArrayNode roles = person.putArray("roles");
    if (admin) {
      ObjectNode role = roles.addObject().put("role", index == 0 ? "OWNER" : "WORKSPACE_ADMIN");
      role.putArray("entities")
          .addObject()
          .put("id", draft.workspaceId())
          .put("name", draft.shape().name());
    }
  }

  private static ObjectNode profile(Draft draft, ObjectNode person, int index) {
    ObjectNode profile = Json.object().put("#userId", Json.text(person, "id"));
    profile.set("name", person.get("name"));
    profile.set("email", person.get("email"));
    profile.put("weekStart", index % 4 == 0 ? "SUNDAY" : "MONDAY");
    profile.put("workCapacity", index % 5 == 0 ? "PT7H30M" : "PT7H");
    profile.set(
        "workingDays", Json.texts(List.of("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")));
    profile.put("workspaceNumber", 1 + index % 3);
    profile.put("imageUrl", "https://img.example.com/no-user-image.png");
    profile.put("hasPassword", index % 2 == 0).put("hasPendingApprovalRequest", index % 7 == 2);
    ArrayNode values = profile.putArray("userCustomFieldValues");
    person
        .withArray("customFields")
        .forEach(
            field -> {
              ObjectNode value = values.addObject();
              value.set("customField", definition(draft, field.get("customFieldId").asText()));
              value.set("customFieldId", field.get("customFieldId"));
              value.set("name", field.get("customFieldName"));
              value.put("sourceType", "WORKSPACE");
              value.set("type", field.get("customFieldType"));
              value.set("userId", field.get("userId"));
              value.set("value", field.get("value"));
            });
    return profile;
  }

  private static ObjectNode definition(Draft draft, String id) {
    ObjectNode field = Json.object().put("id", id).put("workspaceId", draft.workspaceId());
    field.put("name", "TIN").putNull("description").put("type", "TXT").put("placeholder", "");
    field.putArray("allowedValues");
    field.putNull("workspaceDefaultValue").put("onlyAdminCanEdit", true).put("required", false);
    field.put("status", "VISIBLE").put("entityType", "USER").putArray("projectDefaultValues");
    return field;
  }

  private static void groups(Draft draft) {
    for (int i = 0; i < draft.size("groups"); i++) {
      ObjectNode group =
          Json.object()
              .put("id", draft.idFromDaysAgo(800 - i % 700))
              .put("name", "Team " + RealisticText.task(i))
              .put("workspaceId", draft.workspaceId());
      ArrayNode members = group.putArray("userIds");
      for (int member = i; member < draft.people().size(); member += i + 2) {
        members.add(Json.text(draft.person(member), "id"));
      }
      draft.add("groups", group);
    }
  }
}
