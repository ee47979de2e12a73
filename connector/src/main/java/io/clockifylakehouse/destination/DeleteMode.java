// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

/** What becomes of a row that is gone at the service. */
public enum DeleteMode {
  /** It leaves the table; older snapshots still hold it. */
  HARD,
  /** It stays, with {@code _deleted_at} set. */
  SOFT
}
