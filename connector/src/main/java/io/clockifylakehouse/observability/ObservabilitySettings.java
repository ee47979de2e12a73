// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.observability;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who is told of a run; all may be empty.
 *
 * @param metricsFile takes the metrics as Prometheus's text
 * @param pushUrl of a Pushgateway
 * @param lineageFile gets one OpenLineage event per line appended
 * @param lineageUrl takes each OpenLineage event by POST
 * @param lineageKey bearer token for it; secret
 * @param lineageNamespace of the job in OpenLineage
 */
public record ObservabilitySettings(
    Optional<Path> metricsFile,
    Optional<URI> pushUrl,
    Optional<Path> lineageFile,
    Optional<URI> lineageUrl,
    Optional<String> lineageKey,
    String lineageNamespace) {

  /** Nobody but a file. */
  public static ObservabilitySettings metricsAlone(Optional<Path> file) {
    return new ObservabilitySettings(
        file, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "");
  }

  @Override
  public String toString() {
    return "ObservabilitySettings[" + lineageNamespace + "]";
  }
}
