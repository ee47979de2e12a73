// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.time.Instant;

/**
 * One run of the connector, as every row and snapshot it writes names it.
 *
 * @param command what the user typed, for who finds the run in the way
 * @param syncId unique, fit for a tag and a file name
 */
public record SyncStamp(String command, String syncId, Instant startedAt) {
  private static final String ANY = "run";

  /** A run of no command in particular. */
  public SyncStamp(String syncId, Instant startedAt) {
    this(ANY, syncId, startedAt);
  }
}
