// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that a README shows is one that the command line takes. */
class DocumentedCommandsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  static Stream<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    for (String readme :
        List.of(
            "README.md",
            "config/README.md",
            "schemas/README.md",
            "connector/README.md",
            "docker/README.md")) {
      boolean shell = false;
      for (String line : Files.readAllLines(ROOT.resolve(readme))) {
        if (line.startsWith("```")) {
          shell = line.equals("```sh");
        } else if (shell && line.startsWith("./clockify-lakehouse ")) {
          commands.add(line.substring("./clockify-lakehouse ".length()));
        }
      }
    }
    return commands.stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isTaken(String command) {
    CommandWords.areTaken(CommandWords.of(command));
  }

  @Test
  void theReadmeShowsTheMainJob() throws IOException {
    assertThat(commands()).contains("demo", "check", "sync");
  }

  @Test
  void ciRunsTheReadmesTestCommand() throws IOException {
    assertThat(Files.readString(ROOT.resolve("README.md")))
        .contains("```sh\nmvn verify\n```")
        .contains("```sh\nmvn verify -Pintegration\n```");
    assertThat(Files.readString(ROOT.resolve(".ci/run")))
        .contains("mvn -B -ntp verify -Pintegration")
        .doesNotContain("skip");
  }
}
