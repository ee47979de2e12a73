// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackagedStreamsTest {
  private final StreamCatalog catalog = StreamCatalog.packaged();

  @Test
  void holdsExactlyTheStreamsOfTheContract() {
    assertThat(catalog.streams().stream().map(StreamDefinition::name))
        .containsExactlyInAnyOrder(
            ("workspaces user workspace_users groups member_profiles projects project_memberships"
                    + " clients tags tasks custom_fields time_entries time_entries_in_progress"
                    + " expenses expense_categories invoices invoice_details invoice_items"
                    + " invoice_payments approval_requests holidays policies time_off_requests"
                    + " time_off_balances scheduling_assignments webhooks shared_reports")
                .split(" "));
  }
}
