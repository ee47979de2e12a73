// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Everything a user can configure, checked and complete: what the file leaves out has its default.
 *
 * <p>Immutable, thus safe for use by several threads. Its text holds no secret.
 */
public record Configuration(
    SourceConfiguration source,
    DestinationConfiguration destination,
    SyncConfiguration sync,
    MaintenanceConfiguration maintenance,
    ObservabilityConfiguration observability) {

  /** The JSON Schema of the configuration file. */
  public static String schema() {
    try (InputStream file = Configuration.class.getResourceAsStream("connector.schema.json")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
