// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import java.util.Set;
import java.util.TreeSet;

/**
 * What the service sent that the stream file does not foresee, by generalised path ({@code
 * items[].newField}). Of paths beyond {@link #PATHS_MAX} only the values are counted.
 *
 * @param unknownFields fields without a column
 * @param typeMismatches paths of values that their column cannot hold exactly
 * @param unknownValues values of unknown fields
 * @param mismatchedValues values that did not fit
 */
public record Drift(
    Set<String> unknownFields,
    Set<String> typeMismatches,
    long unknownValues,
    long mismatchedValues) {
  /** Names beyond are no names: an object is used as a map. */
  static final int PATHS_MAX = 100;

  public static final Drift NONE = new Drift(Set.of(), Set.of(), 0, 0);

  public boolean isEmpty() {
    return unknownValues == 0 && mismatchedValues == 0;
  }

  /** Both together. */
  public Drift and(Drift other) {
    if (other.isEmpty()) {
      return this;
    }
    return new Drift(
        union(unknownFields, other.unknownFields),
        union(typeMismatches, other.typeMismatches),
        unknownValues + other.unknownValues,
        mismatchedValues + other.mismatchedValues);
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    Set<String> union = new TreeSet<>(some);
    for (String path : more) {
      add(union, path);
    }
    return union;
  }

  static void add(Set<String> paths, String path) {
    if (paths.size() < PATHS_MAX) {
      paths.add(path);
    }
  }
}
