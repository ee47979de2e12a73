// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Spark in a process of its own, with its own class path. Used by one thread. */
final class Spark implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path JARS = Path.of("target", "it", "spark").toAbsolutePath();
  private static final Path SOURCE =
      Path.of("src", "it", "spark", "SparkStatements.java").toAbsolutePath();

  /** What Spark 3.5 reaches into on Java 17, as its own launcher opens it. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final Process process;
  private final PrintWriter statements;
  private final BufferedReader answers;

  private Spark(Process process) {
    this.process = process;
    this.statements = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * @param warehouse of a Hadoop catalog
   * @param log takes what Spark says
   */
  static Spark start(Path warehouse, File log) throws IOException {
    assertThat(JARS).as("mvn verify -Pintegration resolves Spark's jars").isDirectory();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.addAll(List.of("-cp", JARS + "/*", SOURCE.toString(), warehouse.toString()));
    return new Spark(new ProcessBuilder(command).redirectError(log).start());
  }

  /** The rows that a statement answers with; a null is a missing field. */
  JsonNode sql(String statement) throws IOException {
    statements.println(statement.replaceAll("(?m)^--.*$", "").replaceAll("\\s+", " ").strip());
    String answer = answers.readLine();
    assertThat(answer).as("Spark's answer to %s", statement).startsWith("[");
    return JSON.readTree(answer);
  }

  /** The single number that a statement answers with. */
  long number(String statement) throws IOException {
    JsonNode rows = sql(statement);
    assertThat(rows).as(statement).hasSize(1);
    return rows.get(0).elements().next().asLong();
  }

  @Override
  public void close() {
    statements.close();
    process.destroy();
    process
        .onExit()
        .orTimeout(20, TimeUnit.SECONDS)
        .exceptionally(late -> process.destroyForcibly())
        .join();
  }
}
