// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.error.ConnectorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file of {@code --result-file}: it holds a whole result or what it held before.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
record ResultFile(Path path) {

  /** Fails now rather than after a long run. */
  void check() {
    Path directory = directory();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw fault(e);
    }
    if (Files.isDirectory(path)
        || !(Files.exists(path) ? Files.isWritable(path) : Files.isWritable(directory))) {
      throw ConnectorException.configuration(
          "--result-file: '"
              + path
              + "' cannot be written: it "
              + (Files.isDirectory(path) ? "is a directory" : "or its directory is read-only")
              + "; name a file that this user may write");
    }
  }

  void write(String json) {
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        Files.writeString(path, json);
        return;
      }
      Path whole = Files.createTempFile(directory(), ".result", ".json");
      try {
        Files.writeString(whole, json);
        Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (IOException e) {
      // A file mounted by itself (/dev/termination-log) cannot be replaced, only filled.
      writeInPlace(json);
    }
  }

  private void writeInPlace(String json) {
    try {
      Files.writeString(path, json);
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private Path directory() {
    return path.toAbsolutePath().getParent();
  }

  private ConnectorException fault(IOException e) {
    return ConnectorException.configuration(
        "--result-file: '"
            + path
            + "' cannot be written: "
            + e
            + "; name a file that this user may write");
  }
}
