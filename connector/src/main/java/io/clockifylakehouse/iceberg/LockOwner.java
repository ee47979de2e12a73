// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.destination.SyncStamp;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Who holds a lock, as JSON for machines and as a sentence for people.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param token no two owners share it
 * @param expires when the lock may be taken over; null for one that ends with its process
 */
record LockOwner(
    String host,
    long pid,
    String command,
    String syncId,
    Instant started,
    String token,
    Instant expires) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** This process, working on a run. */
  static LockOwner of(SyncStamp stamp, Instant expires) {
    return new LockOwner(
        localHost(),
        ProcessHandle.current().pid(),
        stamp.command(),
        stamp.syncId(),
        stamp.startedAt(),
        UUID.randomUUID().toString(),
        expires);
  }

  private static String localHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unknown host";
    }
  }

  LockOwner until(Instant newExpires) {
    return new LockOwner(host, pid, command, syncId, started, token, newExpires);
  }

  String toJson() {
    ObjectNode json =
        JSON.createObjectNode()
            .put("host", host)
            .put("pid", pid)
            .put("command", command)
            .put("sync_id", syncId)
            .put("started", started.toString())
            .put("token", token);
    if (expires != null) {
      json.put("expires", expires.toString());
    }
    return json.toString();
  }

  /** Empty when the text is none of ours, or only half written. */
  static Optional<LockOwner> parse(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return Optional.of(
          new LockOwner(
              json.path("host").asText(),
              json.path("pid").asLong(),
              json.path("command").asText("run"),
              json.path("sync_id").asText(),
              Instant.parse(json.path("started").asText()),
              json.path("token").asText(),
              json.hasNonNull("expires") ? Instant.parse(json.get("expires").asText()) : null));
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** {@code sync 42 (process 7 on host etl-1, started 2026-11-21T10:00:00Z, 12 minutes ago)}. */
  String describe(Instant now) {
    return command
        + " "
        + syncId
        + " (process "
        + pid
        + " on host "
        + host
        + ", started "
        + started
        + ", "
        + Math.max(0, Duration.between(started, now).toMinutes())
        + " minutes ago"
        + (expires == null ? "" : "; unless renewed, its lock ends at " + expires)
        + ")";
  }
}
