// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.server.RestServer;
import io.clockifylakehouse.server.S3Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's REST catalog server, tables in an S3 bucket. */
@Tag("integration")
class RestCatalogOnS3IT extends CatalogFlow {
  private S3Server s3;
  private RestServer server;

  @BeforeAll
  void start(@TempDir Path directory) {
    s3 = S3Server.start(directory);
    Map<String, String> properties = new HashMap<>(s3.properties());
    properties.put("warehouse", s3.warehouse("rest"));
    server = RestServer.start(directory, properties);
  }

  @AfterAll
  void stop() {
    server.close();
    s3.close();
  }

  @Override
  Map<String, String> catalog() {
    Map<String, String> properties = new HashMap<>(s3.properties());
    properties.put("type", "rest");
    properties.put("uri", "http://127.0.0.1:" + server.port());
    return properties;
  }
}
