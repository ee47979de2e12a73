// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.clockifylakehouse.config.Redaction;
import io.clockifylakehouse.destination.EarlierRead;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.source.Drift;
import io.clockifylakehouse.sync.StreamResult;
import io.clockifylakehouse.sync.SyncResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Results as JSON, in the names of the contract. Stateless. */
final class ResultJson {
  private ResultJson() {}

  /** The keys that every result begins with; {@code reason} is null until it is set. */
  static ObjectNode common(String command, Instant startedAt, Instant finishedAt, int exitCode) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("command", command);
    result.put("status", exitCode == 0 ? "ok" : exitCode == 3 ? "partial" : "failed");
    result.put("exit_code", exitCode);
    result.put("started_at", text(startedAt));
    result.put("finished_at", text(finishedAt));
    result.putNull("reason");
    return result;
  }

  static ObjectNode of(SyncResult result, String namespace) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("sync_id", result.stamp().syncId());
    json.put("command", result.command());
    json.put("status", result.status());
    json.put("exit_code", result.exitCode());
    json.put("started_at", text(result.stamp().startedAt()));
    json.put("finished_at", text(result.finishedAt()));
    json.put("reason", result.summary().orElse(null));
    json.set("requests", requests(result.traffic()));
    ArrayNode streams = json.putArray("streams");
    result.streams().forEach(stream -> streams.add(stream(stream, namespace)));
    return json;
  }

  /** The keys of a sync's result when no sync took place. */
  static void describeNoSync(ObjectNode json) {
    json.putNull("sync_id");
    json.set("requests", requests(new Traffic(0, 0, 0, 0, 0, 0)));
    json.putArray("streams");
  }

  static ObjectNode requests(Traffic traffic) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("sent", traffic.sent());
    json.put("retried", traffic.retried());
    json.put("throttled", traffic.throttled());
    json.put("wait_seconds", thousandths(traffic.waitSeconds()));
    json.put("final_rate", thousandths(traffic.rate()));
    return json;
  }

  private static ObjectNode stream(StreamResult stream, String namespace) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("stream", stream.stream());
    json.put("table", namespace + "." + stream.stream());
    json.put("workspace_id", stream.workspaceId().orElse(null));
    json.put("status", stream.status().name().toLowerCase(Locale.ROOT));
    json.put("reason", stream.reason().orElse(null));
    json.put("cause", stream.causeName().orElse(null));
    json.put("read_by", stream.earlier().flatMap(EarlierRead::syncId).orElse(null));
    json.put(
        "read_since", stream.earlier().map(EarlierRead::since).map(ResultJson::text).orElse(null));
    RowCounts rows = stream.rows();
    json.putObject("rows")
        .put("read", rows.read())
        .put("added", rows.added())
        .put("changed", rows.changed())
        .put("deleted", rows.deleted())
        .put("unchanged", rows.unchanged());
    Drift drift = stream.drift();
    ObjectNode drifted = json.putObject("drift");
    texts(drifted.putArray("unknown_fields"), drift.unknownFields());
    texts(drifted.putArray("type_mismatches"), drift.typeMismatches());
    drifted.put("unknown_values", drift.unknownValues());
    drifted.put("mismatched_values", drift.mismatchedValues());
    if (stream.snapshotId().isPresent()) {
      json.put("snapshot_id", stream.snapshotId().getAsLong());
    } else {
      json.putNull("snapshot_id");
    }
    json.put("seconds", thousandths(stream.elapsed().toNanos() / 1e9));
    return json;
  }

  private static void texts(ArrayNode array, Collection<String> texts) {
    new TreeSet<>(texts).forEach(array::add);
  }

  private static String text(Instant moment) {
    return moment.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static double thousandths(double number) {
    return Math.round(number * 1000) / 1000.0;
  }

  /** A copy in which no text holds a known secret. */
  static JsonNode masked(JsonNode node, Redaction redaction) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        copy.set(field.getKey(), masked(field.getValue(), redaction));
      }
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> copy.add(masked(element, redaction)));
      return copy;
    }
    return node.isTextual() ? TextNode.valueOf(redaction.mask(node.asText())) : node;
  }
}
