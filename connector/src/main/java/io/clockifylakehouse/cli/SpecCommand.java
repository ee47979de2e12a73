// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.Configuration;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import picocli.CommandLine.Command;

/** Prints the JSON Schema of the configuration file. */
@Command(
    name = "spec",
    description = "Print the JSON Schema of the configuration file.",
    sortOptions = false)
final class SpecCommand implements Action {
  @Override
  public Outcome run(Session session) {
    String schema = Configuration.schema();
    try {
      return new Outcome(0, (ObjectNode) new ObjectMapper().readTree(schema), schema);
    } catch (JsonProcessingException e) {
      throw new ConnectorException(ErrorCode.DEFECT, "the packaged schema is no JSON", e);
    }
  }
}
