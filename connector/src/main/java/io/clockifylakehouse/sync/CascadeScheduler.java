// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Decides which slice is read next: the cascade from the workspaces down, as a state machine
 * without thread, clock or network.
 *
 * <p>A parent's rows release its children's slices as they arrive, so that no request slot waits
 * for a level to finish. A load (one stream of one workspace) ends when everything that can still
 * release slices of it has ended and all its slices are read, or when one of them fails; a failed
 * load fails the loads below it by name and touches no other.
 *
 * <p>Not safe for use by several threads: its owner holds a lock.
 */
final class CascadeScheduler {

  /**
   * A load of which no slice is left to read.
   *
   * @param failure why it is not whole; empty when every slice of it was read
   * @param unproven ids of the innermost scopes that have rows from an earlier run, are no longer
   *     listed, and answered that they are gone: that says nothing about their rows
   * @param inPortions ids of the innermost scopes that are left for {@link PortionedLoad} to read;
   *     empty for a load that is read by slices of the cascade alone
   * @param done ids of the innermost scopes of which every slice was read
   * @param begun ids of those of which a part was read
   */
  record Ended(
      Load load,
      Optional<Failure> failure,
      Set<String> unproven,
      Optional<Set<String>> inPortions,
      Set<String> done,
      Set<String> begun) {}

  private final CascadePlan plan;
  private final Map<Load, LoadProgress> states = new LinkedHashMap<>();
  private final Map<Load, List<LoadProgress>> dependents = new HashMap<>();
  private final PriorityQueue<QueuedSlice> queue = new PriorityQueue<>();
  private final Set<String> workspaces = new HashSet<>();
  private long sequence;
  private int running;
  private int done;
  private int known;

  CascadeScheduler(CascadePlan plan) {
    this.plan = plan;
  }

  /**
   * Releases the streams above workspaces.
   *
   * @param workspaceIds when not empty, each of these is read by itself in place of the list
   */
  void start(List<String> workspaceIds) {
    for (StreamDefinition stream : plan.read()) {
      if (stream.inWorkspace()) {
        continue;
      }
      LoadProgress state = open(new Load(stream, Optional.empty()));
      if (CascadePlan.isWorkspaces(stream) && !workspaceIds.isEmpty()) {
        for (String id : workspaceIds) {
          release(state, Scope.ROOT.with(Scope.OWN, id), true);
        }
      } else {
        release(state, Scope.ROOT, true);
      }
    }
  }

  /**
   * Opens a workspace: a load for each stream in it, and the slices of those directly below it.
   *
   * @param carried loads that are not read; what their rows release is told by {@link #release}
   * @param doubtful loads of which one slice is read before the others: likely it is refused
   * @return the loads that wait for {@link #follow}
   */
  List<Load> openWorkspace(String workspaceId, Set<Load> carried, Set<Load> doubtful) {
    List<Load> awaiting = new ArrayList<>();
    if (!workspaces.add(workspaceId)) {
      return awaiting;
    }
    Optional<String> id = Optional.of(workspaceId);
    for (StreamDefinition stream : plan.read()) {
      if (!stream.inWorkspace()) {
        continue;
      }
      LoadProgress state = open(new Load(stream, id));
      state.ended = carried.contains(state.load);
      state.doubtful = doubtful.contains(state.load);
      if (stream.scope().size() == 1) {
        release(state, Scope.ROOT.with(Scope.WORKSPACE, workspaceId), true);
        continue;
      }
      for (CascadePlan.Source source : plan.sources(stream)) {
        Load from =
            new Load(source.stream(), source.stream().inWorkspace() ? id : Optional.empty());
        LoadProgress fromState = states.get(from);
        if (!fromState.ended) {
          state.openSources.add(from);
        }
        dependents.computeIfAbsent(from, load -> new ArrayList<>()).add(state);
      }
      if (isFollowed(stream) && !state.ended) {
        state.awaitsFollowed = true;
        awaiting.add(state.load);
      }
    }
    return awaiting;
  }

  /**
   * Adds parents of a load that are known from an earlier run; see {@link #openWorkspace}.
   *
   * @param reading how the load is read
   */
  void follow(Load load, Set<String> ids, LoadReading reading) {
    LoadProgress state = states.get(load);
    state.reading = reading;
    state.awaitsFollowed = false;
    Scope above = Scope.ROOT.with(Scope.WORKSPACE, load.workspaceId().orElseThrow());
    for (String id : ids) {
      Scope scope = above.with(innermost(load.stream()), id);
      state.followed.add(scope);
      release(state, scope, false);
    }
  }

