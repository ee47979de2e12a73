// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.ObservabilityConfiguration;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.observability.DagsterPipes;
import io.clockifylakehouse.observability.ObservabilitySettings;
import io.clockifylakehouse.observability.RunObserver;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The option {@code --metrics-file}, and a run of which collectors are told. Filled by picocli. */
final class Monitoring {
  @Option(
      names = "--metrics-file",
      paramLabel = "FILE",
      description = "write how the run went there too, for Prometheus")
  private Path metricsFile;

  /** Runs it, and tells of its end also when it fails before, or without, a sync's result. */
  Outcome observe(Session session, Function<RunObserver, Outcome> run) {
    RunObserver observer =
        new RunObserver(
            session.surroundings().time(),
            session.command(),
            session.startedAt(),
            session.redaction()::mask,
            DagsterPipes.find(
                session.surroundings().environment(),
                session.surroundings().out(),
                session.surroundings().err()),
            ObservabilitySettings.metricsAlone(Optional.ofNullable(metricsFile)));
    int defect = ErrorCode.DEFECT.exitCode();
    session.termination().onDefect(reason -> observer.failed(defect, reason));
    try {
      return run.apply(observer);
    } catch (ConnectorException e) {
      observer.failed(e.code().exitCode(), e.getMessage());
      throw e;
    } catch (RuntimeException | Error e) {
      observer.failed(defect, String.valueOf(e));
      throw e;
    }
  }

  /** What is configured; the option beats it. */
  ObservabilitySettings settings(ObservabilityConfiguration configuration) {
    return new ObservabilitySettings(
        Optional.ofNullable(metricsFile).or(() -> configuration.metricsFile().map(Path::of)),
        configuration.pushUrl(),
        configuration.lineageFile().map(Path::of),
        configuration.lineageUrl(),
        configuration.lineageKey(),
        configuration.lineageNamespace());
  }
}
