// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.destination.DeleteMode;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.Map;
import org.apache.iceberg.inmemory.InMemoryCatalog;
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
    "warehouse, gs://bucket/lakehouse, org.apache.iceberg:iceberg-gcp",
    "warehouse, abfss://container@account/lakehouse, org.apache.iceberg:iceberg-azure"
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
  void aLibraryWithoutWhatItNeedsItselfIsNamedToo() {
    String catalog = LacksALibrary.class.getName();
    assertThatThrownBy(
            () -> LakehouseCatalog.open(settings(Map.of("catalog-impl", catalog), Map.of())))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("NoClassDefFoundError: org/example/Missing")
        .hasMessageContaining("directory 'extra'");
  }

  /** A catalog whose class path lacks something. */
  public static final class LacksALibrary extends InMemoryCatalog {
    @Override
    public void initialize(String name, Map<String, String> properties) {
      throw new NoClassDefFoundError("org/example/Missing");
    }
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
