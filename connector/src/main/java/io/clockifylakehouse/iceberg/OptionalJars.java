// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Iceberg can do only with libraries that the connector does not bring along: catalogs,
 * drivers of databases, object stores and codecs that few people use. Stateless.
 */
final class OptionalJars {
  private static final String EXTRA =
      "put it, with what it needs itself, into the directory 'extra' (of the repository; in the"
          + " image /opt/clockify-lakehouse/extra)";

  /**
   * One thing that needs a library.
   *
   * @param setting where it is asked for
   * @param prefix what the setting's value begins with
   * @param type a class that is there when the library is
   * @param artifact its Maven coordinates, without version
   */
  private record Need(String setting, String prefix, String type, String artifact) {}

  private static final List<Need> CATALOG =
      List.of(
          new Need(
              "type",
              "glue",
              "org.apache.iceberg.aws.AwsProperties",
              "org.apache.iceberg:iceberg-aws"),
          new Need(
              "type",
              "glue",
              "software.amazon.awssdk.services.glue.GlueClient",
              "software.amazon.awssdk:glue"),
          new Need(
              "type",
              "hive",
              "org.apache.iceberg.hive.HiveCatalog",
              "org.apache.iceberg:iceberg-hive-metastore"),
          new Need(
              "type",
              "hive",
              "org.apache.hadoop.hive.metastore.IMetaStoreClient",
              "org.apache.hive:hive-metastore"),
          new Need(
              "type",
              "hive",
              "org.apache.hadoop.hive.conf.HiveConf",
              "org.apache.hive:hive-common"),
          new Need(
              "type",
              "nessie",
              "org.apache.iceberg.nessie.NessieCatalog",
              "org.apache.iceberg:iceberg-nessie"),
          new Need("uri", "jdbc:postgresql:", "org.postgresql.Driver", "org.postgresql:postgresql"),
          new Need("uri", "jdbc:sqlite:", "org.sqlite.JDBC", "org.xerial:sqlite-jdbc"),
          new Need("uri", "jdbc:mysql:", "com.mysql.cj.jdbc.Driver", "com.mysql:mysql-connector-j"),
          new Need(
              "uri",
              "jdbc:mariadb:",
              "org.mariadb.jdbc.Driver",
              "org.mariadb.jdbc:mariadb-java-client"),
          new Need(
              "warehouse",
              "s3:",
              "org.apache.iceberg.aws.s3.S3FileIO",
              "org.apache.iceberg:iceberg-aws-bundle"),
          new Need(
              "warehouse",
              "gs:",
              "org.apache.iceberg.gcp.gcs.GCSFileIO",
              "org.apache.iceberg:iceberg-gcp"),
          new Need(
              "warehouse",
              "gs:",
              "com.google.cloud.storage.Storage",
              "org.apache.iceberg:iceberg-gcp-bundle"),
          new Need(
              "warehouse",
              "abfs",
              "org.apache.iceberg.azure.adlsv2.ADLSFileIO",
              "org.apache.iceberg:iceberg-azure"),
          new Need(
              "warehouse",
              "abfs",
              "com.azure.storage.file.datalake.DataLakeFileSystemClient",
              "org.apache.iceberg:iceberg-azure-bundle"));

  private static final String CODEC = "write.parquet.compression-codec";

  private static final List<Need> TABLE =
      List.of(
          new Need(CODEC, "lzo", "com.hadoop.compression.lzo.LzoCodec", "hadoop-lzo (or use zstd)"),
          new Need(
              CODEC,
              "brotli",
              "org.apache.hadoop.io.compress.BrotliCodec",
              "com.github.rdblue:brotli-codec (or use zstd)"));

  /** LZ4 in Hadoop's own framing; {@code lz4_raw} is its successor and needs nothing. */
  private static final Need LZ4 =
      new Need(CODEC, "lz4", "net.jpountz.lz4.LZ4Factory", "at.yawk.lz4:lz4-java (or use lz4_raw)");

  private OptionalJars() {}

  /**
   * Fails early, and with the name of what is missing.
   *
   * @throws ConnectorException of code CONFIGURATION when a setting needs a library that is not on
   *     the class path
   */
  static void require(IcebergSettings settings) {
    CATALOG.forEach(need -> require(need, "destination.catalog", settings.catalog()));
    TABLE.forEach(
        need -> require(need, "destination.table_properties", settings.tableProperties()));
    if ("lz4".equalsIgnoreCase(settings.tableProperties().get(CODEC))) {
      require(LZ4, "destination.table_properties", settings.tableProperties());
    }
  }

  private static void require(Need need, String section, Map<String, String> properties) {
    String value = properties.getOrDefault(need.setting(), "");
    if (value.toLowerCase(Locale.ROOT).startsWith(need.prefix()) && !isThere(need.type())) {
      throw ConnectorException.configuration(
          section
              + "."
              + need.setting()
              + ": "
              + need.prefix().replaceFirst(":$", "")
              + " needs a library that is not packaged, "
              + need.artifact()
              + "; "
              + EXTRA);
    }
  }

  /** What is on the class path lacks a part: what a library needs itself. */
  static ConnectorException incomplete(LinkageError failure) {
    return new ConnectorException(
        ErrorCode.CONFIGURATION,
        "destination.catalog: a library that it needs is missing, or is of another version ("
            + Failures.reason(failure)
            + "); "
            + EXTRA,
        failure);
  }

  private static boolean isThere(String type) {
    try {
      Class.forName(type, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
