// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.observability;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockifylakehouse.http.Delivery;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.sync.SyncResult;
import io.clockifylakehouse.time.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the configured collectors of one run: metrics when it has ended, lineage when it begins and
 * when it has ended. A collector that does not take it is a warning, never a failure of the run,
 * and costs a few seconds at most.
 *
 * <p>For one run, and one thread.
 */
public final class RunObserver {
  private static final Logger LOG = LoggerFactory.getLogger(RunObserver.class);

  /** A signal leaves 25 seconds for everything. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final String PUSH_PATH = "/metrics/job/clockify_lakehouse/command/";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String PIPES = "messages to Dagster";

  private final Delivery delivery = new Delivery(PATIENCE);
  private final Time time;
  private final String command;
  private final Instant startedAt;
  private final UnaryOperator<String> mask;
  private final Optional<DagsterPipes> dagster;
  private ObservabilitySettings settings;
  private Optional<LineageEvents> lineage = Optional.empty();
  private boolean ended;

  /**
   * @param mask takes secrets out of what collectors are told
   * @param dagster the orchestrator that started this process, if it did
   * @param settings who is told when the run ends before its configuration is known
   */
  public RunObserver(
      Time time,
      String command,
      Instant startedAt,
      UnaryOperator<String> mask,
      Optional<DagsterPipes> dagster,
      ObservabilitySettings settings) {
    this.time = time;
    this.command = command;
    this.startedAt = startedAt;
    this.mask = mask;
    this.dagster = dagster;
    this.settings = settings;
  }

  public void configure(ObservabilitySettings configured) {
    this.settings = configured;
  }

  /**
   * The run is about to begin.
   *
   * @param namespace of the tables
   * @param service address of Clockify
   * @param version of the connector
   */
  public void started(
      String syncId, String namespace, URI service, String version, StreamCatalog catalog) {
    dagster.ifPresent(pipes -> attempt(PIPES, () -> pipes.began(syncId)));
    if (settings.lineageFile().isEmpty() && settings.lineageUrl().isEmpty()) {
      return;
    }
    UUID runId = UUID.nameUUIDFromBytes(syncId.getBytes(StandardCharsets.UTF_8));
    LineageEvents events =
        new LineageEvents(
            settings.lineageNamespace(),
            namespace + "." + command,
            runId,
            service,
            version,
            catalog);
    lineage = Optional.of(events);
    send(events.started(startedAt));
  }

  /**
   * The run has ended, well or not.
   *
   * @param locations a table's place by stream
   */
  public void ended(SyncResult result, UnaryOperator<String> locations) {
    end(RunSummary.of(result, mask), locations);
  }

  /** The run has ended without a result. Does nothing after {@link #ended}. */
  public void failed(int exitCode, String reason) {
    if (!ended) {
      end(
          RunSummary.failed(command, startedAt, time.now(), exitCode, mask.apply(reason)),
          UnaryOperator.identity());
    }
  }

  private void end(RunSummary run, UnaryOperator<String> locations) {
    ended = true;
    dagster.ifPresent(pipes -> attempt(PIPES, () -> pipes.ended(run, locations)));
    settings
        .metricsFile()
        .map(MetricsFile::new)
        .ifPresent(
            file ->
                attempt(
                    "metrics to " + file.path(),
                    () -> file.write(RunMetrics.text(run, file.lastSuccess()))));
    // By POST the gateway keeps what is not sent: the last success of a run that fails.
    settings
        .pushUrl()
        .ifPresent(
            url ->
                attempt(
                    "metrics to " + url,
                    () ->
                        delivery.post(
                            group(url),
                            METRICS_TYPE,
                            RunMetrics.text(run, Map.of()),
                            Optional.empty())));
    lineage.ifPresent(events -> send(events, run, locations));
  }

  private void send(LineageEvents events, RunSummary run, UnaryOperator<String> locations) {
    attempt("lineage", () -> send(events.ended(run, locations)));
  }

  private void send(JsonNode event) {
    settings.lineageFile().ifPresent(file -> attempt("lineage to " + file, () -> add(file, event)));
    settings
        .lineageUrl()
        .ifPresent(
            url ->
                attempt(
                    "lineage to " + url,
                    () ->
                        delivery.post(
                            url, "application/json", event.toString(), settings.lineageKey())));
  }

  /** The gateway's group: the user's own when the URL names one, else one for each command. */
  private URI group(URI url) {
    return url.getPath().contains("/metrics/job/")
        ? url
        : URI.create(url.toString().replaceAll("/+$", "") + PUSH_PATH + command);
  }

  private static void add(Path file, JsonNode event) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, event + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** What may fail, and must not matter. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException, InterruptedException;
  }

  private static void attempt(String what, Attempt attempt) {
    try {
      attempt.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("{}: interrupted; the run goes on without", what);
    } catch (IOException | RuntimeException e) {
      String detail = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
      LOG.warn("{}: {}{}; the run goes on without", what, e.getClass().getSimpleName(), detail);
    }
  }
}
