// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import java.util.Set;
import java.util.TreeSet;

/**
 * What the service sent that the stream file does not foresee, by generalised path ({@code
 * items[].newField}).
 *
 * @param unknownFields fields without a column
 * @param typeMismatches values that their column cannot hold exactly
 */
public record Drift(Set<String> unknownFields, Set<String> typeMismatches) {
  public static final Drift NONE = new Drift(Set.of(), Set.of());

  /** Both together. */
  public Drift and(Drift other) {
    if (other.unknownFields.isEmpty() && other.typeMismatches.isEmpty()) {
      return this;
    }
    Set<String> unknown = new TreeSet<>(unknownFields);
    unknown.addAll(other.unknownFields);
    Set<String> mismatched = new TreeSet<>(typeMismatches);
    mismatched.addAll(other.typeMismatches);
    return new Drift(unknown, mismatched);
  }
}
