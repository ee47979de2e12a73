// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Time entries of members and of people who left: working days backwards from today in each one's
 * own zone, and first of all the odd ones (future, days long, empty, at midnight, made by a
 * policy).
 */
final class EntryGenerator {
  private static final long HOUR = 3600;
  private static final int DAYS_OF_HISTORY = 500;

  private final Draft draft;
  private final SplittableRandom random;
  private final List<List<String>> tagSets = new ArrayList<>();
  private final List<ObjectNode> projects;
  private final List<List<String>> tasksOfProjects = new ArrayList<>();
  private final List<ObjectNode> fields;

  private EntryGenerator(Draft draft) {
    this.draft = draft;
    this.random = draft.random("time_entries");
    this.projects = draft.all("projects");
    this.fields = draft.all("custom_fields");
    List<ObjectNode> tags = draft.all("tags");
    for (int i = 0; i < Math.min(12, tags.size()); i++) {
      String first = Json.text(tags.get(i), "id");
      tagSets.add(i == 0 ? List.of(first) : List.of(first, Json.text(tags.get(i - 1), "id")));
    }
    List<ObjectNode> tasks = draft.all("tasks");
    for (ObjectNode project : projects) {
      String id = Json.text(project, "id");
      List<String> ofProject = new ArrayList<>();
      for (ObjectNode task : tasks) {
        if (Json.text(task, "projectId").equals(id)) {
          ofProject.add(Json.text(task, "id"));
        }
      }
      tasksOfProjects.add(ofProject);
    }
  }

  static void fill(Draft draft) {
    new EntryGenerator(draft).fill();
  }

  private void fill() {
    List<ObjectNode> authors = new ArrayList<>(draft.people());
    authors.addAll(draft.former());
    int total = draft.size("time_entries");
    int running = Math.min(total, draft.size("time_entries_in_progress"));
    for (int i = 0; i < running; i++) {
      String userId = Json.text(draft.person(i), "id");
      long start = draft.today().getEpochSecond() - HOUR - 37L * i;
      add(userId, i, start, TimeEntry.RUNNING, "REGULAR");
    }
    // Some write twice as much as others; the last member, when there are several, nothing at all.
    int left = total - running;
    int weights = 0;
    for (int i = 0; i < authors.size(); i++) {
      weights += weight(authors, i);
    }
    int[] shares = new int[authors.size()];
    int given = 0;
    for (int i = 0; i < authors.size(); i++) {
      shares[i] = (int) ((long) left * weight(authors, i) / weights);
      given += shares[i];
    }
    shares[0] += left - given;
    for (int i = 0; i < authors.size(); i++) {
      history(authors.get(i), i, shares[i]);
    }
  }

  private int weight(List<ObjectNode> authors, int index) {
    boolean idle = index > 0 && index == draft.people().size() - 1;
    return idle ? 0 : authors.size() == 1 ? 1 : 1 + index % 2;
  }

  private void history(ObjectNode author, int authorIndex, int count) {
    String userId = Json.text(author, "id");
    ZoneId zone = ZoneId.of(author.path("settings").path("timeZone").asText("UTC"));
    int odd = Math.min(count, 9);
    for (int i = 0; i < odd; i++) {
      odd(userId, zone, authorIndex, i);
    }
    int perDay = Math.max(3, (count + DAYS_OF_HISTORY - 1) / DAYS_OF_HISTORY);
    LocalDate day = LocalDate.ofInstant(draft.today(), zone).minusDays(1);
    long step = 9 * HOUR / perDay;
    int made = odd;
    while (made < count) {
      long morning = day.atTime(8, 0).atZone(zone).toEpochSecond();
      for (int i = 0; i < perDay && made < count; i++, made++) {
        long start = morning + step * i + random.nextInt((int) Math.max(1, step / 4));
        long length = Math.max(60, step * (1 + random.nextInt(3)) / 4);
        String type = i == perDay - 1 && random.nextInt(8) == 0 ? "BREAK" : "REGULAR";
        add(userId, made, start, start + length, type);
      }
      day = day.minusDays(day.getDayOfWeek().getValue() == 1 ? 3 : 1);
    }
  }

