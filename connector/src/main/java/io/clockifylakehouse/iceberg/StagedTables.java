// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.iceberg.catalog.TableCommit;

/**
 * The tables that are committed together: built and asked side by side, because each costs several
 * round trips and a run that is told to stop has seconds, and sent in one request.
 *
 * <p>Not safe for use by several threads.
 */
final class StagedTables {
  private static final int THREADS = 8;

  private final LakehouseCatalog catalog;
  private final List<StagedTable> left;

  StagedTables(LakehouseCatalog catalog, List<StagedTable> tables) {
    this.catalog = catalog;
    this.left = new ArrayList<>(tables);
  }

  /** True when all tables have their changes. */
  boolean isEmpty() {
    return left.isEmpty();
  }

  /** True when a table does not have its changes yet. */
  boolean waits(String table) {
    return left.stream().anyMatch(each -> each.name().equals(table));
  }

  /**
   * Builds each table's request.
   *
   * @return the changes that cannot be committed; all of the run when a table cannot be had: there
   *     is no cut over all of them then
   * @throws ConnectorException when there are no changes, and a table cannot be had
   */
  List<StagedTable.Refusal> build(List<StagedTable.Change> changes) {
    List<StagedTable.Refusal> refusals = new CopyOnWriteArrayList<>();
    List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    inParallel(
        left,
        table -> {
          try {
            table.build().ifPresent(refusals::add);
          } catch (RuntimeException e) {
            failures.add(e);
          }
        });
    if (failures.isEmpty()) {
      return refusals;
    }
    if (changes.isEmpty()) {
      throw Failures.of("the tables cannot be committed", failures.get(0));
    }
    return changes.stream().map(c -> new StagedTable.Refusal(c, failures.get(0))).toList();
  }

  /** Sends what was built; returns what went wrong. */
  Optional<RuntimeException> send() {
    List<TableCommit> requests = left.stream().flatMap(t -> t.request().stream()).toList();
    try {
      if (!requests.isEmpty()) {
        catalog.commit(requests);
      }
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  /**
   * Asks the catalog which tables have their changes.
   *
   * @param failure takes what went wrong while asking
   */
  Map<StagedTable, StagedTable.Landing> look(RuntimeException failure) {
    Map<StagedTable, StagedTable.Landing> landings = new ConcurrentHashMap<>();
    inParallel(left, table -> landings.put(table, table.look(failure)));
    return landings;
  }

  /** Takes these tables as done; what was written for them in vain goes. */
  void done(List<StagedTable> tables) {
    left.removeAll(tables);
    inParallel(tables, StagedTable::landed);
  }

  /** After it is certain that the tables left do not get what was built: its metadata goes. */
  void abandon() {
    inParallel(left, StagedTable::abandon);
  }

  /** Returns when it is done for all of them; the action throws nothing. */
  private static void inParallel(List<StagedTable> tables, Consumer<StagedTable> action) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      tables.stream()
          .map(table -> CompletableFuture.runAsync(() -> action.accept(table), threads))
          .toList()
          .forEach(CompletableFuture::join);
    } finally {
      threads.shutdown();
    }
  }
}
