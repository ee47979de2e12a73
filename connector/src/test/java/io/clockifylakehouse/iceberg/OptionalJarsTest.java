// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.error.ConnectorException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionalJarsTest {
  private static IcebergSettings settings(Map<String, String> catalog, Map<String, String> table) {
    return new IcebergSettings(catalog, "lakehouse", "clockify", table, DeleteMode.HARD, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "type, hive, org.apache.iceberg:iceberg-hive-metastore",
    "type, Nessie, org.apache.iceberg:iceberg-nessie",
    "uri, jdbc:mysql://host/database, com.mysql:mysql-connector-j",
    "warehouse, gs://bucket/lakehouse, org.apache.iceberg:iceberg-gcp-bundle",
    "warehouse, abfss://container@account/lakehouse, org.apache.iceberg:iceberg-azure-bundle"
  })
  void aCatalogsMissingLibraryIsNamed(String setting, String value, String artifact) {
    assertThatThrownBy(() -> OptionalJars.require(settings(Map.of(setting, value), Map.of())))
        .isInstanceOf(ConnectorException.class)
        .hasMessageStartingWith("destination.catalog." + setting + ": ")
        .hasMessageContaining(artifact)
        .hasMessageContaining("directory 'extra'");
  }

  @ParameterizedTest
  @CsvSource({"lz4, lz4_raw", "LZO, zstd", "brotli, zstd"})
  void aCodecsMissingLibraryIsNamedWithWhatServesInstead(String codec, String instead) {
    Map<String, String> table = Map.of("write.parquet.compression-codec", codec);
    assertThatThrownBy(() -> OptionalJars.require(settings(Map.of("type", "hadoop"), table)))
        .hasMessageStartingWith("destination.table_properties.write.parquet.compression-codec: ")
        .hasMessageContaining("or use " + instead);
  }

  @Test
  void whatIsThereIsNoFault() {
    Map<String, String> table = Map.of("write.parquet.compression-codec", "lz4_raw");
    assertThatCode(
            () ->
                OptionalJars.require(
                    settings(Map.of("type", "jdbc", "uri", "jdbc:sqlite:file.db"), table)))
        .doesNotThrowAnyException();
  }
}
