// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How a command ended.
 *
 * @param json the result as one object
 * @param text the same for people, ending in a line break; may be empty
 */
record Outcome(int exitCode, ObjectNode json, String text) {}
