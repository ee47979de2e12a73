// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.error.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * What a termination signal does: the command is told to stop, and has a bounded time to write its
 * result. Without it, the process would end at once, with the signal's own exit code.
 *
 * <p>Safe for use by several threads.
 */
final class Termination {
  /** With the end of the process within the 20 seconds that are promised. */
  private static final Duration GRACE = Duration.ofSeconds(19);

  private final AtomicReference<Consumer<String>> stop;
  private final CompletableFuture<Integer> finished = new CompletableFuture<>();

  /** Until {@link #onSignal} says better, a signal interrupts the thread that called this. */
  Termination() {
    Thread caller = Thread.currentThread();
    this.stop = new AtomicReference<>(reason -> caller.interrupt());
  }

  /**
   * @param action told the reason, on a thread of its own
   */
  void onSignal(Consumer<String> action) {
    stop.set(action);
  }

  /** The command is over, and its result is written. */
  void finish(int exitCode) {
    finished.complete(exitCode);
  }

  /**
   * Stops the command and waits for its end.
   *
   * @return the exit code
   */
  int terminate(String reason) {
    if (!finished.isDone()) {
      // Whatever holds it up, a log that nobody reads for one: the time runs.
      Thread telling = new Thread(() -> stop.get().accept(reason), "stop");
      telling.setDaemon(true);
      telling.start();
    }
    try {
      return finished.get(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return ErrorCode.INTERRUPTED.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ErrorCode.INTERRUPTED.exitCode();
    }
  }
}
