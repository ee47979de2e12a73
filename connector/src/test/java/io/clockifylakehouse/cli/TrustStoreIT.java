// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged connector, with a trust store that is none. */
class TrustStoreIT {
  private static final Path LAUNCHER = Path.of("..", "clockify-lakehouse").toAbsolutePath();

  @TempDir private Path directory;

  @Test
  void aTrustStoreThatCannotBeReadIsAnErrorOfTheConfiguration() throws Exception {
    Path store = Files.writeString(directory.resolve("store"), "no trust store");
    Path out = directory.resolve("out.log");
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                LAUNCHER.toString(), "sync", "--set", "source.base_url=http://127.0.0.1:9/api/v1"));
    builder.environment().put("CLOCKIFY_API_KEY", "no-key-that-anybody-has");
    builder.environment().put("JAVA_OPTS", "-Djavax.net.ssl.trustStore=" + store);
    builder.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());

    assertThat(builder.start().waitFor()).isEqualTo(ErrorCode.CONFIGURATION.exitCode());
    assertThat(Files.readString(out))
        .contains("Java cannot read whom it is to trust")
        .contains("javax.net.ssl.trustStore");
  }
}
