// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.Slice;

/**
 * Told what a run does while it does it, for progress and logs. Calls come from several threads at
 * once and must return quickly.
 */
public interface SyncListener {
  /** A page has been read; {@code rows} of the slice's own stream came with it. */
  default void page(Slice slice, int rows) {}

  /** Slices known so far, and how many of them are done. Both only grow. */
  default void slices(int done, int known) {}

  /** One stream of one workspace has ended. */
  default void stream(StreamResult result) {}
}
