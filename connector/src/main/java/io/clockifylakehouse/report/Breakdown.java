// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The entries of a report added up: all of them, and by what people ask for. Filled by one thread.
 * An entry with several tags counts for each of them.
 */
final class Breakdown {
  private final Directory directory;
  private final Tally total = new Tally();
  private final Map<Kind, Tally> kinds = new EnumMap<>(Kind.class);
  private final Map<Integer, Tally> workspaces = new TreeMap<>();
  private final Map<Integer, Tally> clients = new TreeMap<>();
  private final Map<Integer, Tally> projects = new TreeMap<>();
  private final Map<Integer, Tally> people = new TreeMap<>();
  private final Map<Integer, Tally> tags = new TreeMap<>();
  private final Map<Integer, Tally> days = new TreeMap<>();

  Breakdown(Directory directory) {
    this.directory = directory;
  }

  void add(Entry entry) {
    total.add(entry);
    kinds.computeIfAbsent(entry.kind(), kind -> new Tally()).add(entry);
    add(workspaces, entry.workspace(), entry);
    add(clients, directory.projects().get(entry.project()).client(), entry);
    add(projects, entry.project(), entry);
    add(people, entry.person(), entry);
    entry.tags().forEach(tag -> add(tags, tag, entry));
    add(days, entry.day(), entry);
  }

  private static void add(Map<Integer, Tally> tallies, int position, Entry entry) {
    tallies.computeIfAbsent(position, key -> new Tally()).add(entry);
  }

  Tally total() {
    return total;
  }

  Map<Kind, Tally> kinds() {
    return kinds;
  }

  /** By position in the directory, as the following ones. */
  Map<Integer, Tally> workspaces() {
    return workspaces;
  }

  Map<Integer, Tally> clients() {
    return clients;
  }

  Map<Integer, Tally> projects() {
    return projects;
  }

  Map<Integer, Tally> people() {
    return people;
  }

  Map<Integer, Tally> tags() {
    return tags;
  }

  /** By days since 1970-01-01, ascending. */
  Map<Integer, Tally> days() {
    return days;
  }
}