  /** Begins no further slice of a load: it is too large to be read at once. */
  void putOff(Load load) {
    LoadProgress state = states.get(load);
    if (!state.ended && state.failure.isEmpty()) {
      state.reading = state.reading.portioned();
      drop(state);
    }
  }

  /** Releases slices of a load for parents whose stream is not read: ids, and whether primary. */
  void release(Load load, Map<String, Boolean> primaryById) {
    LoadProgress state = states.get(load);
    Scope above = Scope.ROOT.with(Scope.WORKSPACE, load.workspaceId().orElseThrow());
    primaryById.forEach(
        (id, primary) -> release(state, above.with(innermost(load.stream()), id), primary));
  }

  /** True for the streams of which an earlier run may know parents, or how far it came. */
  static boolean isFollowed(StreamDefinition stream) {
    return stream.scope().size() > 1
        && (!stream.parents().isEmpty() || stream.window().isPresent());
  }

  /** The next slice to read; empty when none is ready or so many are being read already. */
  Optional<Slice> take(int inFlightLimit) {
    if (running >= inFlightLimit || queue.isEmpty()) {
      return Optional.empty();
    }
    Slice slice = queue.poll().slice();
    LoadProgress state = stateOf(slice);
    state.taken(idOf(slice));
    running++;
    return Optional.of(slice);
  }

  /** Takes rows of a stream that came with a slice, and releases what they are the parents of. */
  void rows(StreamDefinition stream, List<Row> rows) {
    for (CascadePlan.Release release : plan.releases(stream)) {
      if (release.child().scope().size() < 2) {
        continue; // opened with the workspace
      }
      for (Row row : rows) {
        for (String id : release.ids().texts(row)) {
          if (!id.isEmpty()) {
            release(release, stream, row, id);
          }
        }
      }
    }
  }

  private void release(CascadePlan.Release release, StreamDefinition stream, Row row, String id) {
    List<String> columns = release.child().scope();
    Scope scope = Scope.ROOT;
    for (String column : columns.subList(0, columns.size() - 1)) {
      int position = stream.position(column);
      // The workspaces themselves hold their id as their key.
      Object value = row.get(position >= 0 ? position : stream.position(stream.key().get(0)));
      scope = scope.with(column, (String) value);
    }
    LoadProgress state =
        states.get(new Load(release.child(), Optional.of(scope.workspace().orElseThrow())));
    if (state != null) {
      release(state, scope.with(innermost(release.child()), id), release.primary());
    }
  }

  /** A slice has been read to its end. */
  List<Ended> done(Slice slice) {
    if (!isFailed(slice)) { // else it may have been dropped in the middle
      stateOf(slice).read(idOf(slice));
    }
    return ended(slice, Optional.empty());
  }

  /** A slice's parent is gone: it has no rows, and that is no failure. */
  List<Ended> gone(Slice slice) {
    LoadProgress state = stateOf(slice);
    if (state.followed.contains(slice.scope()) && !state.scopes.get(slice.scope())) {
      state.unproven.add(idOf(slice));
    }
    state.read(idOf(slice));
    return ended(slice, Optional.empty());
  }

  /** A slice could not be read. */
  List<Ended> failed(Slice slice, Failure failure) {
    return ended(slice, Optional.of(failure));
  }

  /** Fails every load of a workspace for a reason that lies in none of its slices. */
  List<Ended> failWorkspace(String workspaceId, Failure failure) {
    for (LoadProgress state : states.values()) {
      if (state.load.workspaceId().equals(Optional.of(workspaceId))) {
        fail(state, failure);
      }
    }
    return settle();
  }

  /** True when the load of a slice has failed, so that reading on is of no use. */
  boolean isFailed(Slice slice) {
    return stateOf(slice).failure.isPresent();
  }

  /** True when nothing is left to begin: what is being read brings no further slice. */
  boolean isBegun() {
    return queue.isEmpty()
        && states.values().stream()
            .allMatch(s -> s.ended || s.isBegun() && !CascadePlan.isWorkspaces(s.load.stream()));
  }

