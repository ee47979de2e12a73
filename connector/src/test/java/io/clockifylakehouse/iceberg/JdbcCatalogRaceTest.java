// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.clockifylakehouse.destination.DeleteMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that open the same new database at once; here they are threads. */
class JdbcCatalogRaceTest {
  private static final int PROCESSES = 4;
  private static final int ROUNDS = 25;

  @TempDir private Path directory;

  @Test
  void whoeverIsSecondFindsWhatTheFirstOneMade() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(PROCESSES);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        Map<String, String> catalog =
            Map.of(
                "type",
                "jdbc",
                "uri",
                "jdbc:sqlite:" + directory.resolve(round + ".db") + "?busy_timeout=60000",
                "warehouse",
                directory.resolve("warehouse").toString(),
                "jdbc.schema-version",
                "V1");
        IcebergSettings settings =
            new IcebergSettings(catalog, "lakehouse", "clockify", Map.of(), DeleteMode.HARD, 1);
        createTables(catalog.get("uri"));
        CyclicBarrier start = new CyclicBarrier(PROCESSES);
        List<Future<?>> opened = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
          opened.add(
              threads.submit(
                  () -> {
                    start.await();
                    LakehouseCatalog.open(settings).close();
                    return null;
                  }));
        }
        for (Future<?> each : opened) {
          assertThatCode(each::get).doesNotThrowAnyException();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** As the catalog does in its first step; in the next one it adds a column. */
  private static void createTables(String uri) throws SQLException {
    try (Connection connection = DriverManager.getConnection(uri);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE iceberg_tables(catalog_name VARCHAR(255) NOT NULL,"
              + " table_namespace VARCHAR(255) NOT NULL, table_name VARCHAR(255) NOT NULL,"
              + " metadata_location VARCHAR(1000), previous_metadata_location VARCHAR(1000),"
              + " PRIMARY KEY (catalog_name, table_namespace, table_name))");
    }
  }
}
