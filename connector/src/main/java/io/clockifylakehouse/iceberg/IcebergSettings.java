// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.destination.DeleteMode;
import java.util.Map;

/**
 * Where the tables are and how they are kept. Immutable, thus safe for use by several threads.
 *
 * @param catalog Iceberg's own catalog properties, {@code type} among them
 * @param catalogName the name Iceberg knows the catalog by; a JDBC catalog stores it
 * @param namespace of all tables; a dot makes levels
 * @param tableProperties Iceberg table properties for new tables, over the connector's own
 * @param deletes what becomes of rows that are gone
 * @param maxShrink share of a workspace's rows in one table, 0 to 1, that one full read may delete
 * @param transactions whether a run commits all tables at once where the catalog offers that
 */
public record IcebergSettings(
    Map<String, String> catalog,
    String catalogName,
    String namespace,
    Map<String, String> tableProperties,
    DeleteMode deletes,
    double maxShrink,
    boolean transactions) {
  public IcebergSettings {
    catalog = Map.copyOf(catalog);
    tableProperties = Map.copyOf(tableProperties);
  }

  /** With transactions where there are such. */
  public IcebergSettings(
      Map<String, String> catalog,
      String catalogName,
      String namespace,
      Map<String, String> tableProperties,
      DeleteMode deletes,
      double maxShrink) {
    this(catalog, catalogName, namespace, tableProperties, deletes, maxShrink, true);
  }

  /** Without the properties, which may hold credentials. */
  @Override
  public String toString() {
    return "IcebergSettings[catalogName=" + catalogName + ", namespace=" + namespace + "]";
  }
}
