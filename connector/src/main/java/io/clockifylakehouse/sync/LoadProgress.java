// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How far one load is, as {@link CascadeScheduler} keeps it, with whose lock it is used. */
final class LoadProgress {
  final Load load;
  final Set<Load> openSources = new LinkedHashSet<>();
  final Map<Scope, Boolean> scopes = new HashMap<>();
  final Set<Scope> followed = new HashSet<>();
  final Set<String> unproven = new HashSet<>();
  final Set<String> done = new HashSet<>();
  final Set<String> begun = new HashSet<>();
  LoadReading reading = LoadReading.WHOLE;
  Optional<Failure> failure = Optional.empty();
  final List<Slice> held = new ArrayList<>();
  boolean doubtful;
  boolean awaitsFollowed;
  boolean ended;
  int pending;
  int running;
  private final Map<String, Integer> left = new HashMap<>();

  LoadProgress(Load load) {
    this.load = load;
  }

  /** A slice of a scope waits to be read. */
  void queued(String id) {
    pending++;
    left.merge(id, 1, Integer::sum);
  }

  /** A slice of a scope is being read. */
  void taken(String id) {
    pending--;
    running++;
    begun.add(id);
  }

  /** A slice of a scope was read to its end. */
  void read(String id) {
    if (left.merge(id, -1, Integer::sum) == 0) {
      begun.remove(id);
      done.add(id);
    }
  }

  /** Ids of the scopes that are left to be read in portions; empty for a load that is not. */
  Optional<Set<String>> leftForPortions() {
    if (!reading.inPortions()) {
      return Optional.empty();
    }
    Set<String> ids = new HashSet<>();
    String column = CascadeScheduler.innermost(load.stream());
    scopes.keySet().forEach(scope -> ids.add(scope.ids().get(column)));
    ids.removeAll(done);
    ids.removeAll(reading.done());
    return Optional.of(ids);
  }

  /** True when no slice of the load is left to begin, and none will come. */
  boolean isBegun() {
    boolean comesWithOthers = load.stream().embedded().isPresent();
    return ended
        || failure.isPresent()
        || comesWithOthers
        || (pending == 0 && openSources.isEmpty() && !awaitsFollowed);
  }

  /** True when nothing more of the load will be read. */
  boolean mayEnd() {
    boolean comesWithOthers = load.stream().embedded().isPresent();
    if (running > 0 || (comesWithOthers && !openSources.isEmpty())) {
      return false;
    }
    return failure.isPresent() || (pending == 0 && openSources.isEmpty() && !awaitsFollowed);
  }
}
