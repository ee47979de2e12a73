// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.observability;

import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.sync.StreamResult;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run as Prometheus metrics. A process is one run, so its counters begin at zero and are read
 * as they stand, without {@code rate()}. Stateless.
 */
final class RunMetrics {
  static final String LAST_SUCCESS = "clockify_sync_last_success_timestamp_seconds";

  private RunMetrics() {}

  /**
   * In the text format 0.0.4.
   *
   * @param lastSuccess when each command last ended well, without this run
   */
  static String text(RunSummary run, Map<String, Double> lastSuccess) {
    List<MetricSnapshot> metrics = new ArrayList<>();
    Labels command = Labels.of("command", run.command());
    metrics.add(gauge("exit_code", "Exit code of the last run.", command, run.exitCode()));
    metrics.add(
        gauge(
            "duration_seconds",
            "How long the last run took.",
            command,
            Duration.between(run.startedAt(), run.finishedAt()).toMillis() / 1e3));
    metrics.add(
        gauge(
            "last_run_timestamp_seconds",
            "When the last run ended.",
            command,
            seconds(run.finishedAt())));
    lastSuccess(run, lastSuccess, metrics);
    requests(run, command, metrics);
    if (!run.streams().isEmpty()) {
      streams(run.streams(), metrics);
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(text, new MetricSnapshots(metrics));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static void lastSuccess(
      RunSummary run, Map<String, Double> before, List<MetricSnapshot> metrics) {
    Map<String, Double> moments = new LinkedHashMap<>(before);
    if (run.exitCode() == 0) {
      moments.put(run.command(), seconds(run.finishedAt()));
    }
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder().name(LAST_SUCCESS).help("When a run last ended with exit code 0.");
    moments.forEach(
        (command, moment) -> gauge.dataPoint(point(Labels.of("command", command), moment)));
    if (!moments.isEmpty()) {
      metrics.add(gauge.build());
    }
  }

  private static void requests(RunSummary run, Labels command, List<MetricSnapshot> metrics) {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder()
            .name("clockify_sync_requests")
            .help("Requests: every attempt (sent), and of these repeats and answers of 429.");
    Map<String, Long> kinds = new LinkedHashMap<>();
    kinds.put("sent", run.traffic().sent());
    kinds.put("retried", run.traffic().retried());
    kinds.put("throttled", run.traffic().throttled());
    kinds.forEach((kind, value) -> requests.dataPoint(count(command.add("kind", kind), value)));
    metrics.add(requests.build());
    metrics.add(
        CounterSnapshot.builder()
            .name("clockify_sync_requests_wait_seconds")
            .help("Waiting for the rate and between attempts, summed over all threads.")
            .dataPoint(count(command, run.traffic().waitSeconds()))
            .build());
    metrics.add(
        gauge(
            "rate_limit_current", "Requests per second, at last.", command, run.traffic().rate()));
  }

  private static void streams(List<StreamResult> streams, List<MetricSnapshot> metrics) {
    CounterSnapshot.Builder rows =
        CounterSnapshot.builder()
            .name("clockify_sync_rows")
            .help("Rows of a stream, by what was done.");
    GaugeSnapshot.Builder success =
        GaugeSnapshot.builder()
            .name("clockify_sync_stream_success")
            .help("1 when the table equals the service, 0 when it was left out.");
    GaugeSnapshot.Builder drift =
        GaugeSnapshot.builder()
            .name("clockify_sync_drift_fields")
            .help("Fields that the schema does not know, or knows with another type.");
    for (StreamResult stream : streams) {
      Labels labels =
          Labels.of("stream", stream.stream(), "workspace_id", stream.workspaceId().orElse(""));
      operations(stream.rows())
          .forEach((op, value) -> rows.dataPoint(count(labels.add("op", op), value)));
      success.dataPoint(point(labels, stream.whole() ? 1 : 0));
      drift.dataPoint(
          point(labels.add("kind", "unknown_field"), stream.drift().unknownFields().size()));
      drift.dataPoint(
          point(labels.add("kind", "type_mismatch"), stream.drift().typeMismatches().size()));
    }
    metrics.add(rows.build());
    metrics.add(success.build());
    metrics.add(drift.build());
  }

  /** By the names of the contract. */
  static Map<String, Long> operations(RowCounts rows) {
    Map<String, Long> operations = new LinkedHashMap<>();
    operations.put("read", rows.read());
    operations.put("added", rows.added());
    operations.put("changed", rows.changed());
    operations.put("deleted", rows.deleted());
    operations.put("unchanged", rows.unchanged());
    return operations;
  }

  private static GaugeSnapshot gauge(String name, String help, Labels labels, double value) {
    return GaugeSnapshot.builder()
        .name("clockify_sync_" + name)
        .help(help)
        .dataPoint(point(labels, value))
        .build();
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterDataPointSnapshot count(Labels labels, double value) {
    return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static double seconds(Instant moment) {
    return moment.toEpochMilli() / 1e3;
  }
}
