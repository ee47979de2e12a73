// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.io.OutputFile;

/**
 * A table's operations with deletion put off: Iceberg cleans up after a commit that it believes
 * failed, and when only the catalog's reply was lost that destroys the current snapshot. What it
 * wants deleted is collected here instead. (A transaction does not take {@code deleteWith}.) Each
 * attempt to commit passes a fence, which may refuse it.
 *
 * <p>Not safe for use by several threads.
 */
final class DeferredDeletes implements TableOperations {
  private final TableOperations operations;
  private final Consumer<TableMetadata> fence;
  private final Queue<Long> snapshotIds;
  private final List<String> deferred;
  private final List<String> written;

  /**
   * @param fence is told the metadata that an attempt builds on; throws when it must not be made
   */
  DeferredDeletes(TableOperations operations, Consumer<TableMetadata> fence) {
    this(operations, fence, new ArrayDeque<>());
  }

  /**
   * @param snapshotIds for the snapshots that are made, in their order; Iceberg's own when there is
   *     none left
   */
  DeferredDeletes(
      TableOperations operations, Consumer<TableMetadata> fence, Queue<Long> snapshotIds) {
    this(operations, fence, snapshotIds, new ArrayList<>(), new ArrayList<>());
  }

  private DeferredDeletes(
      TableOperations operations,
      Consumer<TableMetadata> fence,
      Queue<Long> snapshotIds,
      List<String> deferred,
      List<String> written) {
    this.operations = operations;
    this.fence = fence;
    this.snapshotIds = snapshotIds;
    this.deferred = deferred;
    this.written = written;
  }

  /** Locations of the files that Iceberg wanted deleted. */
  List<String> deferred() {
    return List.copyOf(deferred);
  }

  /** Locations of the metadata files that were written. */
  List<String> written() {
    return List.copyOf(written);
  }

  @Override
  public TableMetadata current() {
    return operations.current();
  }

  @Override
  public TableMetadata refresh() {
    return operations.refresh();
  }

  @Override
  public void commit(TableMetadata base, TableMetadata metadata) {
    try {
      fence.accept(base);
    } catch (ConnectorException e) {
      // Said so that Iceberg knows: nothing was sent, and what was written for it may go.
      throw new ValidationException(e, "%s", e.getMessage());
    }
    operations.commit(base, metadata);
  }

  @Override
  public FileIO io() {
    return new Io(operations.io(), deferred, written);
  }

  @Override
  public EncryptionManager encryption() {
    return operations.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return operations.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return operations.locationProvider();
  }

  @Override
  public TableOperations temp(TableMetadata uncommitted) {
    return new DeferredDeletes(operations.temp(uncommitted), fence, snapshotIds, deferred, written);
  }

  @Override
  public long newSnapshotId() {
    Long next = snapshotIds.poll();
    return next == null ? operations.newSnapshotId() : next;
  }

  @Override
  public boolean requireStrictCleanup() {
    return operations.requireStrictCleanup();
  }

  private record Io(FileIO io, List<String> deferred, List<String> written) implements FileIO {
    @Override
    public InputFile newInputFile(String location) {
      return io.newInputFile(location);
    }

    @Override
    public InputFile newInputFile(String location, long length) {
      return io.newInputFile(location, length);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      synchronized (written) {
        written.add(location);
      }
      return io.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      synchronized (deferred) {
        deferred.add(location);
      }
    }

    @Override
    public Map<String, String> properties() {
      return io.properties();
    }
  }
}
