// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.destination;

import io.clockifylakehouse.stream.Row;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The live rows of some tables as they were when this was opened: those without a deletion mark.
 *
 * <p>Safe for use by several threads. Every failure is a {@link
 * io.clockifylakehouse.error.ConnectorException} of code DESTINATION.
 */
public interface LiveRows {

  /**
   * Hands over one row after another, with the values in the order of the paths as the Java classes
   * that {@link io.clockifylakehouse.stream.Type} names. Holds one row at a time.
   *
   * @param paths columns, or fields inside structs joined by dots; one that the table does not have
   *     is null in every row, and so is a field of a struct that is null
   * @param workspaces ids; empty for every workspace, and for a table that has no workspaces
   * @return false when there was no such table: then no row is handed over
   */
  boolean read(String table, List<String> paths, Set<String> workspaces, Consumer<Row> action);
}
