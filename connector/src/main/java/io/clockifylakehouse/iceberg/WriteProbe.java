// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.types.Types;

/**
 * Proves by doing it that tables can be created, written and dropped, and takes everything away
 * again. Not safe for use by several threads.
 */
final class WriteProbe {
  private final LakehouseCatalog catalog;

  WriteProbe(LakehouseCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * @throws ConnectorException of code CONFIGURATION: what cannot be written is the operator's to
   *     mend; UNAVAILABLE when the catalog does not answer
   */
  void run() {
    Optional<Path> namespace =
        catalog
            .localWarehouse()
            .map(path -> path.resolve(String.join("/", catalog.namespace().levels())));
    Optional<Path> missing = namespace.map(WriteProbe::topmostMissing);
    try {
      boolean createdNamespace = catalog.createNamespace();
      probeTable();
      if (createdNamespace && catalog.catalog() instanceof SupportsNamespaces namespaces) {
        dropNamespace(namespaces);
      }
    } catch (RuntimeException | IOException e) {
      throw refused(e);
    } catch (LinkageError e) {
      throw OptionalJars.incomplete(e);
    } finally {
      missing.ifPresent(topmost -> removeEmpty(namespace.get(), topmost));
    }
  }

  private ConnectorException refused(Exception failure) {
    boolean known = failure instanceof ConnectorException && failure.getCause() != null;
    boolean outage = Outage.isOne(failure);
    return new ConnectorException(
        outage ? ErrorCode.UNAVAILABLE : ErrorCode.CONFIGURATION,
        "destination.catalog: cannot write tables under "
            + catalog.localWarehouse().map(Path::toString).orElse(catalog.catalog().name())
            + ": "
            + Failures.reason(known ? failure.getCause() : failure)
            + (outage
                ? "; it may answer later: run again, and check the address when it stays so"
                : "; name a warehouse that this user may write, or correct its permissions"),
        failure);
  }

  private void dropNamespace(SupportsNamespaces namespaces) {
    try {
      namespaces.dropNamespace(catalog.namespace());
    } catch (NamespaceNotEmptyException e) {
      // Another process has begun to use it.
    }
  }

  private void probeTable() throws IOException {
    TableIdentifier probe =
        catalog.identifier("write_probe_" + UUID.randomUUID().toString().replace('-', '_'));
    Schema schema = new Schema(Types.NestedField.optional(1, "probe", Types.StringType.get()));
    Table table = catalog.inNamespace(() -> catalog.catalog().createTable(probe, schema));
    try {
      OutputFile file = table.io().newOutputFile(table.locationProvider().newDataLocation("probe"));
      try (OutputStream out = file.create()) {
        out.write(1);
      }
      table.io().deleteFile(file);
    } finally {
      catalog.catalog().dropTable(probe, true);
      // Most catalogs drop the files and leave the directories.
      LakehouseCatalog.localPath(table.location())
          .ifPresent(
              directory -> {
                removeEmpty(directory.resolve("data"), directory);
                removeEmpty(directory.resolve("metadata"), directory);
              });
    }
  }

  /** The highest directory on the way to a path that does not exist yet; null when it exists. */
  private static Path topmostMissing(Path path) {
    Path missing = null;
    for (Path at = path; at != null && !Files.exists(at); at = at.getParent()) {
      missing = at;
    }
    return missing;
  }

  /** Removes a directory and those above it up to the topmost, as far as they are empty. */
  private static void removeEmpty(Path directory, Path topmost) {
    try {
      for (Path at = directory; at != null && at.startsWith(topmost); at = at.getParent()) {
        Files.deleteIfExists(at);
      }
    } catch (IOException e) {
      // Somebody else uses it, or there is nothing to remove: it stays.
    }
  }
}
