// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order in which the packaged streams are read. */
class QueuedSliceTest {
  private final CascadeScheduler scheduler =
      new CascadeScheduler(
          CascadePlan.of(TestSync.CATALOG, StreamSelection.select(TestSync.CATALOG, List.of())));

  @BeforeEach
  void openWorkspace() {
    scheduler.start(List.of());
    take();
    scheduler
        .openWorkspace("W", Set.of(), Set.of())
        .forEach(load -> scheduler.follow(load, Set.of(), LoadReading.WHOLE));
    scheduler.rows(TestSync.CATALOG.stream("workspaces"), List.of(row("workspaces", "W")));
  }

  @Test
  void whatOthersWaitForGoesFirst() {
    List<String> order = take();
    Set<String> parents = Set.of("workspace_users", "projects", "policies", "invoices");
    int count = (int) order.stream().filter(parents::contains).count();
    assertThat(Set.copyOf(order.subList(0, count))).isEqualTo(parents);
  }

  @Test
  void thenWhatTakesTheMostPages() {
    take();
    for (String parent : List.of("workspace_users", "projects", "policies")) {
      scheduler.rows(TestSync.CATALOG.stream(parent), List.of(row(parent, "A"), row(parent, "B")));
    }
    List<String> order = take();
    assertThat(order).startsWith("time_off_balances", "time_off_balances");
    assertThat(order).contains("time_entries", "tasks").doesNotContain("tags");
  }

  @Test
  void andElseWhatCameFirst() {
    take();
    for (String user : List.of("B", "C", "A")) {
      scheduler.rows(
          TestSync.CATALOG.stream("workspace_users"), List.of(row("workspace_users", user)));
    }
    assertThat(takeSlices().stream().filter(s -> s.stream().name().equals("time_entries")))
        .extracting(slice -> slice.scope().ids().get("user_id"))
        .containsExactly("B", "C", "A");
  }

  /** Takes everything; the names of the streams. */
  private List<String> take() {
    return takeSlices().stream().map(slice -> slice.stream().name()).toList();
  }

  private List<Slice> takeSlices() {
    List<Slice> slices = new ArrayList<>();
    Optional<Slice> slice = scheduler.take(999);
    while (slice.isPresent()) {
      slices.add(slice.get());
      slice = scheduler.take(999);
    }
    return slices;
  }

  private static Row row(String stream, String id) {
    StreamDefinition definition = TestSync.CATALOG.stream(stream);
    Row row = new Row(definition.columns().size());
    row.set(definition.position(definition.key().get(definition.key().size() - 1)), id);
    if (definition.inWorkspace()) {
      row.set(definition.position("workspace_id"), "W");
    }
    return row;
  }
}