  private void odd(String userId, ZoneId zone, int authorIndex, int which) {
    LocalDate today = LocalDate.ofInstant(draft.today(), zone);
    long now = draft.today().getEpochSecond();
    long midnight = today.minusDays(3).atStartOfDay(zone).toEpochSecond();
    long monthStart = today.withDayOfMonth(1).atStartOfDay(ZoneId.of("UTC")).toEpochSecond();
    switch (which) {
      case 0 -> add(userId, which, now + 3 * 24 * HOUR, now + 3 * 24 * HOUR + HOUR, "REGULAR");
      case 1 -> add(userId, which, now - 90 * HOUR, now - 41 * HOUR, "REGULAR");
      case 2 -> add(userId, which, midnight, midnight + HOUR, "REGULAR");
      case 3 -> add(userId, which, midnight - 1, midnight - 1, "REGULAR");
      case 4 -> add(userId, which, monthStart - 1, monthStart + HOUR, "REGULAR");
      case 5 -> add(userId, which, midnight + 9 * HOUR, midnight + 17 * HOUR, "HOLIDAY");
      case 6 -> add(userId, which, midnight + 33 * HOUR, midnight + 41 * HOUR, "TIME_OFF");
      case 7 -> add(userId, which, midnight, midnight + 1800, "BREAK");
      default -> {
        long longAgo = now - (1400 + authorIndex % 30) * 24 * HOUR;
        add(userId, which, longAgo, longAgo + 2 * HOUR + 30 * 60 + 15, "REGULAR");
      }
    }
  }

  private void add(String userId, int index, long start, long end, String type) {
    int project = projects.isEmpty() || index % 8 == 5 ? -1 : random.nextInt(projects.size());
    List<String> tasks = project < 0 ? List.of() : tasksOfProjects.get(project);
    String task = tasks.isEmpty() || index % 3 == 0 ? null : tasks.get(index % tasks.size());
    boolean automatic = type.equals("HOLIDAY") || type.equals("TIME_OFF");
    String id = draft.ids().next(Math.min(start, draft.today().getEpochSecond()));
    draft
        .workspace()
        .entries()
        .add(
            new TimeEntry(
                id,
                draft.workspaceId(),
                userId,
                automatic ? type.toLowerCase(Locale.ROOT) : RealisticText.activity(random),
                project < 0 ? null : Json.text(projects.get(project), "id"),
                task,
                tagSets.isEmpty() || index % 3 > 0
                    ? List.of()
                    : tagSets.get(index % tagSets.size()),
                project >= 0 && projects.get(project).path("billable").asBoolean(),
                start,
                end,
                type,
                index % 50 == 49 ? draft.workspaceId() : null,
                index % 7 == 6 ? -1 : 6000 + 500L * (index % 5),
                index % 5 == 4 ? -1 : 3000,
                draft.currency(),
                automatic || start < draft.today().minusSeconds(200 * 24 * HOUR).getEpochSecond(),
                values(id, index),
                null));
  }

  private List<ObjectNode> values(String entryId, int index) {
    if (fields.isEmpty() || index % 10 != 1) {
      return List.of();
    }
    List<ObjectNode> values = new ArrayList<>();
    for (int i = 0; i < Math.min(5, fields.size()); i++) {
      ObjectNode field = fields.get(i);
      ObjectNode value = Json.object();
      value.set("customFieldId", field.get("id"));
      value.put("timeEntryId", entryId);
      JsonNode content = TaxonomyGenerator.value(Json.text(field, "type"), index + i);
      value.set("value", (index + i) % 4 == 3 ? value.nullNode() : content);
      value.set("name", field.get("name"));
      value.put("type", "WORKSPACE");
      values.add(value);
    }
    return values;
  }
}
