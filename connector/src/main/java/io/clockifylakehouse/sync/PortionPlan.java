// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.state.WindowState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a load is read in portions, and what its table is to say of how far that is. */
interface PortionPlan {

  /** Ids of the scopes to read, in their order. */
  List<String> scopes();

  /** About so many rows make a portion. */
  int rows();

  /**
   * How the next portion is read, and the state to commit with it.
   *
   * @param portion ids of the scopes that follow on those of the portions before
   */
  LoadReading reading(List<String> portion);

  /**
   * The state to commit when a portion is cut off; empty when nothing of it is of use.
   *
   * @param portion that {@link #reading} was asked for last
   * @param whole those of its scopes that were read to their end, and lack no row
   */
  Optional<WindowState> cutAfter(List<String> portion, Set<String> whole);
}
