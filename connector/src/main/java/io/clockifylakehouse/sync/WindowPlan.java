// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.state.WindowState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A sync of a load that is too large to be read at once. Used by one thread: each portion follows
 * on the one before.
 */
final class WindowPlan implements PortionPlan {
  private final LoadReading whole;
  private final int rows;
  private final List<String> scopes;
  private final Set<String> done = new HashSet<>();
  private final Set<String> begun = new HashSet<>();

  /**
   * @param whole how the load is read
   * @param rowsAtOnce a portion is to stay below, though its scopes' rows are not known before
   * @param done ids of the scopes that are read and committed
   * @param left ids of the others
   */
  WindowPlan(LoadReading whole, int rowsAtOnce, Set<String> done, Set<String> left) {
    this.whole = whole;
    this.rows = rowsAtOnce / 3 * 2;
    this.done.addAll(done);
    this.scopes = new ArrayList<>(new TreeSet<>(left));
  }

  @Override
  public List<String> scopes() {
    return List.copyOf(scopes);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public LoadReading reading(List<String> portion) {
    return whole.of(Set.copyOf(portion));
  }

  @Override
  public WindowState after(List<String> portion) {
    done.addAll(portion);
    boolean isLast = portion.contains(scopes.get(scopes.size() - 1));
    return isLast ? whole.next().orElseThrow() : whole.cutAfter(done, Set.of()).orElseThrow();
  }

  @Override
  public Optional<WindowState> cutAfter(List<String> portion, Set<String> read) {
    for (String id : portion) {
      (read.contains(id) ? done : begun).add(id);
    }
    return whole.cutAfter(done, begun);
  }
}
