// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs every benchmark, prints a table, and writes the same as JSON.
 *
 * <p>System properties: {@code bench.sizes} (time entries, comma-separated), {@code
 * bench.latencies} (seconds a page, comma-separated; empty for none), {@code bench.load} (command
 * of the initial load, with its options), {@code bench.rate} (requests per second that this load
 * may make), {@code bench.entries} (time entries of the account at the cap), {@code bench.jvm} (the
 * launcher's JAVA_OPTS), {@code bench.jmh} ({@code false} leaves the small pieces out), {@code
 * bench.launcher}, {@code bench.out}.
 */
public final class Suite {
  private static final double MEBIBYTE = 1 << 20;

  private Suite() {}

  /** Runs the suite. */
  public static void main(String[] args) throws IOException, InterruptedException, RunnerException {
    Path out = Path.of(System.getProperty("bench.out"));
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode result = json.createObjectNode();
    result.put("java", Runtime.version().toString());
    result.put("cores", Runtime.getRuntime().availableProcessors());
    String jvm = System.getProperty("bench.jvm");
    result.put("jvm", jvm);
    ArrayNode rows = result.putArray("whole_process");
    Path directory = Files.createTempDirectory("clockify-lakehouse-bench-");
    try {
      Connector connector = new Connector(Path.of(System.getProperty("bench.launcher")), jvm);
      // The first start makes the class archive.
      connector.run(List.of("--help"), "", directory.resolve("help.out"));
      List<String> load = words("bench.load");
      double rate = Double.parseDouble(System.getProperty("bench.rate"));
      WholeProcess process = new WholeProcess(connector, load, rate, directory);
      AtCap atCap = new AtCap(connector, load, Integer.getInteger("bench.entries"), directory);
      System.out.println(
          "entries    what             wall s    CPU s  x tokens x parquet  peak MiB  requests"
              + "  first s  written MiB    x cap");
      for (String size : values("bench.sizes")) {
        for (ObjectNode row : process.measure(Integer.parseInt(size))) {
          rows.add(row);
          System.out.println(line(row));
        }
      }
      ArrayNode capped = result.putArray("at_cap");
      System.out.println("latency s  requests   wall s  x cap  throttled  worst second");
      for (String latency : values("bench.latencies")) {
        ObjectNode row = atCap.measure(Double.parseDouble(latency));
        capped.add(row);
        System.out.println(cappedLine(row));
      }
    } finally {
      delete(directory);
    }
    if (Boolean.parseBoolean(System.getProperty("bench.jmh"))) {
      pieces(result.putArray("pieces"));
    }
    Files.createDirectories(out.toAbsolutePath().getParent());
    json.writeValue(out.toFile(), result);
    System.out.println("written to " + out);
  }

  private static String line(ObjectNode row) {
    return String.format(
        Locale.ROOT,
        "%-10d %-15s %7.2f  %7.2f  %8.2f  %8.2f  %8.0f  %8d  %7.2f  %11.2f  %7.3f",
        row.path("entries").asInt(),
        row.path("what").asText(),
        row.path("wall_seconds").asDouble(),
        row.path("cpu_seconds").asDouble(),
        row.path("cpu_over_tokens").asDouble(),
        row.path("cpu_over_parquet").asDouble(),
        row.path("peak_bytes").asLong() / MEBIBYTE,
        row.path("requests").asInt(),
        row.path("first_request_seconds").asDouble(),
        row.path("bytes_written").asLong() / MEBIBYTE,
        row.path("wall_over_cap").asDouble());
  }

  private static List<String> words(String property) {
    return List.of(System.getProperty(property).trim().split("\\s+"));
  }

  private static List<String> values(String property) {
    return Stream.of(System.getProperty(property).split(","))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private static String cappedLine(ObjectNode row) {
    return String.format(
        Locale.ROOT,
        "%-9.2f  %8d  %7.1f  %5.3f  %9d  %12d",
        row.path("latency_seconds").asDouble(),
        row.path("requests").asInt(),
        row.path("wall_seconds").asDouble(),
        row.path("wall_over_cap").asDouble(),
        row.path("throttled").asInt(),
        row.path("worst_second").asInt());
  }

  private static void pieces(ArrayNode rows) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("io\\.clockifylakehouse\\..*Benchmark")
                    .forks(1)
                    .warmupIterations(3)
                    .measurementIterations(3)
                    .build())
            .run();
    for (RunResult one : results) {
      ObjectNode row = rows.addObject();
      row.put("benchmark", one.getParams().getBenchmark());
      row.put("score", one.getPrimaryResult().getScore());
      row.put("error", one.getPrimaryResult().getScoreError());
      row.put("unit", one.getPrimaryResult().getScoreUnit());
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
