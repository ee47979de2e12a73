// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.SyncStamp;
import java.util.List;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.RewriteManifests;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.PropertyUtil;

/**
 * Joins a table's small manifests. What Iceberg wants deleted when a commit seems to fail is left
 * where it is, for the reply alone may be lost: orphan removal takes it.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param fence throws when another run took over
 */
record ManifestRewrite(SyncStamp stamp, Runnable fence) {
  /** As many small manifests may stay. */
  static final int FEW = 3;

  /** The manifests that would be joined; empty when they are few. */
  List<ManifestFile> small(Table table) {
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return List.of();
    }
    long smallBytes = smallBytes(table);
    List<ManifestFile> small =
        snapshot.dataManifests(table.io()).stream()
            .filter(manifest -> manifest.length() < smallBytes)
            .toList();
    return small.size() > FEW ? small : List.of();
  }

  void run(Table table) {
    if (small(table).isEmpty()) {
      return;
    }
    long smallBytes = smallBytes(table);
    DeferredDeletes operations =
        new DeferredDeletes(((HasTableOperations) table).operations(), base -> fence.run());
    RewriteManifests rewrite =
        new BaseTable(operations, table.name())
            .rewriteManifests()
            .rewriteIf(manifest -> manifest.length() < smallBytes)
            .clusterBy(file -> "");
    rewrite.set(SnapshotCommit.SYNC_ID, stamp.syncId()).commit();
  }

  private static long smallBytes(Table table) {
    return PropertyUtil.propertyAsLong(
            table.properties(),
            TableProperties.MANIFEST_TARGET_SIZE_BYTES,
            TableProperties.MANIFEST_TARGET_SIZE_BYTES_DEFAULT)
        / 2;
  }
}
