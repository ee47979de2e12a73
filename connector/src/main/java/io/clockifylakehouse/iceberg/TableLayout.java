// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.Column;
import io.clockifylakehouse.stream.Field;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.StreamDefinition;
import io.clockifylakehouse.stream.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The table a stream wants: schema, partitioning, order and properties of a new one.
 *
 * <p>Immutable, thus safe for use by several threads. The field ids of the schema are its own; a
 * catalog gives new ones.
 */
record TableLayout(
    Schema schema, PartitionSpec spec, SortOrder sortOrder, Map<String, String> properties) {
  /** Table property that says which stream a table belongs to. */
  static final String OWNER = "clockify.stream";

  static final int FORMAT_VERSION = 2;
  private static final String CODEC = "zstd";

  static final String SYNCED_AT = "_synced_at";
  static final String SYNC_ID = "_sync_id";
  static final String DELETED_AT = "_deleted_at";
  static final String ROW_HASH = "_row_hash";

  private static final int MIN_COMMIT_RETRIES = 4;
  private static final Pattern TRANSFORM = Pattern.compile("(\\w+)\\(\\s*(\\w+)\\s*\\)");

  /**
   * @param extraProperties from the configuration, over the connector's own
   * @throws ConnectorException of code CONFIGURATION for a transform or property that cannot be
   */
  static TableLayout of(StreamDefinition stream, Map<String, String> extraProperties) {
    Schema schema = new Fields().schema(stream);
    return new TableLayout(
        schema,
        spec(stream, schema),
        sortOrder(stream, schema),
        properties(stream, extraProperties));
  }

  private static PartitionSpec spec(StreamDefinition stream, Schema schema) {
    if (!stream.inWorkspace()) {
      return PartitionSpec.unpartitioned();
    }
    PartitionSpec.Builder spec = PartitionSpec.builderFor(schema).identity(Scope.WORKSPACE);
    for (String text : stream.partition()) {
      Matcher transform = TRANSFORM.matcher(text);
      if (!transform.matches() || schema.findField(transform.group(2)) == null) {
        throw badTransform(stream, text);
      }
      String column = transform.group(2);
      switch (transform.group(1)) {
        case "identity" -> spec.identity(column);
        case "hour" -> spec.hour(column);
        case "day" -> spec.day(column);
        case "month" -> spec.month(column);
        case "year" -> spec.year(column);
        default -> throw badTransform(stream, text);
      }
    }
    return spec.build();
  }

  private static ConnectorException badTransform(StreamDefinition stream, String text) {
    return ConnectorException.configuration(
        "stream '"
            + stream.name()
            + "': partition '"
            + text
            + "' is no transform of a column; known: identity, hour, day, month, year, such as"
            + " month(started_at)");
  }

  private static SortOrder sortOrder(StreamDefinition stream, Schema schema) {
    Set<String> columns = new LinkedHashSet<>();
    if (stream.inWorkspace()) {
      columns.add(Scope.WORKSPACE);
    }
    columns.addAll(stream.sort().isEmpty() ? stream.key() : stream.sort());
    SortOrder.Builder order = SortOrder.builderFor(schema);
    columns.forEach(order::asc);
    return order.build();
  }

  private static Map<String, String> properties(
      StreamDefinition stream, Map<String, String> extraProperties) {
    Map<String, String> properties = common(stream.name(), stream.doc());
    // Ids have 24 characters; the default keeps 16 of a bound, too few to prove anything.
    Set<String> exact = new LinkedHashSet<>(stream.key());
    if (stream.inWorkspace()) {
      exact.add(Scope.WORKSPACE);
    }
    for (String column : exact) {
      properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + column, "full");
    }
    // No value of these comes twice in a file: a dictionary is made for each page and given up.
    List<String> distinct = new ArrayList<>(List.of(ROW_HASH));
    if (stream.key().size() == 1) {
      distinct.addAll(stream.key());
    }
    for (String column : distinct) {
      properties.put(TableProperties.PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + column, "false");
    }
    properties.putAll(checked(extraProperties));
    if (!extraProperties.containsKey(TableProperties.PARQUET_COMPRESSION_LEVEL)
        && !properties.get(TableProperties.PARQUET_COMPRESSION).equals(CODEC)) {
      properties.remove(TableProperties.PARQUET_COMPRESSION_LEVEL); // a number for our codec only
    }
    return properties;
  }

  /** The properties of every table of the connector. */
  static Map<String, String> common(String owner, String doc) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(OWNER, owner);
    properties.put("comment", doc);
    properties.put(TableProperties.FORMAT_VERSION, Integer.toString(FORMAT_VERSION));
    properties.put(TableProperties.PARQUET_COMPRESSION, CODEC);
    properties.put(TableProperties.PARQUET_COMPRESSION_LEVEL, "1");
    properties.put(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, mebibytes(32));
    properties.put(TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, mebibytes(128));
    properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");
    properties.put(TableProperties.COMMIT_NUM_RETRIES, "10");
    properties.put(TableProperties.COMMIT_MAX_RETRY_WAIT_MS, "5000");
    properties.put(TableProperties.MAX_SNAPSHOT_AGE_MS, days(7));
    properties.put(TableProperties.MIN_SNAPSHOTS_TO_KEEP, "10");
    return properties;
  }

  private static Map<String, String> checked(Map<String, String> extra) {
    for (String reserved : List.of(OWNER, TableProperties.FORMAT_VERSION)) {
      if (extra.containsKey(reserved)) {
        throw ConnectorException.configuration(
            "destination.table_properties: '" + reserved + "' is fixed; leave it out");
      }
    }
    String retries = extra.get(TableProperties.COMMIT_NUM_RETRIES);
    // Without retries a lost reply of the catalog looks like a failed commit.
    if (retries != null && (!retries.matches("\\d{1,6}") || few(retries))) {
      throw ConnectorException.configuration(
          "destination.table_properties: '"
              + TableProperties.COMMIT_NUM_RETRIES
              + "' is '"
              + retries
              + "'; it must be at least "
              + MIN_COMMIT_RETRIES);
    }
    return extra;
  }

  private static boolean few(String retries) {
    return Integer.parseInt(retries) < MIN_COMMIT_RETRIES;
  }

  private static String mebibytes(long count) {
    return Long.toString(count * 1024 * 1024);
  }

  private static String days(long count) {
    return Long.toString(count * 24 * 60 * 60 * 1000);
  }

  /** Gives each field of a schema the next id. */
  private static final class Fields {
    private int last;

    Schema schema(StreamDefinition stream) {
      List<NestedField> fields = new ArrayList<>();
      Map<String, Integer> ids = new HashMap<>();
      Set<String> primitives = new HashSet<>();
      for (Column column : stream.columns()) {
        NestedField field =
            field(column.name(), column.required(), type(column.type()), column.doc());
        fields.add(field);
        ids.put(column.name(), field.fieldId());
        if (field.type().isPrimitiveType()
            && field.isRequired()
            && column.type() != Type.Primitive.DOUBLE) {
          primitives.add(column.name());
        }
      }
      fields.addAll(ownColumns());
      Set<String> key = new LinkedHashSet<>(stream.key());
      if (stream.inWorkspace()) {
        key.add(Scope.WORKSPACE);
      }
      Set<Integer> identifiers = new HashSet<>();
      if (primitives.containsAll(key)) {
        key.forEach(column -> identifiers.add(ids.get(column)));
      }
      return new Schema(fields, identifiers);
    }

    private List<NestedField> ownColumns() {
      Types.TimestampType instant = Types.TimestampType.withZone();
      return List.of(
          field(
              SYNCED_AT,
              true,
              instant,
              "Start of the run that wrote this version of the row; a row that did not change"
                  + " keeps it."),
          field(
              SYNC_ID, true, Types.StringType.get(), "The run that wrote this version of the row."),
          field(
              DELETED_AT,
              false,
              instant,
              "Start of the run that found the row gone; null while it is there."),
          field(ROW_HASH, false, Types.LongType.get(), "Content hash, for change detection."));
    }

    private NestedField field(
        String name, boolean required, org.apache.iceberg.types.Type type, String doc) {
      return NestedField.builder()
          .withId(++last)
          .withName(name)
          .isOptional(!required)
          .ofType(type)
          .withDoc(doc)
          .build();
    }

    private org.apache.iceberg.types.Type type(Type type) {
      if (type instanceof Type.Primitive primitive) {
        return primitive(primitive);
      }
      if (type instanceof Type.Struct struct) {
        List<NestedField> fields = new ArrayList<>();
        for (Field field : struct.fields()) {
          fields.add(field(field.column(), false, type(field.type()), field.doc()));
        }
        return Types.StructType.of(fields);
      }
      Type.Array array = (Type.Array) type;
      return Types.ListType.ofOptional(++last, type(array.element()));
    }

    private static org.apache.iceberg.types.Type primitive(Type.Primitive primitive) {
      return switch (primitive) {
        case STRING, JSON -> Types.StringType.get();
        case BOOLEAN -> Types.BooleanType.get();
        case INT -> Types.IntegerType.get();
        case LONG -> Types.LongType.get();
        case DOUBLE -> Types.DoubleType.get();
        case DATE -> Types.DateType.get();
        case TIMESTAMP -> Types.TimestampType.withZone();
      };
    }
  }
}
