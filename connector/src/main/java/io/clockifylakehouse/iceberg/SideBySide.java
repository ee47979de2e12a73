// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Does one thing for each of many on two threads: the files of a commit keep two cores busy so, and
 * many small requests wait half as long. More would take more memory, too. Stateless.
 */
final class SideBySide {
  /** In a smaller heap the second thread gives less than the garbage collector takes for it. */
  private static final long HEAP_BYTES_FOR_TWO_FILES = 400L << 20;

  private SideBySide() {}

  /** As {@link #forEach}, for what holds a file's rows: on one thread where memory is short. */
  static <T> void forEachFile(Collection<T> things, Consumer<T> action) {
    if (Runtime.getRuntime().maxMemory() < HEAP_BYTES_FOR_TWO_FILES) {
      things.forEach(action);
    } else {
      forEach(things, action);
    }
  }

  /**
   * Returns when no thread is at work any more. After a failure nothing further is begun, and the
   * first one is thrown, with the other suppressed in it.
   */
  static <T> void forEach(Collection<T> things, Consumer<T> action) {
    Queue<T> left = new ConcurrentLinkedQueue<>(things);
    if (things.size() < 2) {
      things.forEach(action);
      return;
    }
    FutureTask<Void> other = new FutureTask<>(() -> work(left, action), null);
    Thread thread = new Thread(other, Thread.currentThread().getName() + "-beside");
    thread.start();
    Throwable failure = null;
    try {
      work(left, action);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    rethrow(failure, failureOf(other, thread));
  }

  private static <T> void work(Queue<T> left, Consumer<T> action) {
    try {
      for (T thing = left.poll(); thing != null; thing = left.poll()) {
        action.accept(thing);
      }
    } catch (RuntimeException | Error e) {
      left.clear();
      throw e;
    }
  }

  /** Waits for the end, whatever comes, and passes an interrupt on; null after a good end. */
  private static Throwable failureOf(FutureTask<Void> other, Thread thread) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          other.get();
          return null;
        } catch (ExecutionException e) {
          return e.getCause();
        } catch (InterruptedException e) {
          interrupted = true; // files must not be dropped while they are written
          thread.interrupt();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void rethrow(Throwable own, Throwable others) {
    Throwable failure = own == null ? others : own;
    if (own != null && others != null && own != others) {
      own.addSuppressed(others);
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }
}
