// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.util.List;

/**
 * What a run met that no column foresaw; all of it is in {@code _extra}. Immutable.
 *
 * @param unknownFields paths of fields the schema does not know
 * @param typeMismatches paths of values their column could not hold exactly
 * @param unknownValues values of unknown fields
 * @param mismatchedValues values that did not fit
 */
public record DriftSummary(
    List<String> unknownFields,
    List<String> typeMismatches,
    long unknownValues,
    long mismatchedValues) {
  public static final DriftSummary NONE = new DriftSummary(List.of(), List.of(), 0, 0);

  public DriftSummary {
    unknownFields = List.copyOf(unknownFields);
    typeMismatches = List.copyOf(typeMismatches);
  }

  public boolean isEmpty() {
    return unknownValues == 0 && mismatchedValues == 0;
  }
}
