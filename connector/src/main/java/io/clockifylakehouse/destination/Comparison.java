// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.util.List;

/**
 * A sink that writes nothing: its {@link #commit} compares what was written to it with the table,
 * value by value, and leaves the table alone.
 */
public interface Comparison extends Sink {
  /**
   * The rows that differ, known after {@link #commit}.
   *
   * @param list those that are named, at most {@link #NAMED_MAX}
   * @param total how many there are
   */
  record Differences(List<Difference> list, long total) {
    public Differences {
      list = List.copyOf(list);
    }
  }

  /** As many differing rows are named. */
  int NAMED_MAX = 1_000;

  Differences differences();
}
