// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void aRenameThatAFullDiskRefusesIsNoOtherWriter() {
    IOException full = new FileSystemException("a", "b", "No space left on device");
    ConnectorException failure =
        Failures.of(
            "table clockify.tags: commit refused",
            new CommitFailedException(full, "Failed to commit changes using rename: %s", "b"));
    assertThat(failure.code()).isEqualTo(ErrorCode.DESTINATION);
    assertThat(failure.getMessage())
        .contains("clockify.tags", "No space left on device", "make room there")
        .doesNotContain("another writer");
  }

  @Test
  void metadataThatAFullDiskRefusesIsARefusedWriteAndALostReplyIsNot() {
    IOException full = new IOException("No space left on device");
    RuntimeException unwritten =
        new RuntimeIOException(full, "Failed to write json to file: %s", "v2.metadata.json");
    assertThat(Failures.isRefusedWrite(unwritten)).isTrue();
    assertThat(Failures.isRefusedWrite(new CommitStateUnknownException(unwritten))).isFalse();
    assertThat(Failures.isRefusedWrite(new RuntimeIOException("Connection reset"))).isFalse();
  }

  @Test
  void aVersionThatIsThereIsAnotherWriter() {
    ConnectorException failure =
        Failures.of("table", new CommitFailedException("Version %d already exists: %s", 2, "v2"));
    assertThat(failure.code()).isEqualTo(ErrorCode.COMMIT_CONFLICT);
    assertThat(failure.getMessage()).contains("another writer");
  }

  @Test
  void aMessageIsCut() {
    Exception wordy =
        new IOException("can not write FileMetaData(" + "schema, ".repeat(9_000) + ")");
    assertThat(Failures.of("table clockify.tags", wordy).getMessage())
        .startsWith("table clockify.tags: IOException: can not write FileMetaData(schema")
        .hasSizeLessThan(600);
  }
}
