// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Workspace;
import io.clockifylakehouse.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Changes to time entries as people make them, of entries of any age. For one thread at a time. */
final class EntryChanges {
  private static final String ENTRIES = "time_entries";

  private final ClockifySimulator simulator;
  private final Time time;

  EntryChanges(ClockifySimulator simulator, Time time) {
    this.simulator = simulator;
    this.time = time;
  }

  /** Any change, of a workspace. */
  void any(Workspace workspace, Duration lookback, SplittableRandom random) {
    List<String> ids = workspace.records(ENTRIES).ids();
    if (ids.size() < 20) {
      create(workspace, anyStart(random), random);
      return;
    }
    String id = ids.get(random.nextInt(ids.size()));
    switch (random.nextInt(9)) {
      case 0 -> create(workspace, time.now().minusSeconds(random.nextInt(90_000)), random);
      case 1 -> create(workspace, anyStart(random), random);
      case 2 -> describe(workspace, id, "edited " + random.nextInt(1000));
      case 3 -> workspace.records(ENTRIES).remove(id);
      case 4 -> move(workspace, id, anyStart(random));
      case 5 -> { // to and fro over the edge of the window
        Duration offset = Duration.ofSeconds(random.nextInt(-200_000, 200_000));
        move(workspace, id, time.now().minus(lookback).plus(offset));
      }
      case 6 -> create(workspace, time.now().minusSeconds(random.nextInt(9000)), random, true);
      case 7 -> running(workspace).stream().findFirst().ifPresent(r -> stop(workspace, r));
      default -> toggleBillable(workspace, id);
    }
  }

  /** A good part of one person's entries at once. */
  void removeMany(Workspace workspace, SplittableRandom random) {
    List<String> ids = workspace.records(ENTRIES).ids();
    String user = userOf(workspace, ids.get(random.nextInt(ids.size())));
    for (String id : ids) {
      if (userOf(workspace, id).equals(user) && random.nextInt(4) > 0) {
        workspace.records(ENTRIES).remove(id);
      }
    }
  }

  /** Up to 500 days back, now and then in the future. */
  private Instant anyStart(SplittableRandom random) {
    long seconds = random.nextInt(8) == 0 ? random.nextInt(4_000_000) : -random.nextInt(43_200_000);
    return time.now().plusSeconds(seconds);
  }

  void create(Workspace workspace, Instant start, SplittableRandom random) {
    create(workspace, start, random, false);
  }

  private void create(
      Workspace workspace, Instant start, SplittableRandom random, boolean isRunning) {
    List<String> users = workspace.records("workspace_users").ids();
    String user = users.get(random.nextInt(users.size()));
    String id = create(workspace, user, start);
    if (isRunning) {
      workspace.records(ENTRIES).edit(id, e -> interval(e, start, null));
    }
  }

  /** A new entry of an hour, like the oldest one. */
  String create(Workspace workspace, String user, Instant start) {
    String like = workspace.records(ENTRIES).ids().get(0);
    ObjectNode entry = workspace.records(ENTRIES).find(like).orElseThrow();
    String id = simulator.world().nextId();
    entry.put("id", id).put("userId", user).put("description", "new at " + start);
    entry.putArray("customFieldValues");
    interval(entry, start, start.plusSeconds(3600));
    workspace.records(ENTRIES).put(entry);
    return id;
  }

  void describe(Workspace workspace, String id, String text) {
    workspace.records(ENTRIES).edit(id, entry -> entry.put("description", text));
  }

  private void toggleBillable(Workspace workspace, String id) {
    workspace
        .records(ENTRIES)
        .edit(id, entry -> entry.put("billable", !entry.path("billable").asBoolean()));
  }

  /** Gives an entry another start, and the same length. */
  void move(Workspace workspace, String id, Instant start) {
    workspace
        .records(ENTRIES)
        .edit(
            id,
            entry -> {
              String end = entry.path("timeInterval").path("end").asText(null);
              Duration length =
                  end == null ? null : Duration.between(startOf(entry), Instant.parse(end));
              interval(entry, start, length == null ? null : start.plus(length));
            });
  }

  /** Stops a running timer now. */
  void stop(Workspace workspace, String id) {
    workspace
        .records(ENTRIES)
        .edit(
            id,
            entry -> {
              Instant start = startOf(entry);
              interval(entry, start, start.isBefore(time.now()) ? time.now() : start);
            });
  }

  List<String> running(Workspace workspace) {
    List<String> running = new ArrayList<>();
    for (String id : workspace.records(ENTRIES).ids()) {
      ObjectNode entry = workspace.records(ENTRIES).find(id).orElseThrow();
      if (entry.path("timeInterval").path("end").isNull()) {
        running.add(id);
      }
    }
    return running;
  }

  static String userOf(Workspace workspace, String id) {
    return workspace.records(ENTRIES).find(id).map(e -> e.path("userId").asText()).orElse("");
  }

  static Instant startOf(ObjectNode entry) {
    return Instant.parse(entry.path("timeInterval").path("start").asText());
  }

  private static void interval(ObjectNode entry, Instant start, Instant end) {
    Instant from = start.truncatedTo(ChronoUnit.SECONDS);
    Instant to = end == null ? null : end.truncatedTo(ChronoUnit.SECONDS);
    entry
        .putObject("timeInterval")
        .put("start", from.toString())
        .put("end", to == null ? null : to.toString())
        .put("duration", to == null ? null : Duration.between(from, to).toString());
  }
}
