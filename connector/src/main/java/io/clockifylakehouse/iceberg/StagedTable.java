// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.SyncStamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import org.apache.iceberg.BaseTransaction;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotIdGeneratorUtil;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * One table's part of a commit to several: the changes of a run to it, one after another, and its
 * tag, built on the table as it is now, and built anew when the table moved on meanwhile.
 *
 * <p>Holds metadata only. Not safe for use by several threads.
 */
final class StagedTable {
  private static final int RELOADS = 3;
  private static final long NO_SNAPSHOT = -1;

  private final LakehouseCatalog catalog;
  private final String name;
  private final List<Change> changes;
  private final Run run;
  private final Set<Long> snapshotsBefore = new HashSet<>();
  private final List<String> discarded = new ArrayList<>();
  private Optional<DeferredDeletes> operations = Optional.empty();
  private String builtOn;
  private Optional<TableCommit> request = Optional.empty();
  private long builtOnSnapshot = NO_SNAPSHOT;
  private long builtOnSequence;
  private boolean makesSnapshot;

  /**
   * Data files of a sink that wait for the commit.
   *
   * @param workspaceId empty for a table above workspaces
   * @param commit what would write it by itself
   * @param snapshotId of the snapshot that it makes; empty when it makes none
   */
  record Change(
      String table,
      Optional<String> workspaceId,
      DataCommit commit,
      SortedFiles files,
      SnapshotCommit.Change content,
      OptionalLong snapshotId) {

    static Change of(
        String table,
        Optional<String> workspaceId,
        DataCommit commit,
        SortedFiles files,
        SnapshotCommit.Change content) {
      OptionalLong snapshotId =
          content.touchesFiles()
              ? OptionalLong.of(SnapshotIdGeneratorUtil.generateSnapshotID())
              : OptionalLong.empty();
      return new Change(table, workspaceId, commit, files, content, snapshotId);
    }

    /** True when it keeps how far the run came, which may speak of other tables too. */
    boolean carriesState() {
      return !content.properties().isEmpty();
    }
  }

  /**
   * What the parts of one commit have in common.
   *
   * @param attemptId that the snapshots carry
   */
  record Run(SyncStamp stamp, String attemptId, Optional<SyncTag> tag) {}

  /** What the catalog says of the table after an attempt. */
  enum Landing {
    THERE,
    ABSENT,
    UNKNOWN
  }

  /** A change that cannot be committed, such as one that other writers' commits contradict. */
  record Refusal(Change change, RuntimeException cause) {}

  StagedTable(LakehouseCatalog catalog, String name, List<Change> changes, Run run) {
    this.catalog = catalog;
    this.name = name;
    this.changes = List.copyOf(changes);
    this.run = run;
  }

  String name() {
    return name;
  }

  List<Change> changes() {
    return changes;
  }

  /** What is to be sent; empty when the table needs nothing. */
  Optional<TableCommit> request() {
    return request;
  }

