// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static io.clockifylakehouse.sync.CascadeFixture.CATALOG;
import static io.clockifylakehouse.sync.CascadeFixture.names;
import static io.clockifylakehouse.sync.CascadeFixture.plan;
import static io.clockifylakehouse.sync.CascadeFixture.row;
import static io.clockifylakehouse.sync.CascadeFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CascadeSchedulerTest {
  private static final Failure OUTAGE = new Failure(ErrorCode.UNAVAILABLE, "outage");

  private CascadeScheduler scheduler = new CascadeScheduler(plan());

  @Test
  void beginsAboveWorkspaces() {
    scheduler.start(List.of());
    assertThat(takeAll()).containsExactly("workspaces", "user");
    assertThat(scheduler.isFinished()).isFalse();
  }

  @Test
  void readsConfiguredWorkspacesOneByOneWhenTheyCannotBeListed() {
    scheduler = new CascadeScheduler(plan("projects"));
    scheduler.start(List.of("W1", "W2"));
    assertThat(takeAll()).containsExactly("workspaces{id=W1}", "workspaces{id=W2}");
  }

  @Test
  void releasesChildrenWhileTheirParentIsStillBeingRead() {
    Slice projects = openAndTake("projects", "W1");
    scheduler.rows(CATALOG.stream("projects"), rows("projects", "W1", "P1", "P2"));
    assertThat(takeAll())
        .contains("tasks{workspace_id=W1, project_id=P1}", "tasks{workspace_id=W1, project_id=P2}");
    assertThat(names(scheduler.done(projects)))
        .as("tasks are still being read, embedded rows are complete")
        .containsExactly("members[W1]", "projects[W1]");
  }

  @Test
  void isBegunOnceWhatIsBeingReadBringsNoFurtherSlice() {
    scheduler = new CascadeScheduler(plan("tasks"));
    scheduler.start(List.of());
    Slice workspaces = scheduler.take(99).orElseThrow();
    assertThat(scheduler.isBegun()).as("workspaces may come").isFalse();
    open("W1");
    scheduler.done(workspaces);
    Slice projects = scheduler.take(99).orElseThrow();
    assertThat(scheduler.isBegun()).as("projects may come").isFalse();
    scheduler.rows(CATALOG.stream("projects"), rows("projects", "W1", "P1"));
    Slice tasks = scheduler.take(99).orElseThrow();
    assertThat(scheduler.isBegun()).as("more projects may come").isFalse();
    scheduler.done(projects);
    assertThat(scheduler.isBegun()).isTrue();
    assertThat(scheduler.isFinished()).as("tasks are being read").isFalse();
    scheduler.done(tasks);
    assertThat(scheduler.isFinished()).isTrue();
  }

  @Test
  void takesEachParentOnce() {
    openAndTake("projects", "W1");
    takeAll();
    scheduler.rows(CATALOG.stream("projects"), rows("projects", "W1", "P1"));
    scheduler.rows(CATALOG.stream("projects"), rows("projects", "W1", "P1"));
    assertThat(takeAll()).containsOnlyOnce("tasks{workspace_id=W1, project_id=P1}");
  }

  @Test
  void neverTakesMoreThanTheLimit() {
    openAndTake("projects", "W1");
    String[] ids = {"P1", "P2", "P3", "P4", "P5", "P6"};
    scheduler.rows(CATALOG.stream("projects"), rows("projects", "W1", ids));
    int taken = 1;
    while (scheduler.take(4).isPresent()) {
      taken++;
    }
    assertThat(taken).isLessThanOrEqualTo(4);
  }

  @Test
  void endsAChildWithoutParentsWhenItsParentEnds() {
    Slice projects = openAndTake("projects", "W1");
    assertThat(names(scheduler.done(projects)))
        .containsExactly("members[W1]", "projects[W1]", "tasks[W1]");
  }

  @Test
  void followsIdsKnownOnlyFromElsewhere() {
    Slice expenses = openAndTake("expenses", "W1");
    scheduler.rows(
        CATALOG.stream("expenses"),
        List.of(row("expenses", Map.of("workspace_id", "W1", "id", "E1", "user_id", "left"))));
    assertThat(takeAll()).contains("entries{workspace_id=W1, user_id=left}");
    scheduler.done(expenses);
  }

  @Test
  void aLoadWaitsForEveryPlaceThatMayNameItsParents() {
    Slice users = openAndTake("users", "W1");
    assertThat(names(scheduler.done(users))).containsExactly("users[W1]");
    Slice expenses = takeNamed("expenses");
    assertThat(names(scheduler.done(expenses))).containsExactly("entries[W1]", "expenses[W1]");
  }

  @Test
  void aScopeWithRowsThatIsNoLongerListedAndGoneProvesNothing() {
    assertThat(endOfEntriesWhenGone(Set.of("left")).unproven()).containsExactly("left");
  }

  @Test
  void aScopeWithoutRowsThatIsGoneLeavesNothingToProve() {
    assertThat(endOfEntriesWhenGone(Set.of()).unproven()).isEmpty();
  }

  /** The user `left` is named by an expense, and perhaps by rows of an earlier run. */
  private CascadeScheduler.Ended endOfEntriesWhenGone(Set<String> known) {
    scheduler.start(List.of());
    Slice workspaces = scheduler.take(99).orElseThrow();
    scheduler
        .openWorkspace("W1", Set.of(), Set.of())
        .forEach(load -> scheduler.follow(load, known, LoadReading.WHOLE));
    scheduler.done(workspaces);
    scheduler.done(takeNamed("users"));
    scheduler.rows(
        CATALOG.stream("expenses"),
        List.of(row("expenses", Map.of("workspace_id", "W1", "id", "E1", "user_id", "left"))));
    scheduler.done(takeNamed("expenses"));
    List<CascadeScheduler.Ended> ended = scheduler.gone(takeNamed("entries"));
    assertThat(ended).hasSize(1);
    assertThat(ended.get(0).failure()).isEmpty();
    return ended.get(0);
  }

  @Test
  void aGoneParentIsNoFailureAndProvesThatItsRowsAreGone() {
    Slice projects = openAndTake("projects", "W1");
    scheduler.rows(CATALOG.stream("projects"), rows("projects", "W1", "P1"));
    scheduler.done(projects);
    List<CascadeScheduler.Ended> ended = scheduler.gone(takeNamed("tasks"));
    assertThat(names(ended)).containsExactly("tasks[W1]");
    assertThat(ended.get(0).failure()).isEmpty();
    assertThat(ended.get(0).unproven()).isEmpty();
  }

  @Test
  void aFailedParentFailsItsChildrenByNameAndNobodyElse() {
    Slice projects = openAndTake("projects", "W1");
    scheduler.rows(CATALOG.stream("projects"), rows("projects", "W1", "P1", "P2"));
    List<CascadeScheduler.Ended> ended = scheduler.failed(projects, OUTAGE);
    assertThat(names(ended)).containsExactly("members[W1]", "projects[W1]", "tasks[W1]");
    assertThat(ended)
        .filteredOn(e -> e.load().stream().name().equals("tasks"))
        .extracting(e -> e.failure().get().reason())
        .containsExactly("its parent projects failed: outage");
    assertThat(takeAll())
        .as("no slice of a failed load is read, every other one is")
        .noneMatch(name -> name.startsWith("tasks"))
        .anyMatch(name -> name.startsWith("expenses"));
  }

  @Test
  void aFailedPlaceThatOnlyAddsParentsFailsNothingElse() {
    Slice expenses = openAndTake("expenses", "W1");
    assertThat(names(scheduler.failed(expenses, OUTAGE))).containsExactly("expenses[W1]");
    Slice users = takeNamed("users");
    List<CascadeScheduler.Ended> ended = scheduler.done(users);
    assertThat(names(ended)).containsExactly("entries[W1]", "users[W1]");
    assertThat(ended).allMatch(e -> e.failure().isEmpty());
  }

  @Test
  void aFailedLoadEndsOnlyWhenItsLastSliceIsBack() {
    Slice projects = openAndTake("projects", "W1");
    scheduler.rows(CATALOG.stream("projects"), rows("projects", "W1", "P1", "P2"));
    Slice first = takeNamed("tasks");
    Slice second = takeNamed("tasks");
    assertThat(names(scheduler.failed(first, OUTAGE))).isEmpty();
    assertThat(scheduler.isFailed(second)).isTrue();
    assertThat(names(scheduler.done(second))).containsExactly("tasks[W1]");
    scheduler.done(projects);
  }

  @Test
  void workspacesDoNotTouchEachOther() {
    scheduler.start(List.of());
    Slice workspaces = scheduler.take(99).orElseThrow();
    open("W1");
    open("W2");
    scheduler.done(workspaces);
    Slice projects = takeNamed("projects");
    String failedIn = projects.scope().workspace().orElseThrow();
    assertThat(scheduler.failed(projects, OUTAGE))
        .allMatch(e -> e.load().workspaceId().orElseThrow().equals(failedIn));
  }

  @Test
  void readsUnselectedParentsForTheirIdsOnly() {
    CascadePlan plan = plan("tasks");
    assertThat(plan.read()).extracting(s -> s.name()).contains("workspaces", "projects", "tasks");
    assertThat(plan.written()).extracting(s -> s.name()).containsExactly("tasks");
  }

  private void open(String workspace) {
    scheduler
        .openWorkspace(workspace, Set.of(), Set.of())
        .forEach(load -> scheduler.follow(load, Set.of(), LoadReading.WHOLE));
    scheduler.rows(CATALOG.stream("workspaces"), rows("workspaces", workspace, workspace));
  }

  /** Starts, opens one workspace, and takes the one slice of a stream below it. */
  private Slice openAndTake(String stream, String workspace) {
    scheduler.start(List.of());
    Slice workspaces = scheduler.take(99).orElseThrow();
    open(workspace);
    scheduler.done(workspaces);
    return takeNamed(stream);
  }

  /** Takes a slice of the stream, and puts aside what comes before it. */
  private Slice takeNamed(String stream) {
    List<Slice> aside = new ArrayList<>(this.aside);
    for (Slice slice : aside) {
      if (slice.stream().name().equals(stream)) {
        this.aside.remove(slice);
        return slice;
      }
    }
    Optional<Slice> next = scheduler.take(99);
    while (next.isPresent() && !next.get().stream().name().equals(stream)) {
      this.aside.add(next.get());
      next = scheduler.take(99);
    }
    return next.orElseThrow(() -> new AssertionError("no slice of " + stream + " is ready"));
  }

  private final List<Slice> aside = new ArrayList<>();

  private List<String> takeAll() {
    List<String> names = new ArrayList<>();
    aside.forEach(slice -> names.add(slice.name()));
    Optional<Slice> slice = scheduler.take(99);
    while (slice.isPresent()) {
      names.add(slice.get().name());
      slice = scheduler.take(99);
    }
    return names;
  }
}
