// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a table holds of one region, by key, and what a sync has read of it so far.
 *
 * <p>An open-addressing map over primitive arrays: about 44 bytes a row. Keys are {@link
 * KeyHash}es. An entry is a number from 0 to {@link #size()}, exclusive. Not safe for use by
 * several threads.
 */
final class MergeIndex {
  /** {@link #offer} found nothing to store. */
  static final int NOTHING_NEW = -1;

  /** Stands for the scope of a row that has none, or whose scope does not matter. */
  static final int NO_SCOPE = 0;

  private static final int UNSEEN = -1;
  private static final int UNCHANGED = -2;

  private static final int NO_FILE = 0x3fffffff;
  private static final int LOST = NO_FILE - 1;
  private static final int DELETED_BIT = 1 << 31;
  private static final int CLAIMED_BIT = 1 << 30;
  private static final int FILE_MASK = NO_FILE;
  private static final int EMPTY = -1;

  private int[] slots;
  private long[] high;
  private long[] low;
  private long[] hashes;
  private int[] files;
  private int[] sequences;
  private int[] scopes;
  private final Map<String, Integer> scopeNumbers = new HashMap<>();
  private final List<String> scopeIds = new ArrayList<>();
  private int size;
  private int live;
  private int lost;
  private int nextSequence;
  private final BitSet rewrites = new BitSet();

  /**
   * @param expectedRows as many fit without growing
   */
  MergeIndex(long expectedRows) {
    int capacity = Math.toIntExact(Math.max(16, expectedRows));
    this.high = new long[capacity];
    this.low = new long[capacity];
    this.hashes = new long[capacity];
    this.files = new int[capacity];
    this.sequences = new int[capacity];
    this.scopes = new int[capacity];
    this.slots = emptySlots(capacity);
  }

  /** At most half of the slots are ever taken. */
  private static int[] emptySlots(int capacity) {
    int[] slots = new int[Math.max(32, Integer.highestOneBit(Math.max(1, capacity - 1)) * 4)];
    Arrays.fill(slots, EMPTY);
    return slots;
  }

  /**
   * Adds a row of the table. A key that is there already marks the file as one to rewrite.
   *
   * @param scope what {@link #scope(String)} gave for the row's scope, or {@link #NO_SCOPE}
   */
  void load(long[] key, long rowHash, int file, boolean deleted, int scope) {
    if (find(key) >= 0) {
      rewrites.set(file);
    } else {
      insert(key, rowHash, deleted ? file | DELETED_BIT : file, UNSEEN, scope);
      live += deleted ? 0 : 1;
    }
  }

  /**
   * Notes a row of the table outside the region. When a row of its key was read, that row has moved
   * here, and this one is what it is compared with and replaces; otherwise it is left alone.
   */
  void adopt(long[] key, long rowHash, int file, boolean deleted) {
    int entry = find(key);
    if (entry < 0 || !isSeen(entry) || file(entry) == file) {
      return;
    }
    if (isInTable(entry)) {
      rewrites.set(file); // the table holds the row twice
      return;
    }
    if (hashes[entry] == rowHash && !deleted) {
      sequences[entry] = UNCHANGED;
    }
    hashes[entry] = rowHash;
    files[entry] = deleted ? file | DELETED_BIT : file;
  }

  /** True when a row was read whose key another index has. */
  boolean meets(MergeIndex other) {
    long[] key = new long[2];
    for (int entry = 0; entry < size; entry++) {
      key[0] = high[entry];
      key[1] = low[entry];
      if (isSeen(entry) && other.find(key) >= 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Goes on with other data files.
   *
   * @param ordinals of the files as they are now, by their ordinals so far; negative for one that
   *     is gone, whose rows are lost until {@link #relocate} finds them
   */
  void renumber(int[] ordinals) {
    for (int entry = 0; entry < size; entry++) {
      if (isInTable(entry)) {
        int ordinal = ordinals[file(entry)];
        lost += ordinal < 0 ? 1 : 0;
        files[entry] = files[entry] & ~FILE_MASK | (ordinal < 0 ? LOST : ordinal);
      }
    }
  }

  /**
   * Notes a row of a data file that is new: one that was lost, or one that was never there.
   *
   * @return false when it is neither, or came back as another
   */
  boolean relocate(long[] key, long rowHash, int file, boolean deleted, int scope) {
    int entry = find(key);
    if (entry < 0) {
      load(key, rowHash, file, deleted, scope);
      return true;
    }
    boolean same = file(entry) == LOST && isDeleted(entry) == deleted && hashes[entry] == rowHash;
    if (same) {
      files[entry] = files[entry] & ~FILE_MASK | file;
      lost--;
    }
    return same;
  }

  /** True while a row's data file is gone and the row was not found in another one. */
  boolean lacksRows() {
    return lost > 0;
  }

  /** The number that stands for a scope's id. */
  int scope(String id) {
    Integer known = scopeNumbers.get(id);
    if (known != null) {
      return known;
    }
    scopeIds.add(id);
    scopeNumbers.put(id, scopeIds.size());
    return scopeIds.size();
  }

  /** The numbers of those scopes that any row has. */
  BitSet scopes(Collection<String> ids) {
    BitSet numbers = new BitSet();
    ids.stream().map(scopeNumbers::get).filter(n -> n != null).forEach(numbers::set);
    return numbers;
  }

  /** The number of the scope of an entry's row. */
  int scope(int entry) {
    return scopes[entry];
  }

  /** Rows of the region in the table without a deletion mark. */
  int live() {
    return live;
  }

  /** True for a row of the table without a deletion mark that was not read. */
  boolean isMissing(int entry) {
    return isInTable(entry) && !isDeleted(entry) && !isSeen(entry);
  }

  /**
   * Notes a row that was read.
   *
   * @return the row's sequence number, or {@link #NOTHING_NEW} when the table (or the row offered
   *     before) has the same content
   */
  int offer(long[] key, long rowHash) {
    int entry = find(key);
    if (entry < 0) {
      insert(key, rowHash, NO_FILE, nextSequence, NO_SCOPE);
      return nextSequence++;
    }
    if (hashes[entry] == rowHash && !isDeleted(entry)) {
      if (isInTable(entry)) {
        sequences[entry] = UNCHANGED;
      }
      return NOTHING_NEW;
    }
    if (!isInTable(entry)) {
      hashes[entry] = rowHash;
    }
    sequences[entry] = nextSequence;
    return Math.toIntExact((long) nextSequence++);
  }

  int size() {
    return size;
  }

  /** The first half of an entry's key. */
  long high(int entry) {
    return high[entry];
  }

  /** The second half of an entry's key. */
  long low(int entry) {
    return low[entry];
  }

  /** The entry of a key; negative when there is none. */
  int find(long[] key) {
    for (int slot = slot(key[0]); ; slot = (slot + 1) & (slots.length - 1)) {
      int entry = slots[slot];
      if (entry == EMPTY || (high[entry] == key[0] && low[entry] == key[1])) {
        return entry;
      }
    }
  }

  boolean isInTable(int entry) {
    return (files[entry] & FILE_MASK) != NO_FILE;
  }

  /** True for a row of the table that carries a deletion mark. */
  boolean isDeleted(int entry) {
    return (files[entry] & DELETED_BIT) != 0;
  }

  boolean isSeen(int entry) {
    return sequences[entry] != UNSEEN;
  }

  /** True when the row that was read last differs from the table's, or the table has none. */
  boolean isPending(int entry) {
    return sequences[entry] >= 0;
  }

  /** True for the row that counts: the last of its key that differs from the table's. */
  boolean isPending(int entry, int sequence) {
    return sequences[entry] == sequence;
  }

  /** The ordinal of the data file that holds the entry's row. */
  int file(int entry) {
    return files[entry] & FILE_MASK;
  }

  /** Marks a file that the table holds twice. */
  void rewrite(int file) {
    rewrites.set(file);
  }

  /** Files to rewrite in any case: they hold a row which the table holds elsewhere too. */
  BitSet rewrites() {
    return (BitSet) rewrites.clone();
  }

  /** True for the first copy of an entry's row out of the file that the index knows it by. */
  boolean claim(int entry, int file) {
    if (file(entry) != file || (files[entry] & CLAIMED_BIT) != 0) {
      return false;
    }
    files[entry] |= CLAIMED_BIT;
    return true;
  }

  private void insert(long[] key, long hash, int file, int sequence, int scope) {
    if (size == high.length) {
      grow();
    }
    high[size] = key[0];
    low[size] = key[1];
    hashes[size] = hash;
    files[size] = file;
    sequences[size] = sequence;
    scopes[size] = scope;
    place(size++);
  }

  private void place(int entry) {
    int slot = slot(high[entry]);
    while (slots[slot] != EMPTY) {
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = entry;
  }

  private int slot(long hash) {
    return (int) hash & (slots.length - 1);
  }

  private void grow() {
    int capacity = Math.addExact(high.length, (high.length >> 1) + 16);
    high = Arrays.copyOf(high, capacity);
    low = Arrays.copyOf(low, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
    files = Arrays.copyOf(files, capacity);
    sequences = Arrays.copyOf(sequences, capacity);
    scopes = Arrays.copyOf(scopes, capacity);
    if (capacity > slots.length / 2) {
      slots = emptySlots(capacity);
      for (int entry = 0; entry < size; entry++) {
        place(entry);
      }
    }
  }
}