  /**
   * Builds the request, with all validations, unless the table is as it was when it was built.
   *
   * @return the first change that other writers' commits made impossible; empty when it is built
   */
  Optional<Refusal> build() {
    Table table = catalog.load(name);
    TableMetadata now = ((HasTableOperations) table).operations().current();
    if (operations.isPresent() && now.metadataFileLocation().equals(builtOn)) {
      return Optional.empty();
    }
    if (SnapshotCommit.holds(table, run.attemptId())) {
      request = Optional.empty(); // an attempt without an answer has arrived
      makesSnapshot = true;
      return Optional.empty();
    }
    if (operations.isEmpty()) {
      now.snapshots().forEach(snapshot -> snapshotsBefore.add(snapshot.snapshotId()));
    }
    operations.ifPresent(before -> discarded.addAll(before.written()));
    Queue<Long> snapshotIds = new ArrayDeque<>();
    DeferredDeletes deferring =
        new DeferredDeletes(((HasTableOperations) table).operations(), metadata -> {}, snapshotIds);
    operations = Optional.of(deferring);
    BaseTransaction transaction =
        (BaseTransaction) Transactions.newTransaction(table.name(), deferring);
    for (Change change : changes) {
      snapshotIds.clear();
      change.snapshotId().ifPresent(snapshotIds::add);
      try {
        change.content().stage(transaction, run.stamp(), run.attemptId());
      } catch (RuntimeException e) {
        return Optional.of(new Refusal(change, e));
      }
    }
    TableMetadata built = tagged(transaction);
    TableMetadata base = transaction.startMetadata();
    builtOn = base.metadataFileLocation();
    builtOnSnapshot =
        base.currentSnapshot() == null ? NO_SNAPSHOT : base.currentSnapshot().snapshotId();
    builtOnSequence = base.lastSequenceNumber();
    makesSnapshot = built.currentSnapshot() != base.currentSnapshot();
    request =
        built.changes().isEmpty()
            ? Optional.empty()
            : Optional.of(TableCommit.create(catalog.identifier(name), base, built));
    return Optional.empty();
  }

  private TableMetadata tagged(BaseTransaction transaction) {
    if (run.tag().isEmpty()) {
      return transaction.currentMetadata();
    }
    if (transaction.currentMetadata().currentSnapshot() == null) {
      transaction
          .newFastAppend()
          .set(SnapshotCommit.SYNC_ID, run.stamp().syncId())
          .set(SnapshotCommit.ATTEMPT_ID, run.attemptId())
          .commit();
    }
    return run.tag().get().on(transaction.currentMetadata());
  }

  /**
   * Asks the catalog whether the request has taken effect.
   *
   * @param failure takes what went wrong while asking
   */
  Landing look(RuntimeException failure) {
    for (int i = 0; i < RELOADS; i++) {
      try {
        return landing(catalog.load(name));
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
    return Landing.UNKNOWN;
  }

  private Landing landing(Table table) {
    if (makesSnapshot) {
      if (SnapshotCommit.holds(table, run.attemptId())) {
        return Landing.THERE;
      }
      return knowsItsPast(table) ? Landing.ABSENT : Landing.UNKNOWN;
    }
    return hasProperties(table) && hasTag(table) ? Landing.THERE : Landing.ABSENT;
  }

  /** False on a server that forgets snapshots: then one that is not there may have been there. */
  private boolean knowsItsPast(Table table) {
    Snapshot oldest = null;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (snapshot.snapshotId() == builtOnSnapshot) {
        return true;
      }
      oldest = snapshot;
    }
    return builtOnSnapshot == NO_SNAPSHOT
        && (oldest == null || oldest.sequenceNumber() == builtOnSequence + 1);
  }

  private boolean hasProperties(Table table) {
    Set<Map.Entry<String, String>> present = table.properties().entrySet();
    return changes.stream()
        .allMatch(change -> present.containsAll(change.content().properties().entrySet()));
  }

  private boolean hasTag(Table table) {
    return run.tag().map(tag -> tag.isSet(table) || keepsNoTags(table)).orElse(true);
  }

  /** True on a server that takes tags and forgets them. */
  private static boolean keepsNoTags(Table table) {
    return Set.of(SnapshotRef.MAIN_BRANCH).containsAll(table.refs().keySet());
  }

  /** After the request took effect: what was written for it in vain goes. */
  void landed() {
    List<String> inVain = new ArrayList<>(discarded);
    operations.ifPresent(last -> inVain.addAll(last.deferred()));
    SnapshotCommit.deleteUnreferenced(() -> catalog.load(name), snapshotsBefore, inVain);
  }

  /** After it is certain that no request ever takes effect: all metadata that was written goes. */
  void abandon() {
    List<String> inVain = new ArrayList<>(discarded);
    operations.ifPresent(last -> inVain.addAll(last.written()));
    SnapshotCommit.deleteUnreferenced(() -> catalog.load(name), snapshotsBefore, inVain);
  }
}
