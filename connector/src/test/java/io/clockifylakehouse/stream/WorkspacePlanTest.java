// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkspacePlanTest {
  private static final StreamCatalog CATALOG = StreamCatalog.packaged();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "holidays | FREE | KIOSK | likely the plan: the workspace's plan (FREE) lacks it, it needs",
        "holidays | PRO_2021 | TIME_OFF | likely the role: the workspace's plan (PRO_2021) includes",
        "holidays | NEW_2030 | TIME_OFF | likely the role: the workspace's plan (NEW_2030) includes",
        "shared_reports | PRO_2021 | KIOSK | likely the role: the workspace's plan (PRO_2021)",
        "webhooks | FREE | KIOSK | likely the role: the workspace's plan (FREE) includes it; use an",
      })
  void guessesFromWhatTheWorkspaceSaysItHas(
      String stream, String subscription, String feature, String words) {
    WorkspacePlan plan = new WorkspacePlan(Optional.of(subscription), Set.of(feature));
    assertThat(plan.likelyReason(CATALOG.stream(stream)))
        .startsWith(words)
        .endsWith("leave it out with sync.streams: [\"-" + stream + "\"]");
  }

  @ParameterizedTest
  @CsvSource({"holidays", "webhooks"})
  void guessesNothingFromNothing(String stream) {
    assertThat(WorkspacePlan.UNKNOWN.likelyReason(CATALOG.stream(stream)))
        .startsWith("the plan of this workspace is not known");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {"PRO_2021,PRO_2021", "null,null"})
  void isReadFromARow(String sent, String subscription) {
    StreamDefinition workspaces = CATALOG.stream("workspaces");
    Row row = new Row(workspaces.columns().size());
    row.set(workspaces.position("feature_subscription_type"), sent);
    row.set(workspaces.position("features"), java.util.Arrays.asList("TIME_OFF", null));
    WorkspacePlan plan = WorkspacePlan.of(workspaces, row);
    assertThat(plan.subscription()).isEqualTo(Optional.ofNullable(subscription));
    assertThat(plan.features()).containsExactly("TIME_OFF");
  }
}
