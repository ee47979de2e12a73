// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

/** How a table and the service agree in one comparison, from the best to the worst. */
public enum Agreement {
  EQUAL,
  /** They differ, and each difference came about after the table was last brought up to date. */
  CHANGED,
  /** The stream was never synced in the workspace. */
  SKIPPED,
  /** This key or plan may not ask. */
  FORBIDDEN,
  /** The service gave no figure. */
  FAILED,
  /** They differ, and nothing tells a change since the last sync from a loss. */
  UNDECIDED,
  /** They differ, and no change at the service since the last sync explains it. */
  DIFFERENT;

  /** The worse of two. */
  public Agreement or(Agreement other) {
    return compareTo(other) < 0 ? other : this;
  }
}
