// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;

import io.clockifylakehouse.destination.DriftSummary;
import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.PastRun;
import io.clockifylakehouse.destination.SyncRunRow;
import io.clockifylakehouse.destination.SyncStamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/**
 * The connector's own table {@code sync_runs}: a row per run, stream and workspace. Immutable, thus
 * safe for use by several threads.
 */
final class SyncRunsTable {
  static final String NAME = "sync_runs";

  /** Small files that may pile up, one a run. */
  static final int FILES_MAX = 32;

  /** The columns that {@link #run} reads. */
  static final List<String> RUN_COLUMNS =
      List.of(
          "sync_id",
          "command",
          "stream",
          "workspace_id",
          "status",
          "reason",
          "unknown_fields",
          "type_mismatches",
          "unknown_values",
          "mismatched_values",
          "snapshot_id",
          "started_at",
          "reading",
          "cause",
          "read_by",
          "read_since");

  private static final Types.TimestampType INSTANT = Types.TimestampType.withZone();
  private static final Types.StringType TEXT = Types.StringType.get();
  private static final Types.LongType COUNT = Types.LongType.get();

  static final Schema SCHEMA =
      new Schema(
          required(1, "sync_id", TEXT, "The run."),
          required(2, "command", TEXT, "The command that made the run."),
          required(3, "stream", TEXT, "The stream, which is also the table's name."),
          optional(4, "workspace_id", TEXT, "The workspace's id; null above workspaces."),
          required(5, "status", TEXT, "ok, unchanged, skipped, forbidden or failed."),
          optional(6, "reason", TEXT, "Why, when the status is not ok or unchanged."),
          required(7, "rows_read", COUNT, "Distinct records read."),
          required(8, "rows_added", COUNT, "Rows that the table did not have."),
          required(9, "rows_changed", COUNT, "Rows whose content changed."),
          required(10, "rows_deleted", COUNT, "Rows that were gone at the service."),
          required(11, "rows_unchanged", COUNT, "Rows that were the same."),
          optional(
              12,
              "unknown_fields",
              Types.ListType.ofOptional(16, TEXT),
              "Paths of fields the schema does not know."),
          optional(
              13,
              "type_mismatches",
              Types.ListType.ofOptional(17, TEXT),
              "Paths of values their column could not hold."),
          optional(14, "snapshot_id", COUNT, "The table's current snapshot afterwards."),
          required(15, "started_at", INSTANT, "Start of the run."),
          required(18, "finished_at", INSTANT, "End of this stream in this workspace."),
          optional(19, "unknown_values", COUNT, "Values of unknown fields, kept in _extra."),
          optional(20, "mismatched_values", COUNT, "Values that did not fit, kept in _extra."),
          optional(21, "reading", TEXT, "incremental, full, or backfill and its period."),
          optional(22, "cause", TEXT, "The code behind the reason, such as quota or forbidden."),
          optional(23, "read_by", TEXT, "The earlier run that read it, when this one need not."),
          optional(
              24,
              "read_since",
              INSTANT,
              "Start of the first run that read a part of it, when that is an earlier one."));

  private SyncRunsTable() {}

  static TableLayout layout() {
    return new TableLayout(
        SCHEMA,
        PartitionSpec.unpartitioned(),
        SortOrder.unsorted(),
        TableLayout.common(NAME, "One row per run of the connector, stream and workspace."));
  }

  /** A row of the table, with Iceberg's internal values and at least {@link #RUN_COLUMNS}. */
  static PastRun run(Record row) {
    return new PastRun(
        row.getField("sync_id").toString(),
        row.getField("command").toString(),
        row.getField("stream").toString(),
        text(row.getField("workspace_id")),
        row.getField("status").toString(),
        text(row.getField("reason")),
        new DriftSummary(
            texts(row.getField("unknown_fields")),
            texts(row.getField("type_mismatches")),
            count(row.getField("unknown_values")),
            count(row.getField("mismatched_values"))),
        row.getField("snapshot_id") == null
            ? OptionalLong.empty()
            : OptionalLong.of((Long) row.getField("snapshot_id")),
        instant(row.getField("started_at")),
        text(row.getField("reading")),
        text(row.getField("cause")),
        row.getField("read_since") == null
            ? Optional.empty()
            : Optional.of(
                new EarlierRead(
                    text(row.getField("read_by")), instant(row.getField("read_since")))));
  }

  private static Instant instant(Object micros) {
    return Instant.EPOCH.plus((Long) micros, ChronoUnit.MICROS);
  }

  private static Optional<String> text(Object text) {
    return Optional.ofNullable(text).map(Object::toString);
  }

  private static List<String> texts(Object list) {
    return list == null ? List.of() : ((List<?>) list).stream().map(Object::toString).toList();
  }

  /** Null in rows of a time when values were not counted. */
  private static long count(Object number) {
    return number == null ? 0 : (Long) number;
  }

  static Record record(Schema schema, SyncStamp stamp, SyncRunRow row) {
    GenericRecord record = GenericRecord.create(schema);
    record.setField("sync_id", stamp.syncId());
    record.setField("command", row.command());
    record.setField("stream", row.stream());
    record.setField("workspace_id", row.workspaceId().orElse(null));
    record.setField("status", row.status());
    record.setField("reason", row.reason().orElse(null));
    Map<String, Long> counts =
        Map.of(
            "rows_read", row.rows().read(),
            "rows_added", row.rows().added(),
            "rows_changed", row.rows().changed(),
            "rows_deleted", row.rows().deleted(),
            "rows_unchanged", row.rows().unchanged());
    counts.forEach(record::setField);
    record.setField("unknown_fields", row.drift().unknownFields());
    record.setField("type_mismatches", row.drift().typeMismatches());
    record.setField("unknown_values", row.drift().unknownValues());
    record.setField("mismatched_values", row.drift().mismatchedValues());
    record.setField(
        "snapshot_id", row.snapshotId().isPresent() ? row.snapshotId().getAsLong() : null);
    record.setField("started_at", Micros.of(stamp.startedAt()));
    record.setField("finished_at", Micros.of(row.finishedAt()));
    record.setField("reading", row.reading());
    record.setField("cause", row.cause().orElse(null));
    record.setField("read_by", row.earlier().flatMap(EarlierRead::syncId).orElse(null));
    record.setField(
        "read_since", row.earlier().map(EarlierRead::since).map(Micros::of).orElse(null));
    return record;
  }
}
