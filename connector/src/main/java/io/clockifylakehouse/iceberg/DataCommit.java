// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.OptionalLong;

/**
 * A {@link SnapshotCommit} together with the data files that were written for it: they go when it
 * is certain that the table will never refer to them. Immutable, thus safe for use by several
 * threads.
 */
record DataCommit(SyncStamp stamp, IcebergSink.TableAccess access) {

  /**
   * Writes the files, one commit of the process at a time.
   *
   * @param write fills the files
   */
  void write(SortedFiles files, Runnable write) {
    try {
      CommitLocks.holding(access.locks().files(), write);
    } catch (RuntimeException e) {
      abort(files, e);
      throw e;
    } catch (LinkageError e) {
      // Zstandard is native code, which unpacks itself before its first use.
      throw new ConnectorException(
          ErrorCode.DESTINATION,
          "table "
              + access.display()
              + ": cannot unpack the compression library into the temporary directory ("
              + e.getMessage()
              + "); make room there, or name another one: JAVA_OPTS=-Djava.io.tmpdir=...",
          e);
    }
  }

  /** Where changes wait for the commit of a whole run. */
  interface Staging {
    /**
     * @return the table's snapshot that the change will make, or the one it comes from when it
     *     makes none
     */
    OptionalLong stage(DataCommit commit, SortedFiles files, SnapshotCommit.Change change);
  }

  /**
   * Commits, or stages for the commit of the run where there is one.
   *
   * @return the table's current snapshot afterwards
   * @throws ConnectorException as {@link #commit}
   */
  OptionalLong run(SortedFiles files, SnapshotCommit.Change change) {
    return access.staging().isPresent()
        ? access.staging().get().stage(this, files, change)
        : commit(files, change, OptionalLong.empty());
  }

  /**
   * @param snapshotId of the snapshot that is made; empty for any
   * @return the table's current snapshot afterwards
   * @throws ConnectorException of code COMMIT_CONFLICT when the commit was refused or its outcome
   *     is unknown; DESTINATION when a disk refused it; LOCKED when another run took over
   */
  OptionalLong commit(SortedFiles files, SnapshotCommit.Change change, OptionalLong snapshotId) {
    CommitOutcome outcome;
    access.locks().table().lock();
    try {
      outcome = new SnapshotCommit(access.loader(), stamp, access.fence(), snapshotId).run(change);
    } catch (RuntimeException e) {
      abort(files, e); // the table could not be loaded: nothing was tried
      throw e;
    } finally {
      access.locks().table().unlock();
    }
    if (outcome instanceof CommitOutcome.Committed committed) {
      return committed.snapshotId();
    }
    if (outcome instanceof CommitOutcome.Rejected rejected) {
      if (rejected.proven()) {
        abort(files, rejected.cause());
        throw Failures.of("table " + access.display() + ": commit refused", rejected.cause());
      }
      String what = "the commit failed, and the table shows no trace of it";
      throw Failures.isRefusedWrite(rejected.cause())
          ? Failures.of("table " + access.display() + ": " + what, rejected.cause())
          : conflict(what, rejected.cause());
    }
    throw conflict(
        "it is unknown whether the commit took place", ((CommitOutcome.Unknown) outcome).cause());
  }

  private ConnectorException conflict(String what, RuntimeException cause) {
    return new ConnectorException(
        ErrorCode.COMMIT_CONFLICT,
        "table "
            + access.display()
            + ": "
            + what
            + ": "
            + Failures.reason(cause)
            + "; the next run reads and settles it",
        cause);
  }

  static void abort(SortedFiles files, RuntimeException failure) {
    try {
      files.abort();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
