// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the image holds is enough, and no more may be asked of the machine below it: a numeric user,
 * a read-only root, no shell. Nothing but the image's own files is on the class path.
 */
@Timeout(300)
class ImageIT {
  private static final String ONE_STREAM = "sync.streams=[clients]";

  @TempDir private static Path built;
  private static Image image;

  @TempDir private Path directory;
  private Path data;

  @BeforeAll
  static void assemble() throws IOException, InterruptedException {
    image = Image.assemble(built);
  }

  @BeforeEach
  void mountData() throws IOException, InterruptedException {
    data = image.data(directory);
  }

  @Test
  void demoFillsTheWarehouseAndNothingElse() throws Exception {
    Image.Ended ended =
        image.run(data, "demo", "--output", "json", "--result-file", "/data/result.json");
    assumeTrue(
        image.contained(),
        "NOT RUN: the packaged connector in a read-only root; it needs root and unshare --mount");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(new ObjectMapper().readTree(data.resolve("result.json").toFile()))
        .isEqualTo(ended.json());
    try (Stream<Path> written = Files.list(data)) {
      assertThat(written.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("lakehouse", "result.json");
    }
    assertThat(Files.getAttribute(data.resolve("lakehouse"), "unix:uid")).isEqualTo(65532);
  }

  @Test
  void saysItsVersion() throws Exception {
    Image.Ended ended = image.run(data, "--version");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).startsWith("clockify-lakehouse ").contains("\nJava ");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void aSignalArrivesAndLeavesAResult() throws Exception {
    Process process =
        image.start(
            data,
            "demo",
            "--set",
            "destination.catalog.warehouse=" + warehouse(),
            "--result-file",
            mounted("result.json"));
    while (process.isAlive() && !Image.err(data).contains("stream ended")) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    process.destroy();
    assertThat(process.waitFor()).as(Image.err(data)).isEqualTo(75);
    JsonNode result = new ObjectMapper().readTree(data.resolve("result.json").toFile());
    assertThat(result.path("reason").asText()).contains("signal");
  }

  @Test
  void startsFromTheArchiveOfClasses() throws Exception {
    List<String> command = new ArrayList<>(Image.entryPoint("--version"));
    command.add(2, "-Xlog:class+load");
    assertThat(image.startInPlace(data, command).waitFor()).isZero();
    assertThat(Files.readString(data.resolveSibling("out")))
        .contains("io.clockifylakehouse.cli.ClockifyLakehouse source: shared objects file");
  }

  /** Else the copy in an image's layer is not the file that the archive was made from. */
  @Test
  void noFileIsDatedWithinASecond() throws IOException {
    try (Stream<Path> files = Files.walk(image.tree())) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jar")).toList()) {
        assertThat(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS) % 1_000_000_000)
            .as("%s", file)
            .isZero();
      }
    }
  }

  @Test
  void isAsSmallAsItWas() throws IOException {
    assertThat(image.size()).isLessThan(180L << 20);
  }

  @Test
  void writesAndReadsEveryCodec() throws Exception {
    Map<String, String> codecs =
        Map.of(
            "clients", "snappy",
            "groups", "gzip",
            "tags", "lz4_raw",
            "holidays", "uncompressed",
            "policies", "zstd");
    for (Map.Entry<String, String> codec : codecs.entrySet()) {
      Image.Ended written =
          demo(
              "{type: hadoop, warehouse: " + warehouse() + "}",
              "sync.streams=[" + codec.getKey() + "]",
              "destination.table_properties.write.parquet.compression-codec=" + codec.getValue());
      assertThat(written.exitCode()).as(codec + written.out() + written.err()).isZero();
    }
    // What did not change is told from what the files hold.
    Image.Ended read =
        demo(
            "{type: hadoop, warehouse: " + warehouse() + "}",
            "sync.streams=" + List.copyOf(codecs.keySet()));
    assertThat(read.exitCode()).as(read.err()).isZero();
    assertThat(read.json().get("streams"))
        .hasSizeGreaterThanOrEqualTo(codecs.size())
        .allSatisfy(stream -> assertThat(stream.get("status").asText()).isEqualTo("unchanged"));
  }

  @Test
  void aDriverInTheDirectoryExtraOpensADatabase() throws Exception {
    String catalog =
        "{type: jdbc, uri: 'jdbc:sqlite:" + mounted("catalog.db") + "', warehouse: " + warehouse();
    Image.Ended without = demo(catalog + "}", ONE_STREAM);
    assertThat(without.exitCode()).isEqualTo(78);
    assertThat(without.err()).contains("org.xerial:sqlite-jdbc", "directory 'extra'");
    image.addJar(org.sqlite.JDBC.class);
    Image.Ended with = demoWithOwnLibraries(catalog + "}");
    assertThat(with.exitCode()).as(with.err()).isZero();
    assertThat(data.resolve("catalog.db")).isNotEmptyFile();
    Image.Ended store =
        demoWithOwnLibraries(
            "{type: jdbc, uri: 'jdbc:sqlite:"
                + mounted("store.db")
                + "', warehouse: 's3://w/', s3.endpoint: 'http://127.0.0.1:1', s3.access-key-id: a,"
                + " s3.secret-access-key: b, client.region: us-east-1}");
    assertThat(store.err())
        .contains("SdkClientException", "refused")
        .doesNotContain("ClassNotFound", "NoClassDef");
    assertThat(store.exitCode()).isEqualTo(75);
  }

  /** What a jar of the user's brings is unpacked into /tmp, which then must allow it. */
  private Image.Ended demoWithOwnLibraries(String catalog)
      throws IOException, InterruptedException {
    return image.run(
        data,
        Map.of("TMP_OPTIONS", "exec"),
        "demo",
        "--set",
        "destination.catalog=" + catalog,
        "--set",
        ONE_STREAM);
  }

  /** Nobody listens there: that the connection is refused shows that all classes are there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: rest, uri: 'http://127.0.0.1:1', warehouse: w}",
        "{type: jdbc, uri: 'jdbc:postgresql://127.0.0.1:1/iceberg', jdbc.user: u, warehouse: w}"
      })
  void opensWhatIsPackaged(String catalog) throws Exception {
    Image.Ended ended = demo(catalog, ONE_STREAM);
    assertThat(ended.err()).doesNotContain("ClassNotFound", "NoClassDef", "directory 'extra'");
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(75);
  }

  @ParameterizedTest
  @CsvSource({
    "glue, software.amazon.awssdk:glue",
    "hive, org.apache.iceberg:iceberg-hive-metastore",
    "nessie, org.apache.iceberg:iceberg-nessie"
  })
  void namesTheJarOfWhatIsNot(String type, String artifact) throws Exception {
    Image.Ended ended =
        demo("{type: " + type + ", uri: 'http://127.0.0.1:1', warehouse: 's3://w/'}", ONE_STREAM);
    assertThat(ended.exitCode()).isEqualTo(78);
    assertThat(ended.err()).contains(artifact, "directory 'extra'");
  }

  private Image.Ended demo(String catalog, String... assignments)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("demo", "--output", "json"));
    arguments.addAll(List.of("--set", "destination.catalog=" + catalog));
    for (String assignment : assignments) {
      arguments.addAll(List.of("--set", assignment));
    }
    return image.run(data, arguments.toArray(String[]::new));
  }

  private String warehouse() {
    return mounted("lakehouse");
  }

  private String mounted(String file) {
    return image.contained() ? "/data/" + file : data.resolve(file).toString();
  }
}
