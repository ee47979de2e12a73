// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Records as JSON trees, sorted by id. Guarded by the world's lock. */
final class RecordStore implements Records {
  private final ReentrantReadWriteLock lock;
  private final JsonPointer id;
  private final BiConsumer<String, ObjectNode> onRemoved;
  private final TreeMap<String, ObjectNode> records = new TreeMap<>();

  /**
   * @param lock the world's
   * @param id where a record has its id
   * @param onRemoved told the id and the last state of every record that is deleted
   */
  RecordStore(
      ReentrantReadWriteLock lock, JsonPointer id, BiConsumer<String, ObjectNode> onRemoved) {
    this.lock = lock;
    this.id = id;
    this.onRemoved = onRemoved;
  }

  @Override
  public int size() {
    lock.readLock().lock();
    try {
      return records.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public List<String> ids() {
    lock.readLock().lock();
    try {
      return new ArrayList<>(records.keySet());
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Optional<ObjectNode> find(String recordId) {
    lock.readLock().lock();
    try {
      return Optional.ofNullable(records.get(recordId)).map(ObjectNode::deepCopy);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void put(ObjectNode record) {
    lock.writeLock().lock();
    try {
      records.put(record.at(id).asText(), record.deepCopy());
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public boolean edit(String recordId, Consumer<ObjectNode> change) {
    lock.writeLock().lock();
    try {
      ObjectNode record = records.get(recordId);
      if (record == null) {
        return false;
      }
      ObjectNode changed = record.deepCopy();
      change.accept(changed);
      records.put(recordId, changed);
      return true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public boolean remove(String recordId) {
    lock.writeLock().lock();
    try {
      ObjectNode record = records.remove(recordId);
      if (record != null) {
        onRemoved.accept(recordId, record);
      }
      return record != null;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The records themselves, by id; not to be changed, and only under the world's lock. */
  Collection<ObjectNode> all() {
    return records.values();
  }

  /** The record itself; not to be changed, and only under the world's lock. */
  Optional<ObjectNode> peek(String recordId) {
    return Optional.ofNullable(records.get(recordId));
  }

  /** Takes a record over without a copy; for generation. */
  void adopt(ObjectNode record) {
    records.put(record.at(id).asText(), record);
  }
}
