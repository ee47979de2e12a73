// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Builds the {@link World} of an {@link Account}: the same account gives the same records. */
final class AccountGenerator {
  private static final List<String> CURRENCIES = List.of("USD", "EUR", "GBP");

  private AccountGenerator() {}

  /**
   * @param now the moment of later changes; generation itself does not look at it
   */
  static World generate(Account account, Supplier<Instant> now) {
    IdSequence ids = new IdSequence(account.seed());
    World world = new World(ids, now);
    PeopleGenerator people = new PeopleGenerator(account.seed(), ids, account.today());
    List<WorkspaceShape> shapes = account.workspaces();
    for (int i = 0; i < shapes.size(); i++) {
      WorkspaceShape shape = shapes.get(i);
      String currency = CURRENCIES.get(i % CURRENCIES.size());
      ObjectNode settings = workspace(ids, account.today(), shape, currency, i);
      Workspace workspace = world.found(settings, shape.plan());
      long seed = account.seed() * 31 + i;
      Draft draft =
          new Draft(
              shape,
              workspace,
              ids,
              account.today(),
              seed,
              currency,
              new ArrayList<>(),
              new ArrayList<>());
      people.join(draft, i);
      if (i == 0) {
        world.own(Json.text(draft.people().get(0), "id"));
      }
      TaxonomyGenerator.fill(draft);
      EntryGenerator.fill(draft);
      BillingGenerator.fill(draft);
      ApprovalGenerator.fill(draft);
      WorkflowGenerator.fill(draft);
      AdministrationGenerator.fill(draft);
    }
    return world;
  }

  private static ObjectNode workspace(
      IdSequence ids, Instant today, WorkspaceShape shape, String currency, int index) {
    Instant founded = today.minus(Duration.ofDays(1500 - 10L * index));
    ObjectNode workspace = Json.object().put("id", ids.next(founded)).put("name", shape.name());
    workspace.set("hourlyRate", Json.rate(5000, currency));
    workspace.set("costRate", Json.rate(2500, currency));
    workspace.putArray("memberships");
    workspace.set("workspaceSettings", settings(index));
    workspace.put("imageUrl", "");
    ArrayNode currencies = Json.array();
    for (String code : CURRENCIES) {
      currencies.add(
          Json.object()
              .put("id", ids.next(founded))
              .put("code", code)
              .put("isDefault", code.equals(currency)));
    }
    workspace.set("currencies", currencies);
    workspace.putObject("subdomain").putNull("name").put("enabled", false);
    workspace.put("cakeOrganizationId", ids.next(founded));
    return workspace;
  }

  private static ObjectNode settings(int index) {
    ObjectNode settings =
        Json.object()
            .put("timeRoundingInReports", false)
            .put("onlyAdminsSeeBillableRates", true)
            .put("activeBillableHours", true)
            .put("onlyAdminsCanChangeBillableStatus", false)
            .put("onlyAdminsCreateProject", true)
            .put("onlyAdminsSeeDashboard", false)
            .put("defaultBillableProjects", true)
            .putNull("lockTimeEntries")
            .putNull("lockTimeZone");
    settings.putObject("round").put("round", "Round to nearest").put("minutes", "15");
    settings
        .put("projectFavorites", true)
        .put("canSeeTimeSheet", false)
        .put("canSeeTracker", true)
        .put("projectPickerSpecialFilter", false)
        .put("forceProjects", false)
        .put("forceTasks", false)
        .put("forceTags", false)
        .put("forceDescription", false)
        .put("onlyAdminsSeeAllTimeEntries", false)
        .put("onlyAdminsSeePublicProjectsEntries", false)
        .put("trackTimeDownToSecond", true)
        .put("projectGroupingLabel", "CLIENT");
    ArrayNode adminOnly = settings.putArray("adminOnlyPages");
    if (index > 0) {
      adminOnly.add("PROJECT").add("TEAM").add("REPORTS");
    }
    if (index == 1) {
      settings
          .putObject("automaticLock")
          .put("changeDay", "FRIDAY")
          .put("dayOfMonth", 15)
          .put("firstDay", "MONDAY")
          .put("olderThanPeriod", "DAYS")
          .put("olderThanValue", 5)
          .put("type", "WEEKLY");
    } else {
      settings.putNull("automaticLock");
    }
    settings
        .put("onlyAdminsCreateTag", false)
        .put("onlyAdminsCreateTask", false)
        .put("timeTrackingMode", "DEFAULT")
        .put("multiFactorEnabled", false)
        .put("numberFormat", "COMMA_PERIOD")
        .put("currencyFormat", "CURRENCY_VALUE")
        .put("durationFormat", "FULL");
    settings
        .putObject("entityCreationPermissions")
        .put("whoCanCreateTasks", "EVERYONE")
        .put("whoCanCreateProjectsAndClients", "ADMINS")
        .put("whoCanCreateTags", "EVERYONE");
    settings.put("projectLabel", "project").put("taskLabel", "task");
    settings.set(
        "workingDays", Json.texts(List.of("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")));
    return settings.put("isProjectPublicByDefault", true);
  }
}
