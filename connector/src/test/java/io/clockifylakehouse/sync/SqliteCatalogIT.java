// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A JDBC catalog in a SQLite file, tables on the local disk. */
@Tag("integration")
class SqliteCatalogIT extends CatalogFlow {
  @TempDir private Path directory;

  @Override
  Map<String, String> catalog() {
    return Map.of(
        "type",
        "jdbc",
        "uri",
        "jdbc:sqlite:" + directory.resolve("catalog.db"),
        "jdbc.schema-version",
        "V1",
        "warehouse",
        directory.resolve("warehouse").toString());
  }
}
