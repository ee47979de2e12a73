// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.config.ConfigurationReader;
import io.clockifylakehouse.config.Redaction;
import io.clockifylakehouse.stream.StreamCatalog;
import java.time.Instant;

/**
 * What a command is given.
 *
 * @param command its name
 * @param redaction learns every secret the command meets
 * @param termination tells the command to stop
 */
record Session(
    String command,
    Instant startedAt,
    Surroundings surroundings,
    CommonOptions options,
    Redaction redaction,
    Termination termination,
    StreamCatalog catalog) {

  /** The configuration of file, environment and {@code --set}. */
  Configuration configuration() {
    return reader().read(options.config(), options.assignments());
  }

  ConfigurationReader reader() {
    return new ConfigurationReader(surroundings.environment(), catalog.api().regions(), redaction);
  }

  Style style() {
    return new Style(surroundings.colourful());
  }
}
