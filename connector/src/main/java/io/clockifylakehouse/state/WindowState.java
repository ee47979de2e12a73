// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The checkpoint of a stream in one workspace: below two kilobytes of JSON whatever the number of
 * rows, and 27 bytes for each scope while a read is cut off. A stream that is not read by time has
 * one only then.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param syncedAt start of the last sync that read the trailing window; empty before the first
 * @param passes start of the last full pass over each bucket of scopes, see {@link FullPasses};
 *     empty before the first
 * @param backfill a backfill that has not come to its end
 * @param partial a read that a quota cut off
 */
public record WindowState(
    Optional<Instant> syncedAt,
    List<Instant> passes,
    Optional<BackfillProgress> backfill,
    Optional<PartialRead> partial) {
  /** Nothing is known to be complete. */
  public static final WindowState NONE =
      new WindowState(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

  public WindowState {
    passes = List.copyOf(passes);
  }

  /** This state with a backfill that has come so far. */
  public WindowState with(BackfillProgress progress) {
    return new WindowState(syncedAt, passes, Optional.of(progress), partial);
  }

  /** This state without a backfill. */
  public WindowState withoutBackfill() {
    return new WindowState(syncedAt, passes, Optional.empty(), partial);
  }

  /** This state with a read that was cut off. */
  public WindowState with(PartialRead read) {
    return new WindowState(syncedAt, passes, backfill, Optional.of(read));
  }

  /**
   * Reads a state back.
   *
   * @throws ConnectorException of code DESTINATION for text that {@link #json} did not write
   */
  public static WindowState parse(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      if (node.path("v").asInt() != VERSION) {
        throw unreadable(json, null);
      }
      Optional<Instant> syncedAt =
          Optional.ofNullable(node.get("synced_at")).map(JsonNode::asText).map(Instant::parse);
      List<Instant> passes = new ArrayList<>();
      node.path("full_passes").forEach(p -> passes.add(Instant.ofEpochSecond(p.asLong())));
      Optional<PartialRead> partial = partial(node.path("partial"));
      if (!syncedAt.map(WindowState::isTime).orElse(true)
          || !partial.map(read -> isTime(read.since())).orElse(true)
          || !isTime(since(node.path("backfill")))
          || !passes.stream().allMatch(WindowState::isTime)) {
        throw unreadable(json, null);
      }
      JsonNode backfill = node.path("backfill");
      return new WindowState(
          syncedAt,
          passes,
          backfill.isObject()
              ? Optional.of(
                  new BackfillProgress(
                      new Period(
                          backfill.path("from_micros").asLong(Long.MIN_VALUE),
                          backfill.path("to_micros").asLong(Long.MAX_VALUE)),
                      since(backfill),
                      backfill.path("through").asText()))
              : Optional.empty(),
          partial);
    } catch (JsonProcessingException | java.time.DateTimeException e) {
      throw unreadable(json, e);
    }
  }

  /** A backfill that an earlier version began does not say when: long ago, thus. */
  private static Instant since(JsonNode backfill) {
    return backfill.has("since") ? Instant.parse(backfill.path("since").asText()) : FIRST;
  }

  private static Optional<PartialRead> partial(JsonNode node) {
    return node.isObject()
        ? Optional.of(
            new PartialRead(
                Instant.parse(node.path("since").asText()),
                node.path("full").asBoolean(),
                texts(node.path("done")),
                texts(node.path("begun"))))
        : Optional.empty();
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new HashSet<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Further times cannot be calculated with in microseconds. */
  private static boolean isTime(Instant instant) {
    return !instant.isBefore(FIRST) && instant.isBefore(END);
  }

  private static ConnectorException unreadable(String json, Exception cause) {
    return new ConnectorException(
        ErrorCode.DESTINATION,
        "the table's state is not one this version reads: "
            + (json.length() > 100 ? json.substring(0, 100) + "..." : json)
            + "; the next sync reads everything and writes a new one",
        cause);
  }

  /** As text for the destination to keep. */
  public String json() {
    ObjectNode node = JSON.createObjectNode().put("v", VERSION);
    syncedAt.ifPresent(instant -> node.put("synced_at", instant.toString()));
    if (!passes.isEmpty()) {
      ArrayNode seconds = node.putArray("full_passes");
      passes.forEach(pass -> seconds.add(pass.getEpochSecond()));
    }
    backfill.ifPresent(
        progress ->
            node.putObject("backfill")
                .put("from_micros", progress.period().fromMicros())
                .put("to_micros", progress.period().toMicros())
                .put("since", progress.since().toString())
                .put("through", progress.through()));
    partial.ifPresent(
        read -> {
          ObjectNode part = node.putObject("partial").put("since", read.since().toString());
          part.put("full", read.full());
          ArrayNode done = part.putArray("done");
          new TreeSet<>(read.done()).forEach(done::add);
          ArrayNode begun = part.putArray("begun");
          new TreeSet<>(read.begun()).forEach(begun::add);
        });
    return node.toString();
  }
}
