// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * The state behind the simulated service: all workspaces and the key's owner. Safe for use by
 * several threads; an answer sees the state of one moment.
 */
public final class World {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<String, Workspace> workspaces = new LinkedHashMap<>();
  private final IdSequence ids;
  private final Supplier<Instant> now;
  private String ownerId = "";

  /**
   * @param now the moment of changes, which new ids and deletions carry
   */
  World(IdSequence ids, Supplier<Instant> now) {
    this.ids = ids;
    this.now = now;
  }

  public List<Workspace> workspaces() {
    return read(() -> new ArrayList<>(workspaces.values()));
  }

  /**
   * @throws ConnectorException (CONFIGURATION) when there is none with this id
   */
  public Workspace workspace(String id) {
    return find(id)
        .orElseThrow(
            () ->
                ConnectorException.configuration(
                    String.format(
                        "The simulated account has no workspace \"%s\"; it has %s",
                        id, workspaces.keySet())));
  }

  /** The id of the user whom the key belongs to. */
  public String ownerId() {
    return ownerId;
  }

  /** A new id, greater than all before it unless records of the future exist. */
  public String nextId() {
    return ids.next(now.get());
  }

  /** Applies several changes at once: no answer sees only a part of them. */
  public void change(Runnable changes) {
    lock.writeLock().lock();
    try {
      changes.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Takes a workspace away from the key. */
  public void removeWorkspace(String id) {
    change(() -> workspaces.remove(id));
  }

  Optional<Workspace> find(String id) {
    return read(() -> Optional.ofNullable(workspaces.get(id)));
  }

  <T> T read(Supplier<T> question) {
    lock.readLock().lock();
    try {
      return question.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  Workspace found(ObjectNode settings, Plan plan) {
    Workspace workspace = new Workspace(lock, settings, plan, now);
    workspaces.put(workspace.id(), workspace);
    return workspace;
  }

  void own(String userId) {
    ownerId = userId;
  }
}
