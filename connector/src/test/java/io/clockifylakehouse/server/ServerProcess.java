// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real server as a process of its own, with its own class path. It ends with {@link #close}, and
 * with this process at the latest. Not safe for use by several threads.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Path JARS = Path.of("target", "it");
  private static final Path LOGS = Path.of("target", "it", "logs");
  private static final int READY_SECONDS = 120;

  private final Process process;
  private final Thread hook;

  private ServerProcess(Process process) {
    this.process = process;
    this.hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a command and waits until it listens on a port of loopback.
   *
   * @param name of the log file under {@code target/it/logs}
   * @throws AssertionError when it ends first, or takes too long
   */
  static ServerProcess start(
      String name, List<String> command, Map<String, String> environment, int port) {
    try {
      Files.createDirectories(LOGS);
      File log = LOGS.resolve(name + "-" + port + ".log").toFile();
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
      ServerProcess server = new ServerProcess(builder.start());
      server.awaitListening(name, port, log);
      return server;
    } catch (IOException e) {
      throw new AssertionError(name + " cannot be started: " + String.join(" ", command), e);
    }
  }

  /** The command line of a Java server whose jars the build put under {@code target/it/NAME}. */
  static List<String> java(Path home, String name, List<String> options, String... what) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx512m");
    command.addAll(options);
    if (what.length == 0) {
      command.addAll(List.of("-jar", onlyJar(name).toString()));
    } else {
      command.addAll(List.of("-cp", jars(name) + "/*"));
      command.addAll(List.of(what));
    }
    return command;
  }

  static Path jars(String name) {
    Path directory = JARS.resolve(name).toAbsolutePath();
    if (!Files.isDirectory(directory)) {
      throw new AssertionError(
          directory + " is missing: mvn verify -Pintegration resolves the server's jars");
    }
    return directory;
  }

  private static Path onlyJar(String name) {
    try (Stream<Path> files = Files.list(jars(name))) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitListening(String name, int port, File log) {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!isListening(port)) {
      if (!process.isAlive() || System.nanoTime() > giveUp) {
        close();
        throw new AssertionError(name + " did not come up; its log is " + log);
      }
      pause();
    }
  }

  static boolean isListening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** A port of loopback that nobody listens on. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it: a server that goes away without a word is the harder case. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor();
      children.forEach(child -> child.onExit().join());
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // This process is ending.
    }
  }
}
