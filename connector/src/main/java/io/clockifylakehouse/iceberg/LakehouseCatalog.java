// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.ResolvingFileIO;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.rest.RESTCatalog;

/**
 * The Iceberg catalog and the one namespace in it that holds the tables.
 *
 * <p>Safe for use by several threads. Every failure is a {@link ConnectorException}.
 */
final class LakehouseCatalog implements AutoCloseable {
  private static final String HADOOP_PREFIX = "hadoop.";
  private static final String DEFAULT_WAREHOUSE = "./lakehouse";
  private static final int JDBC_ATTEMPTS = 4;

  private final Catalog catalog;
  private final Namespace namespace;
  private final Map<String, String> properties;

  private LakehouseCatalog(Catalog catalog, Namespace namespace, Map<String, String> properties) {
    this.catalog = catalog;
    this.namespace = namespace;
    this.properties = properties;
  }

  /**
   * Builds the catalog. Nothing is created yet, except what a catalog's own database needs.
   *
   * @throws ConnectorException of code CONFIGURATION when Iceberg cannot build it, or not with the
   *     libraries that are there; UNAVAILABLE when the catalog does not answer
   */
  static LakehouseCatalog open(IcebergSettings settings) {
    Map<String, String> properties = new HashMap<>(settings.catalog());
    if (!properties.containsKey(CatalogProperties.CATALOG_IMPL)) {
      properties.putIfAbsent(
          CatalogUtil.ICEBERG_CATALOG_TYPE, CatalogUtil.ICEBERG_CATALOG_TYPE_HADOOP);
    }
    if (isHadoop(properties)) {
      properties.compute(
          CatalogProperties.WAREHOUSE_LOCATION,
          (key, warehouse) -> absolute(warehouse == null ? DEFAULT_WAREHOUSE : warehouse));
    }
    OptionalJars.require(settings);
    // The one client of S3 that is on the class path.
    properties.putIfAbsent("http-client.type", "urlconnection");
    if (hasScheme(properties.getOrDefault(CatalogProperties.WAREHOUSE_LOCATION, ""))
        && !isHadoop(properties)) {
      // By the location's scheme; what each catalog would take by itself knows fewer of them.
      properties.putIfAbsent(CatalogProperties.FILE_IO_IMPL, ResolvingFileIO.class.getName());
    }
    // Each scan's figures, sent in the background, sometimes after the catalog was closed.
    properties.putIfAbsent("rest-metrics-reporting-enabled", "false");
    HadoopUser.ensureNamed();
    Configuration hadoop = new Configuration();
    // The checksumming file system would put a hidden .crc file beside every file.
    hadoop.set("fs.file.impl", LocalFileSystem.class.getName());
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(HADOOP_PREFIX)) {
            hadoop.set(key.substring(HADOOP_PREFIX.length()), value);
          }
        });
    try {
      Catalog catalog = build(settings.catalogName(), properties, hadoop, JDBC_ATTEMPTS);
      return new LakehouseCatalog(
          catalog, Namespace.of(settings.namespace().split("\\.")), properties);
    } catch (RuntimeException e) {
      throw new ConnectorException(
          Outage.isOne(e) ? ErrorCode.UNAVAILABLE : ErrorCode.CONFIGURATION,
          "destination.catalog: cannot open the catalog '"
              + settings.catalogName()
              + "': "
              + Failures.reason(e)
              + "; check type, uri, warehouse and credentials, they are Iceberg's own properties",
          e);
    } catch (LinkageError e) {
      throw OptionalJars.incomplete(e);
    }
  }

  /**
   * A JDBC catalog makes and changes tables of its own; of two processes that do so at once, one is
   * told that they are there already, and finds them in its next attempt.
   */
  private static Catalog build(
      String name, Map<String, String> properties, Configuration hadoop, int attempts) {
    try {
      return CatalogUtil.buildIcebergCatalog(name, properties, hadoop);
    } catch (UncheckedSQLException e) {
      if (attempts == 1 || !isOfItsTables(e)) {
        throw e;
      }
      return build(name, properties, hadoop, attempts - 1);
    }
  }

  /** By the SQL state, which SQLite has none of; a refused password is not tried again. */
  private static boolean isOfItsTables(UncheckedSQLException failure) {
    return failure.getCause() instanceof SQLException sql
        && (sql.getSQLState() == null || sql.getSQLState().matches("(23|42).*"));
  }

  private static boolean isHadoop(Map<String, String> properties) {
    return CatalogUtil.ICEBERG_CATALOG_TYPE_HADOOP.equalsIgnoreCase(
        properties.get(CatalogUtil.ICEBERG_CATALOG_TYPE));
  }

  private static String absolute(String warehouse) {
    return hasScheme(warehouse)
        ? warehouse
        : Path.of(warehouse).toAbsolutePath().normalize().toString();
  }

  private static boolean hasScheme(String location) {
    return location.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
  }

  /** The local directory of the warehouse; empty when it lies elsewhere or is not named. */
  Optional<Path> localWarehouse() {
    return Optional.ofNullable(properties.get(CatalogProperties.WAREHOUSE_LOCATION))
        .flatMap(LakehouseCatalog::localPath);
  }

  /** A location as a path of this machine; empty when it is none. */
  static Optional<Path> localPath(String location) {
    if (location.startsWith("file:")) {
      return Optional.of(Path.of(URI.create(location).getPath()));
    }
    return hasScheme(location) ? Optional.empty() : Optional.of(Path.of(location));
  }

  /** True for a catalog that loses concurrent commits without a word. */
  boolean isHadoop() {
    return catalog instanceof HadoopCatalog;
  }

  /** Writes files as the tables of a Hadoop catalog do. */
  FileIO hadoopFiles() {
    return new HadoopFileIO(((HadoopCatalog) catalog).getConf());
  }

  /** True for a catalog that applies a change of properties on top of any other. */
  boolean comparesOnlySnapshots() {
    return catalog instanceof RESTCatalog;
  }

  /**
   * True when the catalog's server says that it takes commits to several tables as one; a server
   * that says nothing counts as one that does.
   */
  boolean offersTransactions() {
    if (!(catalog instanceof RESTCatalog rest)) {
      return false;
    }
    try {
      // Refused before it is sent: by the list of the server's endpoints, or for being empty.
      rest.commitTransaction(List.of());
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /** Commits to several tables as one, on a catalog that offers it. */
  void commit(List<TableCommit> commits) {
    ((RESTCatalog) catalog).commitTransaction(commits);
  }

  Catalog catalog() {
    return catalog;
  }

  Namespace namespace() {
    return namespace;
  }

  TableIdentifier identifier(String table) {
    return TableIdentifier.of(namespace, table);
  }

  /** The table as people name it: {@code clockify.projects}. */
  String display(String table) {
    return namespace + "." + table;
  }

  /**
   * The table as it is now; empty when there is none.
   *
   * @throws ConnectorException of code DESTINATION when it cannot be loaded, or is the metadata of
   *     a table whose files lie elsewhere
   */
  Optional<Table> find(String table) {
    try {
      Table found = catalog.loadTable(identifier(table));
      if (isHadoop()) {
        new HadoopPlace(display(table), hadoopLocation(table)).requireSame(found.location());
      }
      return Optional.of(found);
    } catch (NoSuchTableException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw Failures.of("table " + display(table) + ": cannot load it", e);
    }
  }

  /** The table as it is now. */
  Table load(String table) {
    return find(table)
        .orElseThrow(
            () ->
                new ConnectorException(
                    ErrorCode.DESTINATION,
                    "table " + display(table) + " does not exist; run sync, which creates it"));
  }

  /** Creates the table; one that somebody else created meanwhile is returned instead. */
  Table create(String table, TableLayout layout) {
    if (isHadoop()) {
      new HadoopPlace(display(table), hadoopLocation(table)).requireFree();
    }
    try {
      return inNamespace(
          () ->
              catalog
                  .buildTable(identifier(table), layout.schema())
                  .withPartitionSpec(layout.spec())
                  .withSortOrder(layout.sortOrder())
                  .withProperties(layout.properties())
                  .create());
    } catch (AlreadyExistsException e) {
      return find(table)
          .orElseThrow(
              () ->
                  new ConnectorException(
                      ErrorCode.DESTINATION,
                      "table "
                          + display(table)
                          + ": the name is taken by a view or the like ("
                          + Failures.reason(e)
                          + "); rename that, or set destination.namespace to another one",
                      e));
    } catch (RuntimeException e) {
      throw Failures.of("table " + display(table) + ": cannot create it", e);
    }
  }

  /** Creates in the namespace; once more when another process's probe has just dropped that. */
  Table inNamespace(Supplier<Table> creation) {
    try {
      return creation.get();
    } catch (NoSuchNamespaceException e) {
      createNamespace();
      return creation.get();
    }
  }

  /** Creates the namespace when it is missing. Returns true when it did. */
  boolean createNamespace() {
    if (!(catalog instanceof SupportsNamespaces namespaces)) {
      return false;
    }
    try {
      if (namespaces.namespaceExists(namespace)) {
        return false;
      }
      return createMissing(namespaces);
    } catch (RuntimeException e) {
      throw Failures.of("namespace " + namespace + ": cannot create it", e);
    }
  }

  /** A JDBC catalog that another process was quicker in says so by a violated constraint. */
  private boolean createMissing(SupportsNamespaces namespaces) {
    try {
      namespaces.createNamespace(namespace);
      return true;
    } catch (RuntimeException e) {
      if (e instanceof AlreadyExistsException || namespaces.namespaceExists(namespace)) {
        return false;
      }
      throw e;
    }
  }

  /** Where a table lies or will lie, for people. */
  String location(String table) {
    Optional<Table> found = find(table);
    if (found.isPresent()) {
      return found.get().location();
    }
    return isHadoop(properties) ? hadoopLocation(table) : catalog.name() + "." + display(table);
  }

  private String hadoopLocation(String table) {
    return properties.get(CatalogProperties.WAREHOUSE_LOCATION).replaceAll("(?<=.)/+$", "")
        + "/"
        + String.join("/", namespace.levels())
        + "/"
        + table;
  }

  @Override
  public void close() {
    if (catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        throw Failures.of("catalog " + catalog.name() + ": cannot close it", e);
      }
    }
  }
}
