// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.RowCounts;
import java.util.BitSet;

/**
 * How what was read compares with what the table holds: the counts, the data files to rewrite, and
 * what becomes of each row in them.
 *
 * <p>Pure: it only looks at the index. Not safe for use by several threads.
 */
final class MergePlan {
  /** What becomes of a row in a data file that is rewritten. */
  enum Verdict {
    KEEP,
    DROP,
    /** It stays and gets a deletion mark. */
    MARK_DELETED
  }

  private final MergeIndex index;
  private final Coverage coverage;
  private final DeleteMode deletes;
  private final BitSet kept;
  private final BitSet rewrites;
  private RowCounts counts = RowCounts.NONE;

  MergePlan(MergeIndex index, Coverage coverage, DeleteMode deletes) {
    this.index = index;
    this.coverage = coverage;
    this.deletes = deletes;
    this.kept = index.scopes(coverage.except());
    this.rewrites = index.rewrites();
    count();
  }

  private void count() {
    long read = 0;
    long added = 0;
    long changed = 0;
    long deleted = 0;
    for (int entry = 0; entry < index.size(); entry++) {
      boolean live = index.isInTable(entry) && !index.isDeleted(entry);
      if (index.isSeen(entry)) {
        read++;
      }
      if (index.isPending(entry)) {
        // A row that comes back after a deletion mark is new to whoever reads the live rows.
        added += live ? 0 : 1;
        changed += live ? 1 : 0;
      }
      if (index.isInTable(entry) && replaced(entry)) {
        rewrites.set(index.file(entry));
        deleted += live && !index.isPending(entry) ? 1 : 0;
      }
    }
    counts = new RowCounts(read, added, changed, deleted, read - added - changed);
  }

  /** True when the table's row of an entry cannot stay as it is. */
  private boolean replaced(int entry) {
    return index.isPending(entry) || verdictUnseen(entry) != Verdict.KEEP;
  }

  private Verdict verdictUnseen(int entry) {
    if (index.isSeen(entry) || !coverage.deletes() || kept.get(index.scope(entry))) {
      return Verdict.KEEP;
    }
    return switch (deletes) {
      case HARD -> Verdict.DROP;
      case SOFT -> index.isDeleted(entry) ? Verdict.KEEP : Verdict.MARK_DELETED;
    };
  }

  /**
   * What becomes of a copy of an entry's row found in a file; asked once for each row there.
   *
   * @param entry negative for a row outside the region that was not read
   */
  Verdict verdict(int entry, int file) {
    if (entry < 0) {
      return Verdict.KEEP;
    }
    if (!index.claim(entry, file) || index.isPending(entry)) {
      return Verdict.DROP;
    }
    return verdictUnseen(entry);
  }

  RowCounts counts() {
    return counts;
  }

  /** Ordinals of the data files that hold a row which changes or goes. */
  BitSet rewrites() {
    return rewrites;
  }

  boolean isEmpty() {
    return rewrites.isEmpty() && counts.added() == 0;
  }
}
