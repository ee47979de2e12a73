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
   * How a portion is read; what its table is to say afterwards is not in it.
   *
   * @param portion ids of some scopes, in their order
   */
  LoadReading reading(List<String> portion);

  /**
   * The state to commit with a portion that was read; asked for portion by portion, in their order.
   *
   * @param portion ids of the scopes that follow on those of the portions before
   */
  WindowState after(List<String> portion);

  /**
   * The state to commit when a portion is cut off; empty when nothing of it is of use. After it, no
   * portion is read whole.
   *
   * @param portion ids of the scopes that follow on those of the portions before
   * @param whole those of its scopes that were read to their end, and lack no row
   */
  Optional<WindowState> cutAfter(List<String> portion, Set<String> whole);
}
