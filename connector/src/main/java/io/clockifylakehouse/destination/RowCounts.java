// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

/**
 * Rows of one stream and workspace in one sync.
 *
 * @param read distinct records read
 */
public record RowCounts(long read, long added, long changed, long deleted, long unchanged) {
  public static final RowCounts NONE = new RowCounts(0, 0, 0, 0, 0);

  /** Both together. */
  public RowCounts plus(RowCounts other) {
    return new RowCounts(
        read + other.read,
        added + other.added,
        changed + other.changed,
        deleted + other.deleted,
        unchanged + other.unchanged);
  }
}
