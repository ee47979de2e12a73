// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.Lock;
import io.clockifylakehouse.destination.SyncStamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One run at a time for all tables of a warehouse on a local file system: a lock of the operating
 * system on a file in it, which says who holds it. The system frees it with the process, however
 * that ends, so it is never stale; the file stays.
 *
 * <p>Between machines it is as good as the file system's locks are; on most network file systems
 * that is not to be relied on. Safe for use by several threads.
 */
final class WarehouseLock implements Lock {
  static final String FILE = ".clockify-lakehouse.lock";

  /**
   * By file, who of this process holds it. The system's locks belong to the process, and closing
   * any channel of the file, even one that only read it, gives up the lock: so this process must
   * not open a file twice, and has to know of all of them.
   */
  private static final Map<Path, LockOwner> HELD = new ConcurrentHashMap<>();

  /** Beyond the content: where locks are mandatory, others can still read who holds it. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private final Path file;
  private final FileChannel channel;
  private boolean closed;

  private WarehouseLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Waits for the lock; creates the warehouse's directory when it is missing. */
  static WarehouseLock acquire(Path warehouse, SyncStamp stamp, LockContest contest) {
    try {
      Path file = Files.createDirectories(warehouse).toRealPath().resolve(FILE);
      LockOwner owner = LockOwner.of(stamp, null);
      return contest.run(() -> attempt(file, owner), () -> owner(file));
    } catch (IOException e) {
      throw Failures.of("warehouse " + warehouse + ": cannot lock it", e);
    }
  }

  private static Optional<WarehouseLock> attempt(Path file, LockOwner owner) {
    if (HELD.putIfAbsent(file, owner) != null) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      locked = channel.tryLock(LOCKED_BYTE, 1, false) != null;
      if (!locked) {
        return Optional.empty();
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(owner.toJson().getBytes(StandardCharsets.UTF_8)));
      return Optional.of(new WarehouseLock(file, channel));
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    } catch (IOException e) {
      locked = false;
      throw Failures.of("lock file " + file + ": cannot lock it", e);
    } finally {
      if (!locked) {
        release(file, channel);
      }
    }
  }

  private static Optional<LockOwner> owner(Path file) {
    LockOwner here = HELD.get(file);
    if (here != null) {
      return Optional.of(here);
    }
    try {
      return LockOwner.parse(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void release(Path file, FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The system frees the lock with the process at the latest.
    } finally {
      HELD.remove(file);
    }
  }

  @Override
  public void renew() {
    // It lasts as long as the process.
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.truncate(0);
    } catch (IOException e) {
      // A name of a past owner does no harm: the lock is the system's, not the text.
    }
    release(file, channel);
  }
}
