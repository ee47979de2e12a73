// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The connector as it is started by everybody: by its launcher, whose choice of compilers, garbage
 * collector and class archive is measured with it.
 *
 * @param javaOptions in place of the launcher's own limits of memory; separated by spaces
 */
record Connector(Path launcher, String javaOptions) {
  Connector with(String otherOptions) {
    return new Connector(launcher, otherOptions);
  }

  /** Runs a command to its end; see {@link Child#run}. */
  Child.Figures run(List<String> arguments, String apiKey, Path output)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(arguments);
    Map<String, String> env = Map.of("CLOCKIFY_API_KEY", apiKey, "JAVA_OPTS", javaOptions);
    return Child.run(command, env, output);
  }
}
