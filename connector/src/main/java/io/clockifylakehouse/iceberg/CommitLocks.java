// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What keeps the writers of one process apart.
 *
 * @param files held while a commit's data files are written: one commit at a time, which bounds
 *     memory
 * @param table held while a table's metadata changes: a Hadoop catalog loses concurrent commits
 */
record CommitLocks(ReentrantLock files, ReentrantLock table) {
  /** Runs under a lock. */
  static void holding(ReentrantLock lock, Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
