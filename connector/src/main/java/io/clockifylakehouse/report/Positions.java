// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values, each at the position at which it was first seen. Filled by one thread. */
final class Positions<T> {
  private final Map<T, Integer> positions = new HashMap<>();
  private final List<T> items = new ArrayList<>();

  int of(T item) {
    Integer known = positions.putIfAbsent(item, items.size());
    if (known != null) {
      return known;
    }
    items.add(item);
    return items.size() - 1;
  }

  List<T> items() {
    return Collections.unmodifiableList(items);
  }
}
