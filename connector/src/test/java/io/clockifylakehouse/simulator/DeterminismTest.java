// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeterminismTest {
  static final List<String> STREAMS =
      List.of(
          "workspaces",
          "user",
          "workspace_users",
          "groups",
          "member_profiles",
          "projects",
          "project_memberships",
          "clients",
          "tags",
          "tasks",
          "custom_fields",
          "time_entries",
          "time_entries_in_progress",
          "expenses",
          "expense_categories",
          "invoices",
          "invoice_details",
          "invoice_items",
          "invoice_payments",
          "approval_requests",
          "holidays",
          "policies",
          "time_off_requests",
          "time_off_balances",
          "scheduling_assignments",
          "webhooks",
          "shared_reports");

  private static World world(Account account) {
    return AccountGenerator.generate(account, () -> Instant.EPOCH);
  }

  @Test
  void equalAccountsHaveEqualRecordsInEveryStream() {
    World first = world(Account.tiny(7));
    World second = world(Account.tiny(7));
    for (String stream : STREAMS) {
      List<Truth> records = Truth.of(first, stream);
      assertThat(records).as(stream).isNotEmpty();
      assertThat(records.toString()).as(stream).isEqualTo(Truth.of(second, stream).toString());
    }
  }

  @Test
  void anotherSeedGivesOtherRecords() {
    for (String stream : List.of("clients", "time_entries", "user")) {
      assertThat(Truth.of(world(Account.tiny(7)), stream).toString())
          .as(stream)
          .isNotEqualTo(Truth.of(world(Account.tiny(8)), stream).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "workspace_users,1",
    "workspace_users,600",
    "clients,0",
    "clients,101",
    "projects,0",
    "tasks,401",
    "tags,50",
    "custom_fields,0",
    "time_entries,0",
    "time_entries,1",
    "time_entries,5001",
    "expenses,0",
    "expenses,99",
    "invoices,51",
    "invoice_items,40",
    "invoice_payments,7",
    "approval_requests,33",
    "holidays,0",
    "policies,9",
    "time_off_requests,201",
    "scheduling_assignments,50",
    "webhooks,0",
    "shared_reports,51",
    "groups,50",
    "expense_categories,12"
  })
  void hasExactlyTheSizeAskedFor(String stream, int size) {
    assertThat(Truth.of(world(Account.tiny(3).with(stream, size)), stream)).hasSize(size);
  }

  @Test
  void demoHasAboutThirtyThousandEntriesInThreeWorkspacesAndEveryStream() {
    World demo = world(Account.demo());
    assertThat(demo.workspaces()).hasSize(3);
    assertThat(Truth.of(demo, "time_entries")).hasSizeBetween(29_000, 31_000);
    for (String stream : STREAMS) {
      assertThat(Truth.of(demo, stream)).as(stream).isNotEmpty();
    }
  }

  @Test
  void aRecordOfAFeatureThePlanLacksIsNoTruth() {
    World free = world(Account.tiny(1).withPlan(Plan.FREE));
    assertThat(Truth.of(free, "invoices")).isEmpty();
    assertThat(Truth.of(free, "clients")).isNotEmpty();
  }

  @Test
  void refusesASizeForAStreamThatFollowsFromOthers() {
    assertThatThrownBy(() -> Account.tiny(1).with("invoice_details", 3))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("invoice_details")
        .hasMessageContaining("invoice_items");
  }

  @Test
  void everyAncestorIsAnIdInTheData() {
    World world = world(Account.tiny(5));
    for (String stream : STREAMS) {
      for (Truth truth : Truth.of(world, stream)) {
        for (Map.Entry<String, String> ancestor : truth.ancestors().entrySet()) {
          assertThat(ancestor.getValue())
              .as("%s %s", stream, ancestor.getKey())
              .matches("[0-9a-f]{24}");
        }
        assertThat(truth.record().toString()).doesNotContainPattern("\"#[a-zA-Z]+\":");
      }
    }
  }
}
