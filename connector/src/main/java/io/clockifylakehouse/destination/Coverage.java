// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

/** What the rows written to a sink say about the rows that were not. */
public enum Coverage {
  /** Everything was read: a row of the table that was not written is gone at the service. */
  WHOLE,
  /** Only a part was read: rows that were not written stay as they are. */
  PART
}
