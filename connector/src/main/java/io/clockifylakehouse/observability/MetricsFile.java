// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.observability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of metrics for the textfile collector of Prometheus's node exporter: whole at any moment,
 * and what it said of the last success outlives a run that fails. Immutable.
 */
record MetricsFile(Path path) {
  private static final Pattern SUCCESS =
      Pattern.compile(
          "^" + RunMetrics.LAST_SUCCESS + "\\{command=\"([a-z]+)\"} ([0-9.E+]+)$",
          Pattern.MULTILINE);

  /** By command; empty when there was no file, or none of ours. */
  Map<String, Double> lastSuccess() throws IOException {
    Map<String, Double> moments = new LinkedHashMap<>();
    try {
      Matcher matcher = SUCCESS.matcher(Files.readString(path));
      while (matcher.find()) {
        moments.put(matcher.group(1), Double.valueOf(matcher.group(2)));
      }
    } catch (NoSuchFileException e) {
      return moments;
    }
    return moments;
  }

  void write(String text) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    Path whole = Files.createTempFile(directory, ".metrics", ".tmp"); // not *.prom, which is read
    try {
      Files.writeString(whole, text);
      if (Files.getFileStore(whole).supportsFileAttributeView("posix")) {
        // The collector is another user.
        Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rw-r--r--"));
      }
      Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(whole);
    }
  }
}
