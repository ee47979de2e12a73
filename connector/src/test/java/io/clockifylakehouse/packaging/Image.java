// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The image's file tree, assembled by the script that the Dockerfile runs, and the connector in it:
 * in a container made of mounts where this machine allows that, else as a plain process.
 *
 * @param tree what lies at {@code /opt/clockify-lakehouse}
 * @param contained whether a container can be made here
 */
record Image(Path tree, boolean contained) {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String HOME = "/opt/clockify-lakehouse";
  private static final String USER = "65532";

  /** How one command ended. */
  record Ended(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }
  }

  static Image assemble(Path directory) throws IOException, InterruptedException {
    Path tree = directory.resolve("clockify-lakehouse");
    ProcessBuilder builder =
        new ProcessBuilder(ROOT.resolve("docker/assemble").toString(), tree.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path log = directory.resolve("assemble.log");
    int exitCode = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
    assertThat(exitCode).as(Files.readString(log)).isZero();
    return new Image(tree, canContain());
  }

  private static boolean canContain() throws InterruptedException {
    try {
      return new ProcessBuilder("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }

  /** A directory for {@code /data} that the image's user may write. */
  Path data(Path directory) throws IOException, InterruptedException {
    Path data = Files.createDirectories(directory.resolve("data"));
    if (contained) {
      String owner = USER + ":" + USER;
      assertThat(new ProcessBuilder("chown", owner, data.toString()).start().waitFor()).isZero();
    }
    return data;
  }

  Ended run(Path data, String... arguments) throws IOException, InterruptedException {
    return run(data, Map.of(), arguments);
  }

  /**
   * @param mount {@code TMP_OPTIONS}: how the container's /tmp is mounted
   */
  Ended run(Path data, Map<String, String> mount, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(data, contained, mount, entryPoint(arguments));
    return new Ended(
        process.waitFor(),
        Files.readString(data.resolveSibling("out")),
        Files.readString(data.resolveSibling("err")));
  }

  /** The image's entry point, and what is said behind it. */
  static List<String> entryPoint(String... arguments) throws IOException {
    String entryPoint =
        Files.readAllLines(ROOT.resolve("docker/Dockerfile")).stream()
            .filter(line -> line.startsWith("ENTRYPOINT "))
            .findFirst()
            .orElseThrow()
            .substring("ENTRYPOINT ".length());
    List<String> command = new ArrayList<>();
    new ObjectMapper().readTree(entryPoint).forEach(word -> command.add(word.asText()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts it, with the environment of an empty container. */
  Process start(Path data, String... arguments) throws IOException {
    return start(data, contained, Map.of(), entryPoint(arguments));
  }

  /** Starts a program where the image was assembled, without a container. */
  Process startInPlace(Path data, List<String> command) throws IOException {
    return start(data, false, Map.of(), command);
  }

  private Process start(
      Path data, boolean inContainer, Map<String, String> mount, List<String> program)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (inContainer) {
      Path script = Files.createTempFile(data.getParent(), "container", ".sh");
      try (InputStream resource = Image.class.getResourceAsStream("container.sh")) {
        Files.write(script, resource.readAllBytes());
      }
      command.addAll(List.of("bash", script.toString(), tree.toString(), data.toString()));
      command.addAll(program);
    } else {
      Path options = data.resolveSibling("java.options");
      String here = Files.readString(tree.resolve("java.options"));
      Files.writeString(options, here.replace(HOME, tree.toString()));
      for (String word : program) {
        command.add(
            word.equals("@" + HOME + "/java.options")
                ? "@" + options
                : word.replace(HOME, tree.toString()));
      }
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    environment.putAll(mount);
    return builder
        .directory(data.toFile())
        .redirectOutput(data.resolveSibling("out").toFile())
        .redirectError(data.resolveSibling("err").toFile())
        .start();
  }

  /** Adds a library of the test's class path to {@code extra/}. */
  void addJar(Class<?> of) throws IOException {
    Path jar = Path.of(of.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path copy = tree.resolve("extra").resolve(jar.getFileName());
    Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Bytes of all files. */
  long size() throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** What it has written to standard error so far. */
  static String err(Path data) throws IOException {
    return Files.readString(data.resolveSibling("err"), StandardCharsets.UTF_8);
  }
}
