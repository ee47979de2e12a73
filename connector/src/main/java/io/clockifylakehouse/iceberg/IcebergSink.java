// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;

/**
 * Compares the rows of one stream and workspace with its table as they arrive, keeps those that are
 * new or changed aside, and commits them as a merge.
 *
 * <p>Memory: about 40 bytes for each row of the workspace, the rows that {@link RowSpool} holds,
 * and during a commit one chunk of {@link SortedFiles}. Safe for use by several threads.
 */
final class IcebergSink implements Sink {
  private final List<String> key;
  private final Optional<String> workspaceId;
  private final SyncStamp stamp;
  private final TableAccess access;
  private final WorkspaceScan scan;
  private final MergeIndex index;
  private final RowHash rowHash;
  private final RowConversion conversion;
  private final RowSpool spool;
  private final int[] keyPositions;
  private final int workspacePosition;
  private final long startMicros;
  private boolean done;

  /**
   * What a sink needs of its destination.
   *
   * @param display the table as people name it
   * @param loader loads the table as the catalog has it now
   * @param rules how rows go, and when that is refused
   * @param locks keep writers of one process apart
   */
  record TableAccess(
      String display, Supplier<Table> loader, MergeCommit.Rules rules, CommitLocks locks) {}

  /**
   * Reads what the table holds of the workspace.
   *
   * @param table as it is now: what the rows are compared with
   */
  IcebergSink(
      Table table,
      StreamDefinition stream,
      Optional<String> workspaceId,
      SyncStamp stamp,
      TableAccess access) {
    this.key = stream.key();
    this.workspaceId = workspaceId;
    this.stamp = stamp;
    this.access = access;
    this.scan = WorkspaceScan.of(table, access.display(), stream, workspaceId);
    this.conversion = new RowConversion(stream, access.display(), table.schema());
    this.index = scan.index(stream.key());
    this.rowHash = new RowHash(stream.columns());
    this.spool = new RowSpool(table.schema(), table.spec(), RowSpool.ROWS_IN_MEMORY);
    this.keyPositions = stream.key().stream().mapToInt(stream::position).toArray();
    this.workspacePosition = stream.position(Scope.WORKSPACE);
    this.startMicros = Micros.of(stamp.startedAt());
  }

  @Override
  public synchronized void write(List<Row> rows) {
    requireOpen();
    try {
      for (Row row : rows) {
        write(row);
      }
    } catch (RuntimeException e) {
      throw Failures.of("table " + access.display() + ": cannot take rows", e);
    }
  }

  private void write(Row row) {
    if (workspaceId.isPresent() && !workspaceId.get().equals(row.get(workspacePosition))) {
      throw new ConnectorException(
          ErrorCode.DEFECT,
          "table "
              + access.display()
              + ": a row of workspace "
              + row.get(workspacePosition)
              + " was written to "
              + workspaceId.get());
    }
    Object[] keyValues = new Object[keyPositions.length];
    for (int i = 0; i < keyValues.length; i++) {
      keyValues[i] = row.get(keyPositions[i]);
    }
    long content = rowHash.of(row);
    int sequence = index.offer(KeyHash.of(keyValues), content);
    if (sequence != MergeIndex.NOTHING_NEW) {
      Record record = conversion.convert(row, startMicros, stamp.syncId(), content);
      spool.add(sequence, record);
    }
  }

  @Override
  public Committed commit(Coverage coverage) {
    return commit(coverage, Map.of());
  }

  /**
   * As {@link #commit(Coverage)}, setting table properties in the same transaction; they are set
   * even when no row changed.
   */
  synchronized Committed commit(Coverage coverage, Map<String, String> properties) {
    requireOpen();
    done = true;
    try {
      MergePlan plan = new MergePlan(index, coverage, access.rules().deletes());
      access.rules().refuseShrink(plan, access.display(), workspaceId);
      if (plan.isEmpty() && properties.isEmpty()) {
        return new Committed(plan.counts(), scan.snapshotId());
      }
      MergeCommit merge = new MergeCommit(scan, index, plan, spool, key, stamp, access);
      OptionalLong snapshotId = merge.run(properties);
      return new Committed(plan.counts(), snapshotId);
    } catch (RuntimeException e) {
      throw Failures.of("table " + access.display() + ": cannot commit", e);
    } finally {
      spool.close();
    }
  }

  private void requireOpen() {
    if (done) {
      throw new ConnectorException(
          ErrorCode.DEFECT, "table " + access.display() + ": this sink is closed");
    }
  }

  @Override
  public synchronized void close() {
    done = true;
    spool.close();
  }
}
