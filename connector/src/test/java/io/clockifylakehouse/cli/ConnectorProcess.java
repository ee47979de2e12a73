// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The connector as a process of its own. */
public final class ConnectorProcess {
  private ConnectorProcess() {}

  /** Starts it in a directory, where its standard output goes to the file {@code out}. */
  public static Process start(Path directory, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(ClockifyLakehouse.class, directory, environment, arguments);
  }

  /** Starts a main class with the connector's class path. */
  static Process start(
      Class<?> main, Path directory, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(List.of(), main, directory, environment, arguments);
  }

  /** As above, by a program that takes the command to run at the end of its own arguments. */
  static Process start(
      List<String> launcher,
      Class<?> main,
      Path directory,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", absoluteClassPath(), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    builder.environment().remove("CLOCKIFY_API_KEY");
    builder.environment().putAll(environment);
    builder.redirectOutput(directory.resolve("out").toFile());
    return builder.start();
  }

  private static String absoluteClassPath() {
    StringBuilder path = new StringBuilder();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      path.append(Path.of(entry).toAbsolutePath()).append(':');
    }
    return path.toString();
  }
}
