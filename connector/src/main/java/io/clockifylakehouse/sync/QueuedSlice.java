// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Slice;
import java.util.Comparator;

/**
 * A slice that waits to be read, before or after others.
 *
 * <p>Parents go before their children, and of the same depth those first whose rows release others.
 * Then those of small pages: they take the most requests one after the other, and begun last, they
 * would be what everything waits for in the end.
 *
 * @param releases whether its rows are the parents that other slices wait for
 * @param sequence in which it came
 */
record QueuedSlice(Slice slice, boolean releases, long sequence)
    implements Comparable<QueuedSlice> {
  private static final Comparator<QueuedSlice> ORDER =
      Comparator.comparingInt((QueuedSlice queued) -> queued.slice.stream().scope().size())
          .thenComparing(queued -> !queued.releases)
          .thenComparingInt(QueuedSlice::rowsPerPage)
          .thenComparingLong(QueuedSlice::sequence);

  private int rowsPerPage() {
    return slice.stream().endpoint().map(Endpoint::paging).orElseThrow().max();
  }

  @Override
  public int compareTo(QueuedSlice other) {
    return ORDER.compare(this, other);
  }
}
