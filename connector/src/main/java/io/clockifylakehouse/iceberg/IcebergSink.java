// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.MissingRow;
import io.clockifylakehouse.destination.Region;
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

/**
 * Compares the rows of one stream and workspace with its table as they arrive, keeps those that are
 * new or changed aside, and commits them as a merge.
 *
 * <p>Memory: about 44 bytes for each row of the region and 52 for each new one, the rows that
 * {@link RowSpool} holds, and during a commit two chunks of {@link SortedFiles}. Safe for use by
 * several threads.
 */
final class IcebergSink implements Sink {
  private final List<String> key;
  private final Optional<String> workspaceId;
  private final SyncStamp stamp;
  private final StreamDefinition stream;
  private final TableAccess access;
  private final RegionRows region;
  private final MergeIndex index;
  private final NewKeys newKeys;
  private final TextCache texts = new TextCache();
  private final RowHash rowHash;
  private final RowConversion conversion;
  private final RowBuffer buffer = new RowBuffer();
  private final RowSpool spool;
  private final int[] keyPositions;
  private final int workspacePosition;
  private final long startMicros;
  private WorkspaceScan scan;
  private Optional<String> state;
  private boolean done;

  /**
   * What a sink needs of its destination.
   *
   * @param display the table as people name it
   * @param loader loads the table as the catalog has it now
   * @param rules how rows go, and when that is refused
   * @param locks keep writers of one process apart
   * @param proceed throws when what is being written is to be dropped
   * @param fence throws when another run took over the workspace
   * @param written keys of the files that earlier portions of a load wrote
   * @param staging where changes wait for the commit of the run; empty to commit each at once
   */
  record TableAccess(
      String display,
      Supplier<Table> loader,
      MergeCommit.Rules rules,
      CommitLocks locks,
      Runnable proceed,
      Runnable fence,
      WrittenKeys written,
      Optional<DataCommit.Staging> staging) {

    /** Commits each change at once. */
    TableAccess(
        String display,
        Supplier<Table> loader,
        MergeCommit.Rules rules,
        CommitLocks locks,
        Runnable proceed,
        Runnable fence,
        WrittenKeys written) {
      this(display, loader, rules, locks, proceed, fence, written, Optional.empty());
    }

    TableAccess staging(DataCommit.Staging other) {
      return new TableAccess(
          display, loader, rules, locks, proceed, fence, written, Optional.of(other));
    }
  }

  /**
   * Reads what the table holds of the region.
   *
   * @param table as it is now: what the rows are compared with
   */
  IcebergSink(
      Table table,
      StreamDefinition stream,
      Optional<String> workspaceId,
      Region region,
      SyncStamp stamp,
      TableAccess access) {
    this.stream = stream;
    this.key = stream.key();
    this.workspaceId = workspaceId;
    this.stamp = stamp;
    this.access = access;
    this.scan = WorkspaceScan.of(table, access.display(), stream, workspaceId);
    this.conversion = new RowConversion(stream, access.display(), table.schema(), texts);
    this.region = new RegionRows(stream, region, table.schema());
    this.index = regionScan().index();
    this.newKeys = new NewKeys(table.schema().findField(stream.key().get(0)));
    this.state = StreamState.of(table, workspaceId);
    this.rowHash = new RowHash(stream.columns(), texts);
    this.spool = new RowSpool(table.schema(), table.spec(), RowSpool.BYTES_IN_MEMORY);
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
    int known = index.size();
    long[] key = KeyHash.of(keyValues, texts);
    int sequence = index.offer(key, content);
    boolean isNew = index.size() > known;
    if (isNew && !region.isEverything()) {
      newKeys.add(keyValues[0]);
    }
    if (sequence != MergeIndex.NOTHING_NEW) {
      buffer.clear();
      conversion.write(row, startMicros, stamp.syncId(), content, buffer);
      spool.add(isNew ? known : index.find(key), sequence, buffer);
    }
  }

  @Override
  public synchronized long heldCount() {
    return index.size();
  }

  @Override
  public synchronized long presentCount() {
    return index.live();
  }

  @Override
  public synchronized long missingCount() {
    long missing = 0;
    for (int entry = 0; entry < index.size(); entry++) {
      missing += index.isMissing(entry) ? 1 : 0;
    }
    return missing;
  }

  @Override
  public synchronized List<MissingRow> missing(int limit) {
    requireOpen();
    try {
      return regionScan().missing(index, limit);
    } catch (RuntimeException e) {
      throw Failures.of("table " + access.display() + ": cannot read it", e);
    }
  }

  @Override
  public synchronized void checkShrink(Coverage coverage) {
    access.rules().refuseShrink(index, coverage, region.isEverything(), this::name);
  }

  private String name() {
    return access.display() + workspaceId.map(id -> ", workspace " + id).orElse("");
  }

  @Override
  public synchronized Committed commit(Coverage coverage, Optional<String> newState) {
    requireOpen();
    done = true;
    try {
      checkShrink(coverage);
      if (!newKeys.isEmpty()) {
        regionScan().adoptMoved(index, newKeys, access.written());
      }
      MergePlan plan = new MergePlan(index, coverage, access.rules().deletes());
      if (plan.isEmpty() && (newState.isEmpty() || newState.equals(state))) {
        return new Committed(plan.counts(), scan.snapshotId());
      }
      Map<String, String> properties =
          newState.map(json -> Map.of(StreamState.property(workspaceId), json)).orElse(Map.of());
      MergeCommit merge =
          new MergeCommit(scan, index, plan, spool, key, stamp, access, region.isPortion());
      OptionalLong snapshotId = merge.run(properties);
      return new Committed(plan.counts(), snapshotId);
    } catch (RuntimeException e) {
      throw Failures.of("table " + access.display() + ": cannot commit", e);
    } finally {
      spool.close();
    }
  }

  @Override
  public synchronized boolean follow(Sink before) {
    requireOpen();
    if (!(before instanceof IcebergSink other) || index.meets(other.index)) {
      return false;
    }
    try {
      Table table = access.loader().get();
      WorkspaceScan now = WorkspaceScan.of(table, access.display(), stream, workspaceId);
      WorkspaceScan then = scan;
      scan = now;
      state = StreamState.of(table, workspaceId);
      return regionScan().follow(then, index);
    } catch (RuntimeException e) {
      throw Failures.of("table " + access.display() + ": cannot read it", e);
    }
  }

  private RegionScan regionScan() {
    return new RegionScan(scan, key, region);
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
