// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.cli.CommandLineFixture.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real bash completes after reading the printed script. */
class CompletionTest {
  private static final String ASK =
      """
      source "$1"; shift
      compopt() { :; }
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
      _complete_clockify-lakehouse
      echo "${COMPREPLY[*]}"
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sy                     | sync
          help sta               | status
          sync --stream invoice_ | invoice_details invoice_items invoice_payments
          sync --output j        | json
          check --log-level de   | debug
          discover project_      | project_memberships
          connections sh         | show
          verify --de            | --deep
          """)
  void completes(String typed, String completed) throws Exception {
    assertThat(answer(typed)).isEqualTo(completed);
  }

  private String answer(String typed) throws IOException, InterruptedException {
    Ended ended = new CommandLineFixture(Map.of()).run("completion");
    assertThat(ended.exitCode()).isZero();
    Path script = Files.writeString(directory.resolve("completion"), ended.out());
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-c", ASK, "bash", script.toString(), "clockify-lakehouse");
    bash.command().addAll(List.of(typed.split(" ")));
    Process process = bash.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return answer.strip();
  }

  @Test
  void theScriptServesZshToo() {
    Ended ended = new CommandLineFixture(Map.of()).run("completion");
    assertThat(ended.out()).contains("bashcompinit", "complete -F _complete_clockify-lakehouse");
    assertThat(ended.err()).isEmpty();
  }
}
