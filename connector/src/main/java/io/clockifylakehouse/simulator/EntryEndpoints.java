// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Time entries of a user, one by id, and running timers (API.md 7.9). Stateless. */
final class EntryEndpoints {
  private static final int RUNNING_DEFAULT = 10;
  private static final int RUNNING_MAXIMUM = 1000;

  private EntryEndpoints() {}

  static List<Route> routes() {
    return List.of(
        Route.get("workspaces/{workspace}/user/{user}/time-entries", EntryEndpoints::ofUser),
        Route.get(
            "workspaces/{workspace}/time-entries/status/in-progress", EntryEndpoints::running),
        Route.get("workspaces/{workspace}/time-entries/{id}", EntryEndpoints::one),
        Route.post("workspaces/{workspace}/time-entries/batch", EntryEndpoints::batch),
        IdentityEndpoints.writeOnly("workspaces/{workspace}/time-entries", "POST"));
  }

  private static Answer ofUser(Call call) {
    String user = call.variable("user");
    Workspace workspace = call.workspace();
    if (!call.mayRead(user)) {
      return Answer.empty(403);
    }
    boolean member = workspace.store("workspace_users").peek(user).isPresent();
    if (!member && workspace.entries().of(user).isEmpty()) {
      boolean left = workspace.store("former_users").peek(user).isPresent();
      return left ? page(call, List.of(), call.page()) : Answer.gone("User");
    }
    ZoneId zone = zone(workspace, user);
    Optional<Instant> from = call.instant("start").map(bound -> wallClock(bound, zone));
    Optional<Instant> to = call.instant("end").map(bound -> wallClock(bound, zone));
    Optional<Instant> week = call.instant("get-week-before");
    if (week.isPresent()) {
      from = Optional.of(week.get().minus(Duration.ofDays(7)));
      to = week;
    }
    long least = from.map(EntryEndpoints::ceiling).orElse(Long.MIN_VALUE);
    long most = to.map(EntryEndpoints::ceiling).orElse(Long.MAX_VALUE);
    Predicate<TimeEntry> wanted = filter(call);
    List<TimeEntry> found = new ArrayList<>();
    for (TimeEntry entry : workspace.entries().of(user)) {
      if (entry.start() < least) {
        break;
      }
      if (entry.start() < most && wanted.test(entry)) {
        found.add(entry);
      }
    }
    return page(call, found, call.page());
  }

  /** The zone in the user's settings, in which the service reads the bounds of a window. */
  static ZoneId zone(Workspace workspace, String userId) {
    return workspace
        .store("workspace_users")
        .peek(userId)
        .or(() -> workspace.store("former_users").peek(userId))
        .map(user -> Json.text(user.path("settings"), "timeZone"))
        .filter(name -> !name.isEmpty())
        .map(ZoneId::of)
        .orElse(ZoneOffset.UTC);
  }

  /** The bound is parsed to an instant, and its UTC wall clock is then read in the zone. */
  static Instant wallClock(Instant bound, ZoneId zone) {
    return LocalDateTime.ofInstant(bound, ZoneOffset.UTC).atZone(zone).toInstant();
  }

  /** The first whole second that is not before the bound. */
  private static long ceiling(Instant bound) {
    return bound.getEpochSecond() + (bound.getNano() > 0 ? 1 : 0);
  }

  private static Predicate<TimeEntry> filter(Call call) {
    Predicate<TimeEntry> wanted = entry -> true;
    Optional<Boolean> running = call.flag("in-progress");
    if (running.isPresent()) {
      wanted = wanted.and(entry -> entry.running() == running.get());
    }
    Optional<String> description = call.text("description");
    if (description.isPresent()) {
      wanted = wanted.and(entry -> entry.description().contains(description.get()));
    }
    Optional<String> project = call.text("project");
    if (project.isPresent()) {
      wanted = wanted.and(entry -> project.get().equals(entry.projectId()));
    }
    Optional<String> task = call.text("task");
    if (task.isPresent()) {
      wanted = wanted.and(entry -> task.get().equals(entry.taskId()));
    }
    List<String> tags = call.texts("tags");
    if (!tags.isEmpty()) {
      wanted = wanted.and(entry -> entry.tagIds().containsAll(tags));
    }
    return wanted;
  }

  private static Answer page(Call call, List<TimeEntry> entries, PageRange page) {
    boolean hydrated = call.flag("hydrated").orElse(false);
    return page.marked(written(call, page.of(entries), hydrated), entries.size());
  }

  private static Answer written(Call call, List<TimeEntry> entries, boolean hydrated) {
    return Answer.ok(
        out -> {
          out.writeStartArray();
          for (TimeEntry kept : entries) {
            TimeEntry entry = shown(call, kept);
            if (hydrated) {
              Json.write(
                  out, Presentation.hydratedEntry(call.workspace(), entry, false), call.turn());
            } else {
              entry.write(out, call.turn());
            }
          }
          out.writeEndArray();
        });
  }

  /** A member may not see rates where the workspace's settings say so. */
  private static TimeEntry shown(Call call, TimeEntry entry) {
    JsonNode settings = call.workspace().settings().path("workspaceSettings");
    boolean hidden = settings.path("onlyAdminsSeeBillableRates").asBoolean();
    return hidden && !call.caller().admin() ? entry.withoutRates() : entry;
  }

  private static Answer running(Call call) {
    return page(
        call,
        running(call.workspace(), call::mayRead),
        call.page(RUNNING_DEFAULT, RUNNING_MAXIMUM));
  }

  /** The running timers of everybody whose entries may be read, latest first. */
  static List<TimeEntry> running(Workspace workspace, Predicate<String> mayRead) {
    TreeSet<TimeEntry> running =
        new TreeSet<>(TimeEntry.NEWEST_FIRST.thenComparing(Comparator.comparing(TimeEntry::id)));
    for (TimeEntry entry : workspace.entries().all()) {
      if (entry.running() && mayRead.test(entry.userId())) {
        running.add(entry);
      }
    }
    return List.copyOf(running);
  }

  private static Answer one(Call call) {
    boolean hydrated = call.flag("hydrated").orElse(false);
    Optional<TimeEntry> entry =
        call.workspace().entries().peek(call.variable("id")).map(kept -> shown(call, kept));
    if (entry.isEmpty()) {
      return Answer.gone("Time entry");
    }
    if (!call.mayRead(entry.get().userId())) {
      return Answer.empty(403);
    }
    return hydrated
        ? call.ok(Presentation.hydratedEntry(call.workspace(), entry.get(), true))
        : Answer.ok(out -> entry.get().write(out, call.turn()));
  }

  private static Answer batch(Call call) {
    List<TimeEntry> found = new ArrayList<>();
    for (JsonNode id : call.body().path("timeEntryIds")) {
      call.workspace()
          .entries()
          .peek(id.asText())
          .filter(entry -> call.mayRead(entry.userId()))
          .ifPresent(found::add);
    }
    return written(call, found, call.body().path("hydrated").asBoolean());
  }
}
