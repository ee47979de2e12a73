// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;

/**
 * One time entry, small enough to hold a million: the 15 fields of API.md section 7.9, written as
 * JSON when asked. An entry that a test has edited carries its exact JSON instead.
 *
 * <p>Immutable.
 *
 * @param start epoch second
 * @param end epoch second; {@link #RUNNING} while the timer runs
 * @param hourlyCents minor units per hour; negative: no rate
 * @param costCents minor units per hour; negative: no rate
 * @param exact the JSON to send in place of what the other components give; null: none
 */
record TimeEntry(
    String id,
    String workspaceId,
    String userId,
    String description,
    String projectId,
    String taskId,
    List<String> tagIds,
    boolean billable,
    long start,
    long end,
    String type,
    String kioskId,
    long hourlyCents,
    long costCents,
    String currency,
    boolean locked,
    List<ObjectNode> customFieldValues,
    ObjectNode exact) {
  static final long RUNNING = Long.MAX_VALUE;

  /** The order of the service's list: latest start first. */
  static final Comparator<TimeEntry> NEWEST_FIRST =
      Comparator.comparingLong(TimeEntry::start).thenComparing(TimeEntry::id).reversed();

  boolean running() {
    return end == RUNNING;
  }

  /** Tracked seconds; 0 while the timer runs. */
  long seconds() {
    return running() ? 0 : end - start;
  }

  /**
   * @param turn by how many places the tags, a set, are rotated
   */
  void write(JsonGenerator out, int turn) throws IOException {
    if (exact != null) {
      Json.write(out, exact, turn);
      return;
    }
    out.writeStartObject();
    out.writeStringField("id", id);
    out.writeStringField("description", description);
    writeTags(out, turn);
    out.writeStringField("userId", userId);
    out.writeBooleanField("billable", billable);
    out.writeStringField("taskId", taskId);
    out.writeStringField("projectId", projectId);
    out.writeStringField("workspaceId", workspaceId);
    out.writeObjectFieldStart("timeInterval");
    out.writeStringField("start", Instant.ofEpochSecond(start).toString());
    out.writeStringField("end", running() ? null : Instant.ofEpochSecond(end).toString());
    out.writeStringField("duration", running() ? null : Duration.ofSeconds(seconds()).toString());
    out.writeEndObject();
    out.writeArrayFieldStart("customFieldValues");
    for (ObjectNode value : customFieldValues) {
      Json.write(out, value, 0);
    }
    out.writeEndArray();
    out.writeStringField("type", type);
    out.writeStringField("kioskId", kioskId);
    writeRate(out, "hourlyRate", hourlyCents);
    writeRate(out, "costRate", costCents);
    out.writeBooleanField("isLocked", locked);
    out.writeEndObject();
  }

  private void writeTags(JsonGenerator out, int turn) throws IOException {
    if (tagIds.isEmpty()) {
      out.writeNullField("tagIds");
      return;
    }
    out.writeArrayFieldStart("tagIds");
    for (int i = 0; i < tagIds.size(); i++) {
      out.writeString(tagIds.get(Math.floorMod(i + turn, tagIds.size())));
    }
    out.writeEndArray();
  }

  private void writeRate(JsonGenerator out, String field, long cents) throws IOException {
    if (cents < 0) {
      out.writeNullField(field);
      return;
    }
    out.writeObjectFieldStart(field);
    out.writeNumberField("amount", cents);
    out.writeStringField("currency", currency);
    out.writeEndObject();
  }

  /** The entry as somebody sees it who may not see rates. */
  TimeEntry withoutRates() {
    ObjectNode without = exact == null ? null : exact.deepCopy();
    if (without != null) {
      without.putNull("hourlyRate").putNull("costRate");
    }
    return new TimeEntry(
        id,
        workspaceId,
        userId,
        description,
        projectId,
        taskId,
        tagIds,
        billable,
        start,
        end,
        type,
        kioskId,
        -1,
        -1,
        currency,
        locked,
        customFieldValues,
        without);
  }

  /** The entry as a client parses it. */
  ObjectNode toJson() {
    return (ObjectNode) Json.parse(Answer.ok(out -> write(out, 0)).body());
  }

  /** An entry that is sent exactly as given. */
  static TimeEntry exactly(ObjectNode json) {
    JsonNode interval = json.path("timeInterval");
    boolean running = interval.path("end").isNull() || interval.path("end").isMissingNode();
    return new TimeEntry(
        Json.text(json, "id"),
        Json.text(json, "workspaceId"),
        Json.text(json, "userId"),
        Json.text(json, "description"),
        reference(json, "projectId"),
        reference(json, "taskId"),
        json.path("tagIds").isArray()
            ? Json.MAPPER.convertValue(json.path("tagIds"), Json.TEXT_LIST)
            : List.of(),
        json.path("billable").asBoolean(),
        epochSecond(Json.text(interval, "start")),
        running ? RUNNING : epochSecond(Json.text(interval, "end")),
        Json.text(json, "type"),
        reference(json, "kioskId"),
        json.path("hourlyRate").path("amount").asLong(-1),
        json.path("costRate").path("amount").asLong(-1),
        json.path("hourlyRate").path("currency").asText("USD"),
        json.path("isLocked").asBoolean(),
        Presentation.objects(json.path("customFieldValues")),
        json.deepCopy());
  }

  private static String reference(ObjectNode json, String field) {
    String id = Json.text(json, field);
    return id.isEmpty() ? null : id;
  }

  private static long epochSecond(String timestamp) {
    return OffsetDateTime.parse(timestamp).toEpochSecond();
  }
}
