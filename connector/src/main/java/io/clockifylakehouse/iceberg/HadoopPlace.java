// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.RuntimeIOException;

/**
 * The one place where a Hadoop catalog looks for a table. The catalog goes by the place, the
 * table's metadata by the absolute paths it was written with: once a warehouse was moved or copied
 * they disagree, and a commit would leave half of the table in each.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param display the table as people name it
 * @param expected the table's directory, as a path or an address
 */
record HadoopPlace(String display, String expected) {

  /**
   * @param actual where the table's metadata says that it lies
   * @throws ConnectorException of code DESTINATION when that is another place
   */
  void requireSame(String actual) {
    if (!isSame(actual)) {
      throw new ConnectorException(
          ErrorCode.DESTINATION,
          "table "
              + display
              + " lies in "
              + expected
              + ", but its metadata names the files of "
              + actual
              + ": the warehouse was moved or copied, and the files of an Iceberg table have"
              + " absolute paths. Put it back (or mount it) where it was, rewrite the paths with"
              + " Spark's rewrite_table_path, or set destination.catalog.warehouse to an empty"
              + " directory and load anew; nothing was read or written");
    }
  }

  private boolean isSame(String actual) {
    Optional<Path> here = LakehouseCatalog.localPath(expected);
    Optional<Path> there = LakehouseCatalog.localPath(actual);
    if (here.isPresent() && there.isPresent()) {
      try {
        return here.get().normalize().equals(there.get().normalize())
            || Files.exists(there.get()) && Files.isSameFile(here.get(), there.get());
      } catch (IOException e) {
        throw new RuntimeIOException(e, "cannot tell whether %s is %s", expected, actual);
      }
    }
    if (here.isPresent() || there.isPresent()) {
      return false;
    }
    URI one = URI.create(expected);
    URI other = URI.create(actual);
    boolean sameHost =
        one.getAuthority() == null
            || other.getAuthority() == null
            || one.getAuthority().equals(other.getAuthority());
    return sameHost && one.normalize().getPath().equals(other.normalize().getPath());
  }

  /**
   * Asks whether a new table can have the place to itself: files of nobody's would count as its
   * own, and go with its orphans.
   *
   * @throws ConnectorException of code DESTINATION when there are such
   */
  void requireFree() {
    Optional<Path> directory = LakehouseCatalog.localPath(expected);
    if (directory.isEmpty() || !Files.exists(directory.get())) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory.get())) {
      // A table whose creation was cut off has metadata alone.
      Path metadata = directory.get().resolve("metadata");
      Optional<Path> foreign =
          paths.filter(Files::isRegularFile).filter(path -> !path.startsWith(metadata)).findFirst();
      if (foreign.isPresent()) {
        throw new ConnectorException(
            ErrorCode.DESTINATION,
            "table "
                + display
                + ": its place is taken by files of no table, such as "
                + foreign.get()
                + "; move them away, or set destination.namespace to another one");
      }
    } catch (IOException e) {
      throw new RuntimeIOException(e, "cannot list %s", expected);
    }
  }
}
