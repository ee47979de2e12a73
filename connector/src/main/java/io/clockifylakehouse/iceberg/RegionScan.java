// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.MissingRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The rows of a region in a scan, as a {@link MergeIndex} knows them by their keys.
 *
 * <p>Immutable; safe for use by several threads that have an index each.
 *
 * @param key the columns of the key
 */
record RegionScan(WorkspaceScan scan, List<String> key, RegionRows region) {

  /** The index of a region's rows by key. */
  MergeIndex index() {
    BitSet files = files();
    long rows = files.stream().mapToLong(file -> scan.tasks().get(file).file().recordCount()).sum();
    // A file of the region may hold many rows that are not in it: let the index grow.
    MergeIndex index = new MergeIndex(region.isEverything() ? rows : 0);
    scan.repeated().stream().forEach(index::rewrite);
    forEach(files, index, index::load);
    return index;
  }

  /**
   * Brings an index of an earlier scan of the table up to this one: rows that are in another file
   * than before, and rows that came.
   *
   * @return false when that cannot be told; the index is of no use then
   */
  boolean follow(WorkspaceScan before, MergeIndex index) {
    boolean comparable =
        scan.table().schema().sameSchema(before.table().schema())
            && scan.table().spec().specId() == before.table().spec().specId()
            && scan.repeated().isEmpty()
            && index.rewrites().isEmpty();
    if (!comparable) {
      return false;
    }
    BitSet files = files();
    Map<String, Integer> now = new HashMap<>();
    for (int file = 0; file < scan.tasks().size(); file++) {
      now.put(scan.tasks().get(file).file().location(), file);
    }
    int[] ordinals = new int[before.tasks().size()];
    for (int file = 0; file < ordinals.length; file++) {
      ordinals[file] = now.getOrDefault(before.tasks().get(file).file().location(), -1);
      if (ordinals[file] >= 0) {
        files.clear(ordinals[file]);
      }
    }
    index.renumber(ordinals);
    boolean[] all = {true};
    forEach(
        files,
        index,
        (hash, rowHash, file, deleted, scope) ->
            all[0] &= index.relocate(hash, rowHash, file, deleted, scope));
    return all[0] && !index.lacksRows();
  }

  private BitSet files() {
    BitSet files = new BitSet();
    for (int file = 0; file < scan.tasks().size(); file++) {
      files.set(file, region.mayHold(scan.tasks().get(file).file()));
    }
    return files;
  }

  /** Takes a row of a region as an index knows it. */
  private interface Indexing {
    void row(long[] key, long rowHash, int file, boolean deleted, int scope);
  }

  private void forEach(BitSet files, MergeIndex index, Indexing indexing) {
    List<String> columns = new ArrayList<>(key);
    columns.addAll(region.columns());
    Schema projection = scan.projection(columns, TableLayout.ROW_HASH, TableLayout.DELETED_AT);
    RegionRows.Positions at = region.positions(projection);
    Entries entries = new Entries(projection, key);
    for (int file = files.nextSetBit(0); file >= 0; file = files.nextSetBit(file + 1)) {
      int ordinal = file;
      scan.forEach(
          file,
          projection,
          row -> {
            if (region.contains(row, at)) {
              indexing.row(
                  entries.key(row),
                  entries.rowHash(row),
                  ordinal,
                  entries.isDeleted(row),
                  at.scope() < 0 ? MergeIndex.NO_SCOPE : index.scope(at.scopeId(row)));
            }
          });
    }
  }

  /**
   * Finds the rows outside the region of keys that were read.
   *
   * @param written the keys of some of the files
   */
  void adoptMoved(MergeIndex index, NewKeys newKeys, WrittenKeys written) {
    boolean elsewhere = written.lackNewOf(index);
    Schema projection = scan.projection(key, TableLayout.ROW_HASH, TableLayout.DELETED_AT);
    Entries entries = new Entries(projection, key);
    for (int file = 0; file < scan.tasks().size(); file++) {
      int ordinal = file;
      DataFile dataFile = scan.tasks().get(file).file();
      if (newKeys.mayBeIn(dataFile) && !(elsewhere && written.covers(dataFile))) {
        scan.forEach(
            file,
            projection,
            row ->
                index.adopt(
                    entries.key(row), entries.rowHash(row), ordinal, entries.isDeleted(row)));
      }
    }
  }

  /** Live rows of the region that were not read, at most so many. */
  List<MissingRow> missing(MergeIndex index, int limit) {
    BitSet files = new BitSet();
    for (int entry = 0; entry < index.size(); entry++) {
      if (index.isMissing(entry)) {
        files.set(index.file(entry));
      }
    }
    List<String> columns = new ArrayList<>(key);
    columns.addAll(region.columns());
    Schema projection = scan.projection(columns);
    int[] keyPositions = WorkspaceScan.positions(projection, key);
    RegionRows.Positions at = region.positions(projection);
    List<MissingRow> missing = new ArrayList<>();
    BitSet named = new BitSet();
    for (int file = files.nextSetBit(0); file >= 0; file = files.nextSetBit(file + 1)) {
      try (CloseableIterable<Record> rows = scan.read(file, projection)) {
        for (Record row : rows) {
          if (missing.size() == limit) {
            return missing;
          }
          int entry = index.find(WorkspaceScan.keyOf(row, keyPositions));
          boolean meant = entry >= 0 && index.isMissing(entry) && index.file(entry) == file;
          if (meant && !named.get(entry)) {
            named.set(entry);
            missing.add(missingRow(row, keyPositions, at));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return missing;
  }

  private static MissingRow missingRow(
      Record row, int[] keyPositions, RegionRows.Positions positions) {
    List<Object> key = new ArrayList<>();
    for (int position : keyPositions) {
      Object value = row.get(position);
      key.add(value instanceof CharSequence ? value.toString() : value);
    }
    return new MissingRow(
        positions.scope() < 0 ? Optional.empty() : Optional.of(positions.scopeId(row)), key);
  }

  /** Reads what the index needs out of a projected row. */
  private static final class Entries {
    private final int[] key;
    private final int rowHash;
    private final int deletedAt;

    Entries(Schema projection, List<String> key) {
      this.key = WorkspaceScan.positions(projection, key);
      this.rowHash = WorkspaceScan.position(projection, TableLayout.ROW_HASH);
      this.deletedAt = WorkspaceScan.position(projection, TableLayout.DELETED_AT);
    }

    long[] key(Record row) {
      return WorkspaceScan.keyOf(row, key);
    }

    /** A row without a hash is not ours; as changed it gets one. */
    long rowHash(Record row) {
      Long hash = row.get(rowHash, Long.class);
      return hash == null ? 0 : hash;
    }

    boolean isDeleted(Record row) {
      return row.get(deletedAt) != null;
    }
  }
}