  /** True when nothing is left to read. */
  boolean isFinished() {
    return running == 0 && queue.isEmpty() && states.values().stream().allMatch(s -> s.ended);
  }

  /** Slices that were read or dropped. */
  int slicesDone() {
    return done;
  }

  /** Slices released so far. */
  int slicesKnown() {
    return known;
  }

  /** Every load opened so far that has not ended. */
  List<Load> unfinished() {
    return states.values().stream().filter(s -> !s.ended).map(s -> s.load).toList();
  }

  private List<Ended> ended(Slice slice, Optional<Failure> failure) {
    LoadProgress state = stateOf(slice);
    state.running--;
    running--;
    done++;
    failure.ifPresent(f -> fail(state, f));
    state.doubtful = false; // it was answered
    state.held.forEach(this::enqueue);
    state.held.clear();
    return settle();
  }

  private void fail(LoadProgress state, Failure failure) {
    if (state.ended || state.failure.isPresent()) {
      return;
    }
    state.failure = Optional.of(failure);
    drop(state);
    for (LoadProgress dependent : dependents.getOrDefault(state.load, List.of())) {
      boolean primary =
          plan.sources(dependent.load.stream()).stream()
              .anyMatch(s -> s.primary() && s.stream().name().equals(state.load.stream().name()));
      if (primary) {
        fail(dependent, failure.inChildOf(state.load.stream().name()));
      }
    }
  }

  private void drop(LoadProgress state) {
    queue.removeIf(
        queued -> {
          boolean dropped = stateOf(queued.slice()) == state;
          done += dropped ? 1 : 0;
          return dropped;
        });
    done += state.held.size();
    state.held.clear();
    state.pending = 0;
  }

  /** Ends the loads that can end, and those that end because of them. */
  private List<Ended> settle() {
    List<Ended> ended = new ArrayList<>();
    boolean more = true;
    while (more) {
      more = false;
      for (LoadProgress state : states.values()) {
        if (!state.ended && state.mayEnd()) {
          state.ended = true;
          ended.add(
              new Ended(
                  state.load,
                  state.failure,
                  Set.copyOf(state.unproven),
                  state.leftForPortions(),
                  Set.copyOf(state.done),
                  Set.copyOf(state.begun)));
          for (LoadProgress dependent : dependents.getOrDefault(state.load, List.of())) {
            dependent.openSources.remove(state.load);
          }
          more = true;
        }
      }
    }
    return ended;
  }

  private LoadProgress open(Load load) {
    LoadProgress state = new LoadProgress(load);
    states.put(load, state);
    return state;
  }

  private void release(LoadProgress state, Scope scope, boolean primary) {
    if (state.ended || state.failure.isPresent() || state.load.stream().endpoint().isEmpty()) {
      return;
    }
    if (state.scopes.containsKey(scope)) {
      state.scopes.merge(scope, primary, Boolean::logicalOr);
      return;
    }
    state.scopes.put(scope, primary);
    String id = scope.ids().getOrDefault(innermost(state.load.stream()), "");
    if (state.reading.inPortions() || state.reading.done().contains(id)) {
      return;
    }
    Period period = state.reading.periodOf(id);
    for (Map<String, String> variant : state.load.stream().endpoint().get().variants()) {
      Slice slice = new Slice(state.load.stream(), scope, period, variant);
      state.queued(id);
      known++;
      if (state.doubtful && state.pending + state.running > 1) {
        state.held.add(slice);
      } else {
        enqueue(slice);
      }
    }
  }

  private void enqueue(Slice slice) {
    boolean releases =
        plan.releases(slice.stream()).stream()
            .anyMatch(r -> r.primary() && r.child().scope().size() > 1);
    queue.add(new QueuedSlice(slice, releases, sequence++));
  }

  private LoadProgress stateOf(Slice slice) {
    Optional<String> workspace =
        slice.stream().inWorkspace() ? slice.scope().workspace() : Optional.empty();
    return states.get(new Load(slice.stream(), workspace));
  }

  private static String idOf(Slice slice) {
    return slice.scope().ids().getOrDefault(innermost(slice.stream()), "");
  }

  /** The column of a stream's innermost ancestor; empty text for a stream without ancestors. */
  static String innermost(StreamDefinition stream) {
    return stream.scope().isEmpty() ? "" : stream.scope().get(stream.scope().size() - 1);
  }
}
