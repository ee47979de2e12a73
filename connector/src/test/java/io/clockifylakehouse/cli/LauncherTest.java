// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a checkout of its own, with a Java and a Maven that only say what they are told.
 */
@Timeout(60)
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "clockify-lakehouse");

  @TempDir private Path directory;
  private Path checkout;
  private Path bin;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = directory.resolve("check out");
    bin = Files.createDirectories(directory.resolve("bin"));
    Files.createDirectories(checkout.resolve("connector/src/main"));
    Files.createDirectories(checkout.resolve("connector/target"));
    Files.createDirectories(checkout.resolve("schemas"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.writeString(checkout.resolve("connector/pom.xml"), "<project/>");
    Files.copy(LAUNCHER, checkout.resolve("clockify-lakehouse"));
    executable(checkout.resolve("clockify-lakehouse"));
    java("17.0.15");
    program("mvn", "echo built >> '" + log() + "'; touch connector/target/clockify-lakehouse.jar");
  }

  private Path log() {
    return directory.resolve("mvn.log");
  }

  private Path jar() {
    return checkout.resolve("connector/target/clockify-lakehouse.jar");
  }

  private void java(String version) throws IOException {
    java(version, "echo classes > \"${3#*=}\"");
  }

  /** Says what it is told to run, but for the two runs that make the archive of classes. */
  private void java(String version, String archive) throws IOException {
    program(
        "java",
        "case $1 in -version) echo 'openjdk version \""
            + version
            + "\" 2025' >&2;; -XX:DumpLoadedClassList=*) echo \"$*\" >> '"
            + archived()
            + "';; -Xshare:dump) echo \"$*\" >> '"
            + archived()
            + "'; "
            + archive
            + ";; *) echo \"in $PWD: $*\";; esac");
  }

  private Path archived() {
    return directory.resolve("archived.log");
  }

  private void program(String name, String script) throws IOException {
    executable(Files.writeString(bin.resolve(name), "#!/usr/bin/env bash\n" + script + "\n"));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Ended(int exitCode, String out, String err) {}

  private Ended run(Path launcher, String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(List.of(arguments));
    builder.directory(directory.toFile());
    Map<String, String> environment = builder.environment();
    environment.remove("JAVA_HOME");
    environment.remove("JAVA_OPTS");
    environment.put("PATH", bin + ":/usr/bin:/bin");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    int exitCode = builder.start().waitFor();
    return new Ended(
        exitCode,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    return run(checkout.resolve("clockify-lakehouse"), arguments);
  }

  @Test
  void anOldJavaIsConfigurationWithTheWayOut() throws Exception {
    for (String version : List.of("11.0.2", "1.8.0_402", "16")) {
      java(version);
      Ended ended = run("demo");
      assertThat(ended.exitCode()).as(version).isEqualTo(78);
      assertThat(ended.err()).contains("is too old", "17 or newer", "JAVA_HOME");
      assertThat(ended.out()).isEmpty();
    }
    assertThat(log()).doesNotExist();
  }

  @Test
  void buildsOnceAndThenOnlyWhenSourcesAreNewer() throws Exception {
    assertThat(run("spec").err()).contains("building");
    assertThat(run("spec").err()).isEmpty();
    assertThat(log()).hasContent("built");
    Files.setLastModifiedTime(jar(), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    run("spec");
    assertThat(Files.readString(log()).lines()).hasSize(2);
  }

  @Test
  void keepsTheWorkingDirectoryAndHandsTheArgumentsOn() throws Exception {
    run("spec");
    Ended ended = run("sync", "--workspace", "My workspace");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out())
        .startsWith("in " + directory.toRealPath() + ": ")
        .contains("-cp " + checkout.toRealPath().resolve("connector/target"))
        .endsWith(" sync --workspace My workspace\n");
  }

  @Test
  void isFoundThroughSymbolicLinks() throws Exception {
    Path first =
        Files.createSymbolicLink(bin.resolve("cl"), checkout.resolve("clockify-lakehouse"));
    Path second = Files.createSymbolicLink(directory.resolve("cl2"), Path.of("bin", "cl"));
    assertThat(first).exists();
    assertThat(run(second, "spec").exitCode()).isZero();
    assertThat(jar()).exists();
  }

  @Test
  void aFailedBuildShowsItsOutputAndIsADefect() throws Exception {
    program("mvn", "echo 'cannot find symbol'; exit 1");
    Ended ended = run("spec");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).contains("cannot find symbol", "the build failed");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void archivesTheClassesOnceForEachBuildAndJava() throws Exception {
    Path archive = checkout.toRealPath().resolve("connector/target/classes-17.0.15.jsa");
    assertThat(run("spec").out()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(run("spec").out()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(Files.readString(archived()).lines())
        .satisfiesExactly(
            listed -> assertThat(listed).contains(" demo ").doesNotContain("SharedArchiveFile"),
            dumped -> assertThat(dumped).doesNotContain(" demo "));
    Files.setLastModifiedTime(archive, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    run("spec");
    assertThat(Files.readString(archived()).lines()).hasSize(4);
    java("25.0.3");
    assertThat(run("spec").out()).contains("classes-25.0.3.jsa");
    assertThat(Files.readString(archived()).lines()).hasSize(6);
  }

  @Test
  void startsAllTheSameWhenTheArchiveFails() throws Exception {
    java("17.0.15", "echo broken; echo broken >&2; exit 1");
    for (int start = 0; start < 2; start++) {
      Ended ended = run("spec");
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out()).doesNotContain("SharedArchiveFile").doesNotContain("broken");
      assertThat(ended.err()).doesNotContain("broken");
    }
    assertThat(Files.readString(archived()).lines()).hasSize(2);
  }

  @Test
  void aBuildWithoutSourcesIsTakenAsItIs() throws Exception {
    Files.delete(checkout.resolve("pom.xml"));
    assertThat(run("spec").exitCode()).isEqualTo(78);
    Files.writeString(jar(), "");
    assertThat(run("spec").exitCode()).isZero();
    assertThat(log()).doesNotExist();
  }
}
