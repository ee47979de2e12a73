// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.destination.Coverage;
import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.destination.RowCounts;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MergeIndexTest {
  private static long[] key(Object... values) {
    return KeyHash.of(values);
  }

  @Test
  void findsWhatItHoldsWhileItGrows() {
    SplittableRandom random = new SplittableRandom(20261121L);
    MergeIndex index = new MergeIndex(0);
    Map<Integer, Integer> entries = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      int key = random.nextInt(60_000);
      if (!entries.containsKey(key)) {
        assertThat(index.find(key("k" + key))).isNegative();
        index.load(key("k" + key), key, key % 7, key % 3 == 0, MergeIndex.NO_SCOPE);
        entries.put(key, index.size() - 1);
      }
    }
    assertThat(index.size()).isEqualTo(entries.size());
    entries.forEach(
        (key, entry) -> {
          if (index.find(key("k" + key)) != entry
              || index.file(entry) != key % 7
              || index.isDeleted(entry) != (key % 3 == 0)) {
            throw new AssertionError("key " + key);
          }
        });
  }

  @Test
  void keepsTheLastSequenceOfAKey() {
    MergeIndex index = new MergeIndex(4);
    index.load(key("a"), 1, 0, false, MergeIndex.NO_SCOPE);

    assertThat(index.offer(key("a"), 1)).isEqualTo(MergeIndex.NOTHING_NEW);
    int first = index.offer(key("a"), 2);
    int second = index.offer(key("a"), 3);
    assertThat(index.isPending(index.find(key("a")), first)).isFalse();
    assertThat(index.isPending(index.find(key("a")), second)).isTrue();
    assertThat(index.offer(key("a"), 1)).isEqualTo(MergeIndex.NOTHING_NEW);
    assertThat(index.isPending(index.find(key("a")))).isFalse();

    int fresh = index.offer(key("b"), 1);
    assertThat(index.offer(key("b"), 1)).isEqualTo(MergeIndex.NOTHING_NEW);
    assertThat(index.isPending(index.find(key("b")), fresh)).isTrue();

    MergePlan plan = new MergePlan(index, Coverage.WHOLE, DeleteMode.HARD);
    assertThat(plan.counts()).isEqualTo(new RowCounts(2, 1, 0, 0, 1));
    assertThat(plan.rewrites().isEmpty()).isTrue();
  }

  @Test
  void keepsKeysOfSeveralPartsApart() {
    assertThat(key("ab", "c")).isNotEqualTo(key("a", "bc"));
    assertThat(key("1")).isNotEqualTo(key(1));
    assertThat(key(1)).isEqualTo(key(1L));
  }

  @Test
  void removesRowsWithADeletionMarkWhenDeletesBecomeHard() {
    MergeIndex index = new MergeIndex(4);
    index.load(key("a"), 1, 5, true, MergeIndex.NO_SCOPE);
    MergePlan hard = new MergePlan(index, Coverage.WHOLE, DeleteMode.HARD);
    assertThat(hard.counts()).isEqualTo(RowCounts.NONE);
    assertThat(hard.rewrites().get(5)).isTrue();
    assertThat(index.live()).isZero();
    assertThat(new MergePlan(index, Coverage.WHOLE, DeleteMode.SOFT).isEmpty()).isTrue();
    assertThat(new MergePlan(index, Coverage.PART, DeleteMode.HARD).isEmpty()).isTrue();
  }
}
