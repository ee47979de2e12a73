// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamCatalog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people name as the configuration, and what editors make of it. */
class TextFileTest {
  private static final String YAML = "sync:\n  lookback: P3D\n";

  @TempDir private Path directory;

  private Configuration read(Path path) {
    return new ConfigurationReader(
            Map.of("CLOCKIFY_API_KEY", "k"),
            StreamCatalog.packaged().api().regions(),
            new Redaction())
        .read(Optional.of(path), List.of());
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(directory.resolve("c.yaml"), content);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path path) {
    return assertThatThrownBy(() -> read(path))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining(path.getFileName().toString())
        .satisfies(
            e -> assertThat(((ConnectorException) e).code()).isEqualTo(ErrorCode.CONFIGURATION));
  }

  @ParameterizedTest
  @ValueSource(strings = {YAML, "\uFEFF" + YAML, "sync:\r\n  lookback: P3D\r\n", "---\n" + YAML})
  void takesAByteOrderMarkAndTheLineBreaksOfWindows(String text) throws IOException {
    Configuration configuration = read(file(text.getBytes(StandardCharsets.UTF_8)));
    assertThat(configuration.sync().lookback()).isEqualTo(Duration.ofDays(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\uFEFF", "# nothing\n", "null", "{}"})
  void nothingInItMeansTheDefaults(String text) throws IOException {
    Configuration configuration = read(file(text.getBytes(StandardCharsets.UTF_8)));
    assertThat(configuration.sync().lookback()).isEqualTo(Duration.ofDays(35));
  }

  @Test
  void refusesWhatIsNoTextInUtf8() throws IOException {
    assertRefused(file(YAML.getBytes(StandardCharsets.UTF_16))).hasMessageContaining("UTF-8");
    assertRefused(file(new byte[] {0x50, 0x41, 0x52, 0x31, (byte) 0xff, 0}))
        .hasMessageContaining("UTF-8");
  }

  @Test
  void refusesControlCharacters() throws IOException {
    assertRefused(file(new byte[] {0x50, 0x4b, 3, 4, 0, 0})).hasMessageContaining("YAML");
  }

  @Test
  void refusesAHugeFileWithoutReadingIt() throws IOException {
    Path path = directory.resolve("huge.yaml");
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    assertRefused(path).hasMessageContaining("1 MiB");
  }

  @Test
  void refusesADirectory() throws IOException {
    assertRefused(Files.createDirectory(directory.resolve("c"))).hasMessageContaining("directory");
  }

  @Test
  @Timeout(60)
  void refusesAPipeThatNobodyWritesTo() throws Exception {
    Path pipe = directory.resolve("pipe");
    assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo here");
    assertRefused(pipe).hasMessageContaining("pipe");
  }

  @Test
  void refusesAnEndlessDevice() {
    assumeTrue(Files.exists(Path.of("/dev/zero")), "no /dev/zero here");
    assertRefused(Path.of("/dev/zero")).hasMessageContaining("1 MiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "destination: {catalog: {warehouse: &w /data}, namespace: *w}",
        "base: &base {lookback: P3D}\nsync: *base"
      })
  void refusesAliasesRatherThanTakingTheirNamesForValues(String yaml) throws IOException {
    assertRefused(file(yaml.getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("is not followed (line")
        .hasMessageContaining("write the value out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sync:\n\tlookback: P3D\n",
        "sync: {lookback: P3D}\nsync: {lookback: P4D}\n",
        "sync: {lookback: P3D}\n---\nsync: {lookback: P4D}\n",
        "destination: {catalog: {warehouse: \"C:\\data\"}}",
        "- sync",
        "just a text"
      })
  void refusesWhatIsNoOneObjectOfYaml(String yaml) throws IOException {
    assertRefused(file(yaml.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void refusesDepthWithoutEnd() throws IOException {
    assertRefused(file(("a: " + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8)));
    assertRefused(file("{a: ".repeat(100_000).getBytes(StandardCharsets.UTF_8)));
  }
}
