// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import java.net.URI;
import java.util.Optional;

/**
 * The section {@code observability}: who is told of a run. All but the namespace may be empty.
 *
 * @param metricsFile takes the metrics as Prometheus's text
 * @param pushUrl of a Pushgateway
 * @param lineageFile gets each OpenLineage event as a line
 * @param lineageUrl takes each OpenLineage event
 * @param lineageKey bearer token for it; not in {@link #toString}
 * @param lineageNamespace of the job
 */
public record ObservabilityConfiguration(
    Optional<String> metricsFile,
    Optional<URI> pushUrl,
    Optional<String> lineageFile,
    Optional<URI> lineageUrl,
    Optional<String> lineageKey,
    String lineageNamespace) {

  @Override
  public String toString() {
    return "ObservabilityConfiguration[" + lineageNamespace + "]";
  }
}
