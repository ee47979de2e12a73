// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

/**
 * A row that the table and the service do not have alike.
 *
 * @param key its key's values, joined by blanks where there are several
 */
public record Difference(String key, Kind kind) {

  /** In what way they differ. */
  public enum Kind {
    /** The service has it and the table does not. */
    MISSING,
    /** The table has it and the service does not. */
    SURPLUS,
    /** Both have it, and the table's is as a sync wrote it. */
    STALE,
    /** Both have it, and the table's is not what a sync wrote: somebody else changed it. */
    ALTERED,
    /** The table has it more than once. */
    DOUBLED
  }
}
