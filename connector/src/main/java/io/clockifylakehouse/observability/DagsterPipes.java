// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.sync.StreamResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages to the Dagster that started this process, by version 0.1 of the Dagster Pipes protocol:
 * each asset that is named after a stream is reported as materialized once its table equals the
 * service. A step with one asset of any other name gets the whole run as that asset.
 *
 * <p>For one run, and one thread.
 *
 * @see <a href="https://docs.dagster.io/guides/build/external-pipelines">Dagster Pipes</a>
 */
public final class DagsterPipes {
  private static final Logger LOG = LoggerFactory.getLogger(DagsterPipes.class);
  private static final String CONTEXT = "DAGSTER_PIPES_CONTEXT";
  private static final String MESSAGES = "DAGSTER_PIPES_MESSAGES";
  private static final String PROTOCOL = "0.1";
  private static final int MAX_PARAMETER_BYTES = 16 << 20;

  /** Takes one line. */
  @FunctionalInterface
  private interface Channel {
    void write(String line) throws IOException;
  }

  private final List<String> assetKeys;
  private final Channel channel;
  private boolean opened;

  private DagsterPipes(List<String> assetKeys, Channel channel) {
    this.assetKeys = assetKeys;
    this.channel = channel;
  }

  /**
   * Empty when this process was not started by Dagster, or its parameters cannot be read, which is
   * logged.
   *
   * @param out of the process, when messages are to go there
   * @param err as above
   */
  public static Optional<DagsterPipes> find(
      Map<String, String> environment, PrintStream out, PrintStream err) {
    if (!environment.containsKey(CONTEXT) || !environment.containsKey(MESSAGES)) {
      return Optional.empty();
    }
    try {
      JsonNode context = decode(environment.get(CONTEXT));
      JsonNode data =
          context.has("path")
              ? new ObjectMapper().readTree(Path.of(context.get("path").asText()).toFile())
              : context.path("data");
      List<String> assetKeys = new ArrayList<>();
      data.path("asset_keys").forEach(key -> assetKeys.add(key.asText()));
      return Optional.of(
          new DagsterPipes(assetKeys, channel(decode(environment.get(MESSAGES)), out, err)));
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "Dagster Pipes: {} or {} cannot be used ({}); the run goes on without",
          CONTEXT,
          MESSAGES,
          e.getMessage());
      return Optional.empty();
    }
  }

  /** JSON, compressed by zlib, in base 64. */
  private static JsonNode decode(String parameter) throws IOException {
    byte[] compressed = Base64.getDecoder().decode(parameter);
    try (InputStream json = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
      return new ObjectMapper().readTree(json.readNBytes(MAX_PARAMETER_BYTES));
    }
  }

  private static Channel channel(JsonNode parameters, PrintStream out, PrintStream err)
      throws IOException {
    if (parameters.has("path")) {
      Path file = Path.of(parameters.get("path").asText());
      return line ->
          Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    String stream =
        parameters.path("stdio").asText(parameters.path("buffered_stdio").asText("no channel"));
    PrintStream target =
        switch (stream) {
          case "stdout" -> out;
          case "stderr" -> err;
          default ->
              throw new IOException(
                  stream
                      + " is none of path, stdout and stderr: use a reader of files or pod logs");
        };
    return line -> {
      target.print(line);
      target.flush();
    };
  }

  void began(String syncId) throws IOException {
    open();
    log("INFO", "sync " + syncId + " began");
  }

  /**
   * @param locations a table's place by stream
   */
  void ended(RunSummary run, UnaryOperator<String> locations) throws IOException {
    open();
    for (StreamResult stream : run.streams()) {
      if (!stream.whole()) {
        String workspace = stream.workspaceId().map(id -> " of workspace " + id).orElse("");
        log("WARNING", stream.stream() + workspace + ": " + stream.reason().orElse("left out"));
      }
    }
    for (String key : assetKeys) {
      report(key, run.streams(), locations);
    }
    ObjectNode closing = JsonNodeFactory.instance.objectNode();
    if (!run.finished()) {
      ObjectNode exception = closing.putObject("exception");
      exception.put("message", run.reason().orElse("exit code " + run.exitCode()));
      exception.putArray("stack");
      exception.putNull("name").putNull("cause").putNull("context");
    }
    send("closed", closing);
  }

  private void report(String key, List<StreamResult> all, UnaryOperator<String> locations)
      throws IOException {
    List<StreamResult> own = all.stream().filter(stream -> names(key, stream.stream())).toList();
    boolean one = !own.isEmpty();
    List<StreamResult> reported = one || assetKeys.size() > 1 ? own : all;
    if (reported.isEmpty() || !reported.stream().allMatch(StreamResult::whole)) {
      return;
    }
    RowCounts rows =
        reported.stream().map(StreamResult::rows).reduce(RowCounts.NONE, RowCounts::plus);
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("asset_key", key).putNull("data_version");
    ObjectNode metadata = report.putObject("metadata");
    RunMetrics.operations(rows)
        .forEach(
            (name, count) ->
                metadata.putObject("rows_" + name).put("raw_value", count).put("type", "int"));
    if (one) {
      String location = locations.apply(own.get(0).stream());
      metadata.putObject("location").put("raw_value", location).put("type", "path");
    }
    send("report_asset_materialization", report);
  }

  /**
   * Whether the last part of an asset's key is that name; a slash with a backslash parts nothing.
   */
  private static boolean names(String key, String stream) {
    return Pattern.matches("(.*[^\\\\]/)?" + Pattern.quote(stream), key);
  }

  private void open() throws IOException {
    if (!opened) {
      opened = true;
      ObjectNode data = JsonNodeFactory.instance.objectNode();
      data.putObject("extras");
      send("opened", data);
    }
  }

  private void log(String level, String message) throws IOException {
    send("log", JsonNodeFactory.instance.objectNode().put("message", message).put("level", level));
  }

  private void send(String method, ObjectNode parameters) throws IOException {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("__dagster_pipes_version", PROTOCOL).put("method", method);
    message.set("params", parameters);
    channel.write(message + "\n");
  }
}
