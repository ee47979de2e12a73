// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileSystemTest {
  @TempDir private java.nio.file.Path directory;

  @Test
  void aRenameThatTheSystemRefusesIsNotDoneByCopying() throws IOException {
    java.nio.file.Path from = Files.writeString(directory.resolve("temporary.json"), "{}");
    java.nio.file.Path to = directory.resolve("gone/v2.metadata.json");
    try (LocalFileSystem files = new LocalFileSystem()) {
      files.initialize(directory.toUri(), new Configuration(false));
      assertThatThrownBy(() -> files.rename(new Path(from.toUri()), new Path(to.toUri())))
          .isInstanceOf(IOException.class);
      assertThat(to).doesNotExist();
      assertThat(from).hasContent("{}");
    }
  }
}
