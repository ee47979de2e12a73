// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Redaction;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamCatalog;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of one command, with everything that is the same for all: the log, the verdict on
 * failures, and the result on standard output and in the file.
 */
final class Invocation {
  private final Surroundings surroundings;
  private final Termination termination;
  private final CommonOptions options;
  private final Redaction redaction;

  /**
   * @param redaction knows what the command line shows; learns every secret the command meets
   */
  Invocation(
      Surroundings surroundings,
      Termination termination,
      CommonOptions options,
      Redaction redaction) {
    this.surroundings = surroundings;
    this.termination = termination;
    this.options = options;
    this.redaction = redaction;
  }

  /**
   * @return the exit code
   */
  int run(String command, Action action) {
    Logging.configure(options.logFormat(), options.logLevel(), redaction, surroundings);
    Logger log = LoggerFactory.getLogger(ClockifyLakehouse.class);
    if (options.assignments().stream().anyMatch(Redaction::showsKey)) {
      log.warn(
          "--set source.auth.value shows the key to everybody who lists this machine's processes,"
              + " and leaves it in the shell's history: give it in the variable CLOCKIFY_API_KEY,"
              + " or name a file by source.auth.file");
    }
    Instant startedAt = surroundings.time().now();
    Optional<ResultFile> resultFile = options.resultFile().map(ResultFile::new);
    int defect = ErrorCode.DEFECT.exitCode();
    termination.onDefect(
        reason -> deliver(failure(command, action, startedAt, defect, reason), resultFile, log));
    Outcome outcome;
    try {
      resultFile.ifPresent(ResultFile::check);
      outcome =
          action.run(
              new Session(
                  command,
                  startedAt,
                  surroundings,
                  options,
                  redaction,
                  termination,
                  options.schemas().map(StreamCatalog::load).orElseGet(StreamCatalog::packaged)));
    } catch (ConnectorException e) {
      log.error(e.getMessage());
      log.debug("stack trace", e);
      outcome = failure(command, action, startedAt, e.code().exitCode(), e.getMessage());
    } catch (RuntimeException | Error e) {
      String reason = "unforeseen " + e.getClass().getSimpleName() + ": " + e.getMessage();
      log.error("{}; run with --log-level debug for the stack trace", reason);
      log.debug("stack trace", e);
      outcome = failure(command, action, startedAt, defect, reason);
    }
    return deliver(outcome, resultFile, log);
  }

  private Outcome failure(
      String command, Action action, Instant startedAt, int exitCode, String reason) {
    ObjectNode result = ResultJson.common(command, startedAt, surroundings.time().now(), exitCode);
    result.put("reason", reason);
    action.describeFailure(result);
    return new Outcome(exitCode, result, "");
  }

  private int deliver(Outcome outcome, Optional<ResultFile> resultFile, Logger log) {
    String json = ResultJson.masked(outcome.json(), redaction) + "\n";
    int exitCode = outcome.exitCode();
    if (resultFile.isPresent()) {
      try {
        resultFile.get().write(json);
      } catch (ConnectorException e) {
        log.error(e.getMessage());
        exitCode = exitCode == 0 ? e.code().exitCode() : exitCode;
      }
    }
    if (!outcome.printed()) {
      surroundings
          .out()
          .print(
              switch (options.output()) {
                case TEXT -> redaction.mask(outcome.text());
                case JSON -> json;
              });
    }
    surroundings.out().flush();
    return exitCode;
  }
}
