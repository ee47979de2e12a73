// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How a command ended.
 *
 * @param json the result as one object
 * @param text the same for people, ending in a line break; may be empty
 * @param printed true when the command has printed it already, because it was needed before the end
 */
record Outcome(int exitCode, ObjectNode json, String text, boolean printed) {
  Outcome(int exitCode, ObjectNode json, String text) {
    this(exitCode, json, text, false);
  }
}
