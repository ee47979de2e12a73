// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FullPassesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void everythingIsDueAtFirst() {
    assertThat(FullPasses.due(List.of(), START, START, WEEK)).hasSize(FullPasses.BUCKETS);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 60, 24 * 60, 3 * 24 * 60, 9 * 24 * 60})
  void everyBucketHasItsTurnInTimeAndNoRunReadsMoreThanItsShare(int minutesBetweenRuns) {
    List<Instant> passes = Collections.nCopies(FullPasses.BUCKETS, START);
    Instant last = START;
    double runsPerWeek = Math.max(1, WEEK.toMinutes() / minutesBetweenRuns);
    for (int run = 0; run < 3_000; run++) {
      Instant now = last.plus(Duration.ofMinutes(minutesBetweenRuns));
      Set<Integer> due = FullPasses.due(passes, last, now, WEEK);
      assertThat(due.size()).isLessThanOrEqualTo((int) Math.ceil(64 / runsPerWeek));
      passes = FullPasses.after(passes, due, now);
      Instant oldest = Collections.min(passes);
      assertThat(Duration.between(oldest, now))
          .isLessThanOrEqualTo(WEEK.plusMinutes(minutesBetweenRuns));
      last = now;
    }
  }

  @Test
  void noBucketWaitsLongerThanTheIntervalWhateverTheSchedule() {
    SplittableRandom random = new SplittableRandom(20_261_121L);
    List<Instant> passes = Collections.nCopies(FullPasses.BUCKETS, START);
    Instant last = START;
    for (int run = 0; run < 5_000; run++) {
      Instant now = last.plus(Duration.ofMinutes(1 + random.nextInt(3 * 24 * 60)));
      passes = FullPasses.after(passes, FullPasses.due(passes, last, now, WEEK), now);
      assertThat(Duration.between(Collections.min(passes), now)).isLessThanOrEqualTo(WEEK);
      last = now;
    }
  }

  @Test
  void passesDatedLaterThanNowAreDueOnceAndNeverAgain() {
    List<Instant> passes = Collections.nCopies(FullPasses.BUCKETS, START);
    Instant now = START.minus(Duration.ofDays(3_650));
    Set<Integer> due = FullPasses.due(passes, START, now, WEEK);
    assertThat(due).hasSize(FullPasses.BUCKETS);
    passes = FullPasses.after(passes, due, now);
    assertThat(FullPasses.due(passes, now, now.plusSeconds(900), WEEK)).hasSizeLessThan(2);
  }

  @Test
  void noBucketWaitsLongerThanTheIntervalInTrueTimeHoweverTheClockJumps() {
    SplittableRandom random = new SplittableRandom(20_261_122L);
    Instant trueNow = START;
    List<Instant> passes = Collections.nCopies(FullPasses.BUCKETS, START);
    List<Instant> truePasses = passes;
    Duration skew = Duration.ZERO;
    Instant last = START;
    for (int run = 0; run < 5_000; run++) {
      trueNow = trueNow.plus(Duration.ofHours(1 + random.nextInt(24)));
      if (random.nextInt(20) == 0) {
        skew = Duration.ofDays(random.nextInt(2_000) - 1_000);
      }
      Instant clock = trueNow.plus(skew);
      Set<Integer> due = FullPasses.due(passes, last, clock, WEEK);
      passes = FullPasses.after(passes, due, clock);
      truePasses = FullPasses.after(truePasses, due, trueNow);
      // A jump back of less than what a bucket waited can make it wait once more.
      assertThat(Duration.between(Collections.min(truePasses), trueNow))
          .isLessThanOrEqualTo(WEEK.multipliedBy(2));
      last = clock;
    }
  }

  @Test
  void bucketsAreFilledEvenly() {
    int[] filled = new int[FullPasses.BUCKETS];
    for (int i = 0; i < 64_000; i++) {
      filled[FullPasses.bucketOf(String.format("%08x%016x", 0x63000000 + i * 977, i * 31L))]++;
    }
    assertThat(Arrays.stream(filled).boxed()).allMatch(count -> count > 500 && count < 1_500);
  }
}
