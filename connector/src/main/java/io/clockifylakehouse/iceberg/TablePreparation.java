// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * Makes the tables of streams ready: all are checked first, then those that are missing are created
 * and the others evolved.
 *
 * <p>Holds no state of its own, thus safe for use by several threads.
 */
final class TablePreparation {
  /** Iceberg does not repeat a schema change that met another writer's commit; this does. */
  private static final int EVOLUTION_ATTEMPTS = 5;

  private final LakehouseCatalog catalog;
  private final Map<String, String> tableProperties;

  TablePreparation(LakehouseCatalog catalog, Map<String, String> tableProperties) {
    this.catalog = catalog;
    this.tableProperties = tableProperties;
  }

  /**
   * @throws ConnectorException of code DESTINATION, before any table is touched, when a table is
   *     somebody else's or cannot become what its stream wants
   */
  void prepare(Collection<StreamDefinition> streams) {
    Map<String, TableLayout> layouts = new LinkedHashMap<>();
    for (StreamDefinition stream : streams) {
      layouts.put(stream.name(), TableLayout.of(stream, tableProperties));
    }
    prepare(layouts);
  }

  /** As {@link #prepare(Collection)}, for layouts by table name. */
  void prepare(Map<String, TableLayout> layouts) {
    catalog.createNamespace();
    Map<String, Table> found = new ConcurrentHashMap<>();
    SideBySide.forEach(
        layouts.keySet(), name -> catalog.find(name).ifPresent(table -> found.put(name, table)));
    List<String> missing = new ArrayList<>();
    Map<String, Table> evolving = new LinkedHashMap<>();
    List<String> refusals = new ArrayList<>();
    layouts.forEach(
        (name, layout) -> {
          if (!found.containsKey(name)) {
            missing.add(name);
          } else if (!check(name, found.get(name), layout, refusals).steps().isEmpty()) {
            evolving.put(name, found.get(name));
          }
        });
    refuse(refusals);
    evolving.forEach((name, table) -> evolve(name, table, layouts.get(name)));
    SideBySide.forEach(missing, name -> create(name, layouts.get(name)));
  }

  private void create(String name, TableLayout layout) {
    List<String> refusals = new ArrayList<>();
    check(name, catalog.create(name, layout), layout, refusals);
    refuse(refusals);
  }

  /**
   * @throws ConnectorException of code DESTINATION when rows of the stream cannot go into the
   *     table: it is somebody else's, or lacks columns
   */
  void requireReady(StreamDefinition stream, Table table) {
    List<String> refusals = new ArrayList<>();
    Evolution evolution =
        check(stream.name(), table, TableLayout.of(stream, tableProperties), refusals);
    refuse(refusals);
    for (Evolution.Step step : evolution.steps()) {
      if (!(step instanceof Evolution.Step.Document)) {
        throw new ConnectorException(
            ErrorCode.DESTINATION,
            "table "
                + catalog.display(stream.name())
                + " is behind its stream: "
                + step
                + "; run sync, which adds and widens columns");
      }
    }
  }

  private static void refuse(List<String> refusals) {
    if (!refusals.isEmpty()) {
      throw new ConnectorException(ErrorCode.DESTINATION, String.join("; also: ", refusals));
    }
  }

  private Evolution check(String name, Table table, TableLayout layout, List<String> refusals) {
    String display = "table " + catalog.display(name);
    String owner = table.properties().get(TableLayout.OWNER);
    if (!name.equals(owner)) {
      refusals.add(
          display
              + " was not made by this connector for the stream '"
              + name
              + "' (its property "
              + TableLayout.OWNER
              + (owner == null ? " is not set" : " is '" + owner + "'")
              + "); rename that table, or set destination.namespace to another one");
    }
    int version = TableUtil.formatVersion(table);
    if (version != TableLayout.FORMAT_VERSION) {
      refusals.add(
          display
              + " has format version "
              + version
              + ", and this connector writes "
              + TableLayout.FORMAT_VERSION
              + ", which every engine reads"
              + (version < TableLayout.FORMAT_VERSION
                  ? "; set its property format-version to " + TableLayout.FORMAT_VERSION
                  : "; rename that table, and the next sync loads a new one"));
    }
    List<String> present = transforms(table.spec(), table.schema());
    List<String> wanted = transforms(layout.spec(), layout.schema());
    if (!present.equals(wanted)) {
      refusals.add(
          display
              + " is partitioned by "
              + present
              + " and its stream by "
              + wanted
              + "; rename that table, and the next sync loads a new one");
    }
    Evolution evolution = Evolution.between(table.schema(), layout.schema());
    for (String refusal : evolution.refusals()) {
      refusals.add(
          display
              + " cannot become what its stream wants: "
              + refusal
              + "; rename that table, and the next sync loads a new one");
    }
    return evolution;
  }

  private static List<String> transforms(PartitionSpec spec, Schema schema) {
    List<String> transforms = new ArrayList<>();
    for (PartitionField field : spec.fields()) {
      transforms.add(field.transform() + "(" + schema.findColumnName(field.sourceId()) + ")");
    }
    return transforms;
  }

  private void evolve(String name, Table table, TableLayout layout) {
    RuntimeException last = null;
    for (int attempt = 0; attempt < EVOLUTION_ATTEMPTS; attempt++) {
      try {
        table.refresh();
        List<String> refusals = new ArrayList<>();
        Evolution evolution = check(name, table, layout, refusals);
        refuse(refusals);
        if (evolution.steps().isEmpty()) {
          return;
        }
        UpdateSchema update = table.updateSchema();
        evolution.applyTo(update);
        update.commit();
        return;
      } catch (CommitFailedException e) {
        last = e;
      } catch (RuntimeException e) {
        throw Failures.of("table " + catalog.display(name) + ": cannot change its schema", e);
      }
    }
    throw Failures.of("table " + catalog.display(name) + ": cannot change its schema", last);
  }
}
