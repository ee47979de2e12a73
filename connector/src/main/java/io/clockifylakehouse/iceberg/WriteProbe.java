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
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.types.Types;

/**
 * Proves by doing it that tables can be created, written and dropped, and takes everything away
 * again; in a local directory, that files can be. Not safe for use by several threads.
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
      if (catalog.isHadoop() && namespace.isPresent()) {
        probeDirectory(namespace.get());
      } else {
        probeTableAndNamespace();
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

  /** A table of a Hadoop catalog is no more than files: it need not be made for the proof. */
  private void probeDirectory(Path namespace) throws IOException {
    Path directory = namespace.resolve(name());
    Path file = directory.resolve("probe");
    try {
      probeFile(catalog.hadoopFiles(), file.toString());
    } finally {
      removeEmpty(file, directory);
    }
  }

  private static String name() {
    return "write_probe_" + UUID.randomUUID().toString().replace('-', '_');
  }

  private static void probeFile(FileIO files, String location) throws IOException {
    OutputFile file = files.newOutputFile(location);
    try (OutputStream out = file.create()) {
      out.write(1);
    }
    files.deleteFile(file);
  }

  private void probeTableAndNamespace() throws IOException {
    boolean createdNamespace = catalog.createNamespace();
    probeTable();
    if (createdNamespace && catalog.catalog() instanceof SupportsNamespaces namespaces) {
      dropNamespace(namespaces);
    }
  }

  private void dropNamespace(SupportsNamespaces namespaces) {
    try {
      namespaces.dropNamespace(catalog.namespace());
    } catch (NamespaceNotEmptyException e) {
      // Another process has begun to use it.
    }
  }

  private void probeTable() throws IOException {
    TableIdentifier probe = catalog.identifier(name());
    Schema schema = new Schema(Types.NestedField.optional(1, "probe", Types.StringType.get()));
    Table table = catalog.inNamespace(() -> catalog.catalog().createTable(probe, schema));
    try {
      probeFile(table.io(), table.locationProvider().newDataLocation("probe"));
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

  /** Removes a file or directory and what is above it up to the topmost, as far as empty. */
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
