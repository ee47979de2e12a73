// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.time.Instant;

/**
 * One run of the connector, as every row and snapshot it writes names it.
 *
 * @param syncId unique, fit for a tag and a file name
 */
public record SyncStamp(String syncId, Instant startedAt) {}
