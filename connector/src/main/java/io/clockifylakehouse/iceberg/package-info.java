// SPDX-License-Identifier: Apache-2.0
/**
 * Apache Iceberg as the destination.
 *
 * <p>Start reading at {@link io.clockifylakehouse.iceberg.IcebergDestination}. A sync of one stream
 * and workspace is an {@link io.clockifylakehouse.iceberg.IcebergSink}: {@code WorkspaceScan} reads
 * what the table holds into a {@code MergeIndex}; rows that are new or changed wait in a {@code
 * RowSpool}; {@code MergePlan} says what becomes of every row; {@code MergeCommit} writes the files
 * and {@code SnapshotCommit} commits them, and finds out what became of the commit.
 */
package io.clockifylakehouse.iceberg;
