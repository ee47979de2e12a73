// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.clockifylakehouse.config.Redaction;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class InvocationTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private final PrintStream standardError = new PrintStream(err, true, StandardCharsets.UTF_8);

  private int run(Action action, String... options) {
    CommonOptions common = new CommonOptions();
    CommandLine line = new CommandLine(common);
    CommonOptions.registerWords(line);
    line.parseArgs(options);
    Surroundings surroundings =
        new Surroundings(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            standardError,
            Map.of(),
            false,
            new SystemTime());
    return new Invocation(surroundings, new Termination(), common, new Redaction())
        .run("test", action);
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyFailureHasTheExitCodeOfItsCode(ErrorCode code) {
    int exitCode =
        run(
            session -> {
              throw new ConnectorException(code, "what, which, way out");
            });
    assertThat(exitCode).isEqualTo(code.exitCode());
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .endsWith("ERROR what, which, way out");
  }

  @Test
  void theUnforeseenIsOneLineUnlessDebugIsAsked() {
    Action action =
        session -> {
          throw new IllegalStateException("odd");
        };
    assertThat(run(action)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .endsWith(
            "ERROR unforeseen IllegalStateException: odd; run with --log-level debug for the stack"
                + " trace\n")
        .hasLineCount(1);
    assertThat(run(action, "--log-level", "debug")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("    at io.clockifylakehouse.cli");
  }

  @Test
  void standardErrorStaysOpenWhenTheLogIsSetUpAnew() {
    Action action =
        session -> {
          LoggerFactory.getLogger(InvocationTest.class).info("line");
          return new Outcome(0, JsonNodeFactory.instance.objectNode(), "");
        };
    run(action);
    run(action);
    standardError.println("open");
    assertThat(err.toString(StandardCharsets.UTF_8)).hasLineCount(3).endsWith("open\n");
  }

  @ParameterizedTest
  @EnumSource(CommonOptions.LogFormat.class)
  void noSecretLeavesTheProcess(CommonOptions.LogFormat format) {
    String secret = "s3cr\"3t\\key";
    Action action =
        session -> {
          session.redaction().add(secret);
          LoggerFactory.getLogger(InvocationTest.class)
              .atInfo()
              .addKeyValue("key", secret)
              .log("a {} b", secret);
          throw new IllegalStateException(secret, new RuntimeException("because " + secret));
        };
    run(action, "--log-format", format.name(), "--log-level", "debug", "--output", "json");
    Action result =
        session -> {
          session.redaction().add(secret);
          return new Outcome(
              0, JsonNodeFactory.instance.objectNode().put("a", secret), "text " + secret);
        };
    run(result, "--output", "json");
    run(result, "--output", "text");
    String everything = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    assertThat(everything).contains("***").doesNotContain("s3cr").doesNotContain("3t\\");
  }
}
