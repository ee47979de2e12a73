// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The time entries of a workspace, by id and per user in the service's order. Guarded by the
 * world's lock. Keeps the tracked seconds of every project and task, which the service shows.
 */
final class EntryStore implements Records {
  private final ReentrantReadWriteLock lock;
  private final BiConsumer<String, ObjectNode> onRemoved;
  private final Map<String, TimeEntry> byId = new HashMap<>();
  private final Map<String, NavigableSet<TimeEntry>> byUser = new TreeMap<>();
  private final Map<String, Long> trackedSeconds = new HashMap<>();

  EntryStore(ReentrantReadWriteLock lock, BiConsumer<String, ObjectNode> onRemoved) {
    this.lock = lock;
    this.onRemoved = onRemoved;
  }

  @Override
  public int size() {
    lock.readLock().lock();
    try {
      return byId.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public List<String> ids() {
    lock.readLock().lock();
    try {
      List<String> ids = new ArrayList<>(byId.keySet());
      Collections.sort(ids);
      return ids;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Optional<ObjectNode> find(String id) {
    lock.readLock().lock();
    try {
      return peek(id).map(TimeEntry::toJson);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void put(ObjectNode record) {
    TimeEntry entry = TimeEntry.exactly(record);
    lock.writeLock().lock();
    try {
      drop(entry.id());
      add(entry);
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public boolean edit(String id, Consumer<ObjectNode> change) {
    lock.writeLock().lock();
    try {
      Optional<ObjectNode> json = peek(id).map(TimeEntry::toJson);
      json.ifPresent(change);
      json.ifPresent(this::put);
      return json.isPresent();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public boolean remove(String id) {
    lock.writeLock().lock();
    try {
      Optional<TimeEntry> entry = drop(id);
      entry.ifPresent(removed -> onRemoved.accept(id, removed.toJson()));
      return entry.isPresent();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Only under the world's lock. */
  void add(TimeEntry entry) {
    byId.put(entry.id(), entry);
    byUser
        .computeIfAbsent(entry.userId(), user -> new TreeSet<>(TimeEntry.NEWEST_FIRST))
        .add(entry);
    track(entry, entry.seconds());
  }

  private Optional<TimeEntry> drop(String id) {
    TimeEntry entry = byId.remove(id);
    if (entry != null) {
      byUser.get(entry.userId()).remove(entry);
      track(entry, -entry.seconds());
    }
    return Optional.ofNullable(entry);
  }

  private void track(TimeEntry entry, long seconds) {
    if (entry.projectId() != null) {
      trackedSeconds.merge(entry.projectId(), seconds, Long::sum);
    }
    if (entry.taskId() != null) {
      trackedSeconds.merge(entry.taskId(), seconds, Long::sum);
    }
  }

  /** Only under the world's lock. */
  Optional<TimeEntry> peek(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Every entry, in no order; only under the world's lock. */
  Collection<TimeEntry> all() {
    return byId.values();
  }

  /** Everybody who ever tracked time and still has entries; only under the world's lock. */
  Set<String> users() {
    return byUser.keySet();
  }

  /** A user's entries, latest start first; only under the world's lock. */
  NavigableSet<TimeEntry> of(String userId) {
    return byUser.getOrDefault(userId, Collections.emptyNavigableSet());
  }

  /** What stopped entries add up to, for a project's or task's id; only under the world's lock. */
  long trackedSeconds(String projectOrTaskId) {
    return trackedSeconds.getOrDefault(projectOrTaskId, 0L);
  }
}
