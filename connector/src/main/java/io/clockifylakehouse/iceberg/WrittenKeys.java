// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;

/**
 * The keys in those data files of a workspace that earlier commits of the same load wrote. Without
 * them each portion would read all files again, for a row that came to another scope meanwhile.
 *
 * <p>Of a key it holds some 50 bits of its {@link KeyHash}: that a key is in one of the files can
 * be wrong (once in a hundred million), that it is in none cannot. Memory: four bytes a key, up to
 * an eighth of the heap; files beyond are not covered. Safe for use by several threads.
 */
final class WrittenKeys {
  private static final int KEYS_PER_BUCKET = 16;
  private static final int HEAP_SHARE = 8;

  private final long keysMax;
  private final Set<String> files = new HashSet<>();
  private final List<Portion> portions = new ArrayList<>();
  private long size;

  WrittenKeys() {
    this(Runtime.getRuntime().maxMemory() / HEAP_SHARE / Integer.BYTES);
  }

  WrittenKeys(long keysMax) {
    this.keysMax = keysMax;
  }

  /**
   * The keys of one commit, by the low bits of the hash's first half, as the low half of the other.
   *
   * @param begins of each bucket, and after the last
   */
  private record Portion(int[] begins, int[] prints) {
    static Portion of(MergeIndex index) {
      int buckets = Integer.highestOneBit(Math.max(1, index.size() / KEYS_PER_BUCKET));
      int[] begins = new int[buckets + 1];
      for (int entry = 0; entry < index.size(); entry++) {
        begins[bucket(index.high(entry), buckets) + 1]++;
      }
      for (int bucket = 0; bucket < buckets; bucket++) {
        begins[bucket + 1] += begins[bucket];
      }
      int[] ends = begins.clone();
      int[] prints = new int[index.size()];
      for (int entry = 0; entry < index.size(); entry++) {
        prints[ends[bucket(index.high(entry), buckets)]++] = (int) index.low(entry);
      }
      return new Portion(begins, prints);
    }

    private static int bucket(long high, int buckets) {
      return (int) high & (buckets - 1);
    }

    boolean mayHold(long high, long low) {
      int bucket = bucket(high, begins.length - 1);
      int print = (int) low;
      for (int i = begins[bucket]; i < begins[bucket + 1]; i++) {
        if (prints[i] == print) {
          return true;
        }
      }
      return false;
    }
  }

  /** True for a file all of whose keys are known. */
  synchronized boolean covers(DataFile file) {
    return files.contains(file.location());
  }

  /** True when no row that is new to the region is in any of the files that are covered. */
  synchronized boolean lackNewOf(MergeIndex index) {
    for (int entry = 0; entry < index.size() && !portions.isEmpty(); entry++) {
      if (!index.isInTable(entry) && mayHold(index.high(entry), index.low(entry))) {
        return false;
      }
    }
    return true;
  }

  private boolean mayHold(long high, long low) {
    for (Portion portion : portions) {
      if (portion.mayHold(high, low)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Notes a commit that took place. Its files hold rows of the index, and what stayed of the files
   * they replace.
   */
  synchronized void add(MergeIndex index, List<DataFile> added, List<DataFile> removed) {
    if (size + index.size() > keysMax || !removed.stream().allMatch(this::covers)) {
      return;
    }
    portions.add(Portion.of(index));
    size += index.size();
    removed.forEach(file -> files.remove(file.location()));
    added.forEach(file -> files.add(file.location()));
  }
}
