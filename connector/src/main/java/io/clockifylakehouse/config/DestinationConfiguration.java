// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The section {@code destination}: where the tables lie.
 *
 * @param catalog Iceberg's catalog properties, as given; may hold secrets, so they are not in
 *     {@link #toString}
 * @param namespace of the tables; levels joined by dots
 * @param tableProperties of tables that are created
 * @param transaction whether a sync commits all tables at once
 */
public record DestinationConfiguration(
    Map<String, String> catalog,
    String catalogName,
    String namespace,
    Map<String, String> tableProperties,
    Transaction transaction) {

  /** Whether a sync commits all tables at once. */
  public enum Transaction {
    /** Where the catalog's server offers that. */
    AUTO,
    NEVER
  }

  public DestinationConfiguration {
    catalog = Collections.unmodifiableMap(new LinkedHashMap<>(catalog));
    tableProperties = Collections.unmodifiableMap(new LinkedHashMap<>(tableProperties));
  }

  @Override
  public String toString() {
    return "DestinationConfiguration[" + catalogName + ", " + namespace + "]";
  }
}
