// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StopSignalTest {
  private final StopSignal stop = new StopSignal();

  private static Void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return null;
  }

  @Test
  void endsWhatWaitsAndLeavesTheThreadUninterrupted() {
    Thread giver = new Thread(stop::give);
    assertThatThrownBy(
            () ->
                stop.waiting(
                    () -> {
                      giver.start();
                      return await(new CountDownLatch(1));
                    }))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void beginsNoWaitAfterwards() {
    stop.give();
    assertThatThrownBy(() -> stop.waiting(() -> "never"))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
  }

  @Test
  void leavesThreadsAloneThatDoNotWait() {
    assertThat(stop.waiting(() -> "had")).isEqualTo("had");
    stop.give();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aFailureBeforeAnyStopIsItself() {
    assertThatThrownBy(
            () ->
                stop.waiting(
                    () -> {
                      throw new IllegalStateException("of its own");
                    }))
        .hasMessage("of its own");
  }
}
