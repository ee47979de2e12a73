// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;

import io.clockifylakehouse.destination.Agreement;
import io.clockifylakehouse.destination.VerificationRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/**
 * The connector's own table {@code verifications}: a row per comparison. Immutable, thus safe for
 * use by several threads.
 */
final class VerificationsTable {
  static final String NAME = "verifications";

  private static final Types.TimestampType INSTANT = Types.TimestampType.withZone();
  private static final Types.StringType TEXT = Types.StringType.get();
  private static final Types.DoubleType FIGURE = Types.DoubleType.get();

  static final Schema SCHEMA =
      new Schema(
          required(1, "verification_id", TEXT, "The run that compared."),
          required(2, "verified_at", INSTANT, "Start of that run."),
          required(3, "stream", TEXT, "The stream, which is also the table's name."),
          optional(4, "workspace_id", TEXT, "The workspace's id; null above workspaces."),
          optional(5, "window_from", INSTANT, "First instant of the window; null for no begin."),
          optional(6, "window_to", INSTANT, "First instant after it; null for no end."),
          required(7, "measure", TEXT, "What was compared, such as entries or seconds."),
          optional(8, "expected", FIGURE, "The service's figure; null when it gave none."),
          optional(9, "found", FIGURE, "The table's figure; null when there is none."),
          required(
              10,
              "status",
              TEXT,
              "equal, changed, skipped, forbidden, failed, undecided or different."),
          optional(11, "reason", TEXT, "Why, when they are not equal."),
          optional(
              12,
              "sample_ids",
              Types.ListType.ofOptional(13, TEXT),
              "Keys of some of the rows that differ."));

  private VerificationsTable() {}

  static TableLayout layout() {
    return new TableLayout(
        SCHEMA,
        PartitionSpec.unpartitioned(),
        SortOrder.unsorted(),
        TableLayout.common(NAME, "One row per comparison of a table with the service."));
  }

  static Record record(Schema schema, VerificationRow row) {
    GenericRecord record = GenericRecord.create(schema);
    record.setField("verification_id", row.verificationId());
    record.setField("verified_at", Micros.of(row.verifiedAt()));
    record.setField("stream", row.stream());
    record.setField("workspace_id", row.workspaceId().orElse(null));
    record.setField("window_from", row.from().map(Micros::of).orElse(null));
    record.setField("window_to", row.to().map(Micros::of).orElse(null));
    record.setField("measure", row.measure());
    record.setField("expected", row.expected().orElse(null));
    record.setField("found", row.found().orElse(null));
    record.setField("status", row.agreement().name().toLowerCase(Locale.ROOT));
    record.setField("reason", row.reason().orElse(null));
    record.setField("sample_ids", row.sampleIds());
    return record;
  }

  static VerificationRow row(Record record) {
    List<String> samples = new ArrayList<>();
    if (record.getField("sample_ids") instanceof List<?> ids) {
      ids.forEach(id -> samples.add(String.valueOf(id)));
    }
    return new VerificationRow(
        record.getField("verification_id").toString(),
        instant(record, "verified_at").orElseThrow(),
        record.getField("stream").toString(),
        text(record, "workspace_id"),
        instant(record, "window_from"),
        instant(record, "window_to"),
        record.getField("measure").toString(),
        Optional.ofNullable((Double) record.getField("expected")),
        Optional.ofNullable((Double) record.getField("found")),
        Agreement.valueOf(record.getField("status").toString().toUpperCase(Locale.ROOT)),
        text(record, "reason"),
        samples);
  }

  private static Optional<String> text(Record record, String column) {
    return Optional.ofNullable(record.getField(column)).map(Object::toString);
  }

  private static Optional<Instant> instant(Record record, String column) {
    return Optional.ofNullable((Long) record.getField(column))
        .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }
}
