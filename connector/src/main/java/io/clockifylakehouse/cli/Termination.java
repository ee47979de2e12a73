// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * What ends the process from outside the command. A termination signal: the command is told to
 * stop, and has a bounded time to write its result; without it, the process would end at once, with
 * the signal's own exit code. A thread that ends by a defect: the others would wait for it for
 * ever, so the result is written in the command's place.
 *
 * <p>Safe for use by several threads.
 */
final class Termination {
  /** With the end of the process within the 20 seconds that are promised. */
  private static final Duration GRACE = Duration.ofSeconds(19);

  private final AtomicReference<Consumer<String>> stop;
  private final CompletableFuture<Integer> finished = new CompletableFuture<>();
  private final List<Consumer<String>> onDefect = new CopyOnWriteArrayList<>();

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

  /**
   * @param action told the reason, on the thread that ends, after those that were here before
   */
  void onDefect(Consumer<String> action) {
    onDefect.add(action);
  }

  /** A thread ends by what nobody foresaw. The first one tells, others wait until it has. */
  synchronized void defect(String reason) {
    List<Consumer<String>> actions = List.copyOf(onDefect);
    onDefect.clear();
    for (Consumer<String> action : actions) {
      try {
        action.accept(reason);
      } catch (RuntimeException | Error e) {
        // The process ends in any case; the next one may still be told.
      }
    }
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
