// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SideBySideTest {
  private static final List<Integer> MANY = IntStream.range(0, 1_000).boxed().toList();

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void doesEachOnceOnTwoThreads() {
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    CyclicBarrier both = new CyclicBarrier(2); // passed by two threads only
    SideBySide.forEach(
        MANY,
        each -> {
          assertThat(done.add(each)).isTrue();
          meet(both);
        });
    assertThat(done).containsExactlyInAnyOrderElementsOf(MANY);
  }

  @Test
  void needsNoSecondThreadForOneThing() {
    Thread self = Thread.currentThread();
    SideBySide.forEach(List.of(1), one -> assertThat(Thread.currentThread()).isSameAs(self));
  }

  @Test
  void beginsNothingAfterAFailureAndThrowsIt() {
    Set<Integer> begun = ConcurrentHashMap.newKeySet();
    CyclicBarrier both = new CyclicBarrier(2);
    assertThatThrownBy(
            () ->
                SideBySide.forEach(
                    MANY,
                    each -> {
                      begun.add(each);
                      meet(both);
                      throw new IllegalArgumentException("broken " + each);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(begun).hasSize(2);
  }

  @Test
  void throwsWhatTheOtherThreadThrows() {
    Thread self = Thread.currentThread();
    CyclicBarrier both = new CyclicBarrier(2);
    assertThatThrownBy(
            () ->
                SideBySide.forEach(
                    List.of(1, 2),
                    each -> {
                      meet(both);
                      if (Thread.currentThread() != self) {
                        throw new OutOfMemoryError("not really");
                      }
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void passesAnInterruptOnAndEndsOnlyWhenNoThreadIsAtWork() {
    Thread self = Thread.currentThread();
    CyclicBarrier both = new CyclicBarrier(2);
    AtomicBoolean ended = new AtomicBoolean();
    SideBySide.forEach(
        List.of(1, 2),
        each -> {
          meet(both);
          if (Thread.currentThread() == self) {
            self.interrupt();
          } else {
            while (!Thread.currentThread().isInterrupted()) {
              Thread.onSpinWait();
            }
            ended.set(true);
          }
        });
    assertThat(ended).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }
}
