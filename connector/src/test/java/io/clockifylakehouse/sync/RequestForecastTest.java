// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.state.PartialRead;
import io.clockifylakehouse.state.WindowState;
import io.clockifylakehouse.stream.ColumnPath;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forecast by arithmetic: an inventory of plain maps, no table and no service. */
class RequestForecastTest {
  private static final Period RECENT = Period.since(1_000);

  /** Rows, ids and readings as a test states them. */
  private static final class Stated implements RequestForecast.Inventory {
    private final Map<String, Long> rows = new HashMap<>();
    private final Map<String, Set<String>> ids = new HashMap<>();
    private final Map<String, Long> whole = new HashMap<>();
    private final Map<String, Long> recent = new HashMap<>();
    private final Set<String> forbidden = new HashSet<>();
    private final Set<String> carried = new HashSet<>();
    private Set<String> recentOnly = Set.of();
    private Set<String> done = Set.of();

    @Override
    public long rows(StreamDefinition stream, String workspaceId) {
      return rows.getOrDefault(stream.name(), 0L);
    }

    @Override
    public Map<String, Long> rowsByScope(
        StreamDefinition stream, String workspaceId, Period period) {
      return period.equals(RECENT) ? recent : whole;
    }

    @Override
    public Set<String> ids(ColumnPath path, String workspaceId) {
      return ids.getOrDefault(path.toString(), Set.of());
    }

    @Override
    public LoadReading reading(StreamDefinition stream, String workspaceId, Set<String> known) {
      PartialRead partial = new PartialRead(Instant.EPOCH, false, done, Set.of());
      return new LoadReading(
          RECENT,
          recentOnly,
          Region.ALL,
          Optional.empty(),
          Optional.of(WindowState.NONE.with(partial)),
          false);
    }

    @Override
    public boolean isLoaded(StreamDefinition stream, String workspaceId, String scopeId) {
      return false;
    }

    @Override
    public boolean isCarried(StreamDefinition stream, String workspaceId) {
      return carried.contains(stream.name());
    }

    @Override
    public boolean isForbidden(StreamDefinition stream, String workspaceId) {
      return forbidden.contains(stream.name());
    }
  }

  private final Stated inventory = new Stated();

  private long forecast(String stream, String... selected) {
    return forecasts(
            List.of("w"), false, selected.length == 0 ? List.of(stream) : List.of(selected))
        .stream()
        .filter(forecast -> forecast.stream().equals(stream))
        .mapToLong(StreamForecast::requests)
        .sum();
  }

  private List<StreamForecast> forecasts(
      List<String> workspaces, boolean byIdOnly, List<String> selected) {
    Set<String> names = StreamSelection.select(TestSync.CATALOG, selected);
    return RequestForecast.of(
        CascadePlan.of(TestSync.CATALOG, names), workspaces, byIdOnly, inventory);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 3, 1",
    "1, 1, 1, 3, 1",
    "199, 1, 1, 3, 1",
    "200, 1, 2, 3, 1",
    "201, 1, 2, 3, 1",
    "5000, 2, 26, 4, 1",
    "5001, 2, 26, 4, 1",
    "10001, 3, 51, 5, 1"
  })
  void everyVariantTakesAPageAndMoreRowsTakeMore(
      long rows, long expenses, long policies, long projects, long holidays) {
    for (String stream : List.of("expenses", "policies", "projects", "holidays")) {
      inventory.rows.put(stream, rows);
    }
    assertThat(forecast("expenses")).isEqualTo(expenses);
    assertThat(forecast("policies")).as("pages of 200").isEqualTo(policies);
    assertThat(forecast("projects")).as("three variants").isEqualTo(projects);
    assertThat(forecast("holidays")).as("not paged").isEqualTo(holidays);
  }

  @Test
  void aChildCostsItsParentsAndTheirList() {
    inventory.ids.put("projects.id", Set.of("p1", "p2", "p3"));
    inventory.whole.put("p2", 5001L);
    inventory.whole.put("gone", 9L);
    assertThat(forecast("tasks")).isEqualTo(4);
    assertThat(forecast("projects", "tasks")).as("read for its ids").isEqualTo(3);
    assertThat(forecasts(List.of("w"), false, List.of("tasks")))
        .extracting(StreamForecast::stream)
        .containsExactly("workspaces", "projects", "tasks");
  }

  @Test
  void peopleAreFollowedFromEveryPlaceThatNamesThem() {
    inventory.ids.put("workspace_users.id", Set.of("a", "b"));
    inventory.ids.put("expenses.user_id", Set.of("b", "left"));
    inventory.ids.put("groups.user_ids", Set.of("left", "other"));
    inventory.whole.put("of-old", 3L);
    assertThat(forecast("time_entries")).isEqualTo(5);
  }

  @Test
  void aWindowCostsOneRequestWhereTheWholeWouldCostMany() {
    inventory.whole.putAll(Map.of("a", 20_000L, "b", 20_000L));
    inventory.recent.put("a", 40L);
    inventory.recentOnly = Set.of("a");
    assertThat(forecast("time_entries")).isEqualTo(1 + 5);
    inventory.recent.put("a", 5_001L);
    assertThat(forecast("time_entries")).isEqualTo(2 + 5);
  }

  @Test
  void whatTheRunBeforeReadUntilAQuotaEndedItCostsNothing() {
    inventory.ids.put("projects.id", Set.of("p", "q", "r"));
    inventory.done = Set.of("p", "q");
    assertThat(forecast("tasks")).isEqualTo(1);
    inventory.carried.add("tasks");
    assertThat(forecast("tasks")).isZero();
  }

  @Test
  void embeddedStreamsCostNothing() {
    inventory.rows.put("project_memberships", 100_000L);
    assertThat(forecast("project_memberships")).isZero();
    assertThat(forecast("projects", "project_memberships")).isEqualTo(3);
  }

  @Test
  void whatIsForbiddenStopsEarlyAndHasNoChildren() {
    Set<String> many = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      many.add("id" + i);
    }
    inventory.ids.put("workspace_users.id", many);
    inventory.ids.put("policies.id", many);
    inventory.forbidden.addAll(Set.of("member_profiles", "policies"));
    assertThat(forecast("member_profiles")).isEqualTo(RequestForecast.FORBIDDEN_SLICES);
    assertThat(forecast("time_off_balances")).isZero();
  }

  @Test
  void workspacesAreOneListOrOneRequestEach() {
    List<String> three = List.of("u", "v", "w");
    assertThat(forecasts(three, false, List.of("tags")))
        .extracting(StreamForecast::requests)
        .containsExactly(1L, 2L, 2L, 2L);
    assertThat(forecasts(three, true, List.of("workspaces")))
        .extracting(StreamForecast::requests)
        .containsExactly(3L);
  }
}
