// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.server.PostgresServer;
import io.clockifylakehouse.server.S3Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A JDBC catalog on PostgreSQL, tables in an S3 bucket. */
@Tag("integration")
class PostgresCatalogOnS3IT extends CatalogFlow {
  private S3Server s3;
  private PostgresServer postgres;

  @BeforeAll
  void start(@TempDir Path directory) {
    s3 = S3Server.start(directory);
    postgres = PostgresServer.start();
  }

  @AfterAll
  void stop() {
    postgres.close();
    s3.close();
  }

  @Override
  Map<String, String> catalog() {
    Map<String, String> properties = new HashMap<>(s3.properties());
    properties.remove("io-impl"); // the scheme of the warehouse tells
    properties.putAll(PostgresServer.properties(postgres.port(), s3.warehouse("jdbc")));
    return properties;
  }
}
