// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.ArrayList;
import java.util.List;

public final class ColumnPath {
  private final int[] p;

  private ColumnPath(int[] p) {
    this.p = p;
  }

  public static ColumnPath of(StreamDefinition s, String dotted) {
    String[] parts = dotted.split("\\.");
    int[] p = new int[parts.length];
    p[0] = s.position(parts[0]);
    return new ColumnPath(p);
  }

  public List<String> texts(Row row) {
    List<String> r = new ArrayList<>();
    if (row.get(p[0]) instanceof String t) r.add(t);
    return r;
  }
}
