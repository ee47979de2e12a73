// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import java.util.OptionalLong;

/**
 * The outcome of a commit.
 *
 * @param rows how the rows compared with the table
 * @param snapshotId the table's current snapshot afterwards; empty when it never had one
 */
public record Committed(RowCounts rows, OptionalLong snapshotId) {}
