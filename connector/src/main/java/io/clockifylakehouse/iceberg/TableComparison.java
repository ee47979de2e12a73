// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Committed;
import io.clockifylakehouse.destination.Comparison;
import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.Difference;
import io.clockifylakehouse.destination.Difference.Kind;
import io.clockifylakehouse.destination.MissingRow;
import io.clockifylakehouse.destination.Region;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The rows of one stream and workspace compared with its table by what the columns hold, not by the
 * hashes stored beside them.
 *
 * <p>Memory: about 44 bytes a row. Safe for use by several threads.
 */
final class TableComparison implements Comparison {
  private final WorkspaceScan scan;
  private final RegionRows region;
  private final MergeIndex index;
  private final List<String> key;
  private final int[] keyPositions;
  private final RowHash rowHash;
  private final BitSet altered = new BitSet();
  private final Map<Integer, String> pending = new LinkedHashMap<>();
  private final List<Difference> found = new ArrayList<>();
  private long doubled;
  private Differences differences = new Differences(List.of(), 0);

  TableComparison(WorkspaceScan scan, StreamDefinition stream) {
    this.scan = scan;
    this.region = new RegionRows(stream, Region.ALL, scan.table().schema());
    this.key = stream.key();
    this.keyPositions = key.stream().mapToInt(stream::position).toArray();
    this.rowHash = new RowHash(stream.columns());
    this.index = new MergeIndex(0);
    for (int file = 0; file < scan.tasks().size(); file++) {
      load(file, new StoredContent(stream, scan.table().schema()));
    }
  }

  private void load(int file, StoredContent content) {
    int[] stored = WorkspaceScan.positions(scan.table().schema(), key);
    int deletedAt = WorkspaceScan.position(scan.table().schema(), TableLayout.DELETED_AT);
    RegionRows.Positions at = region.positions(scan.table().schema());
    try (CloseableIterable<Record> rows = scan.read(file, scan.table().schema())) {
      for (Record row : rows) {
        long[] hash = WorkspaceScan.keyOf(row, stored);
        if (index.find(hash) >= 0) {
          doubled++;
          name(new Difference(text(row, stored), Kind.DOUBLED));
          continue;
        }
        int scope = at.scope() < 0 ? MergeIndex.NO_SCOPE : index.scope(at.scopeId(row));
        altered.set(index.size(), !content.isAsWritten(row));
        index.load(hash, content.hash(row), file, row.get(deletedAt) != null, scope);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void name(Difference difference) {
    if (found.size() < NAMED_MAX) {
      found.add(difference);
    }
  }

  private static String text(Record row, int[] positions) {
    List<String> values = new ArrayList<>();
    for (int position : positions) {
      values.add(String.valueOf(row.get(position)));
    }
    return String.join(" ", values);
  }

  @Override
  public synchronized long heldCount() {
    return index.size();
  }

  @Override
  public synchronized void write(List<Row> rows) {
    for (Row row : rows) {
      Object[] values = new Object[keyPositions.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(keyPositions[i]);
      }
      long[] hash = KeyHash.of(values);
      boolean differs = index.offer(hash, rowHash.of(row)) != MergeIndex.NOTHING_NEW;
      if (differs && pending.size() < 2 * NAMED_MAX) {
        pending.put(index.find(hash), Arrays.stream(values).map(String::valueOf).collect(joined()));
      }
    }
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(" ");
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
    return new RegionScan(scan, key, region).missing(index, limit);
  }

  /** Nothing is deleted, so nothing is refused. */
  @Override
  public void checkShrink(Coverage coverage) {}

  @Override
  public synchronized Committed commit(Coverage coverage, Optional<String> state) {
    MergePlan plan = new MergePlan(index, coverage, DeleteMode.HARD);
    pending.forEach(
        (entry, name) -> {
          if (index.isPending(entry)) {
            boolean stored = index.isInTable(entry) && !index.isDeleted(entry);
            Kind kind = altered.get(entry) ? Kind.ALTERED : Kind.STALE;
            name(new Difference(name, stored ? kind : Kind.MISSING));
          }
        });
    if (plan.counts().deleted() > 0) {
      for (MissingRow row : missing(NAMED_MAX)) {
        if (!coverage.except().contains(row.scopeId().orElse(""))) {
          name(
              new Difference(
                  row.key().stream().map(String::valueOf).collect(joined()), Kind.SURPLUS));
        }
      }
    }
    long total =
        doubled + plan.counts().added() + plan.counts().changed() + plan.counts().deleted();
    differences = new Differences(found, total);
    return new Committed(plan.counts(), scan.snapshotId());
  }

  @Override
  public synchronized Differences differences() {
    return differences;
  }

  @Override
  public void close() {}
}
