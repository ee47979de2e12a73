// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names behind ids, each thing at its position. An id that no table knows (a project deleted since,
 * a person whom the key may not see) gets a name that says so, and so does the lack of one: "No
 * project". Filled by one thread.
 */
final class Directory {

  /**
   * @param currency the default one
   */
  record Workspace(String id, String name, String currency) {}

  /**
   * @param currency empty when the client has none of its own
   */
  record Client(int workspace, String id, String name, String currency) {}

  /**
   * @param id empty for the entries of a workspace that have no project; likewise for clients and
   *     tags
   * @param currency of its client, or else of its workspace
   */
  record Project(
      int workspace, int client, String id, String name, boolean archived, String currency) {}

  /** Somebody who may be in several workspaces. */
  record Person(String id, String name) {}

  /** A tag of a workspace. */
  record Tag(int workspace, String id, String name) {}

  private static final String UNKNOWN_CURRENCY = "USD";

  private final Map<String, Integer> positions = new HashMap<>();
  private final List<Workspace> workspaces = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<Project> projects = new ArrayList<>();
  private final List<Person> people = new ArrayList<>();
  private final List<Tag> tags = new ArrayList<>();

  void addWorkspace(String id, String name, String currency) {
    put(
        workspaces,
        "w" + id,
        new Workspace(id, named(name, id), currency.isEmpty() ? UNKNOWN_CURRENCY : currency));
  }

  void addClient(int workspace, String id, String name, String currency) {
    put(
        clients,
        "c" + workspace + id,
        new Client(workspace, id, named(name, "client " + id), currency));
  }

  void addProject(int workspace, String clientId, String id, String name, boolean archived) {
    int client = client(workspace, clientId);
    String currency = clients.get(client).currency();
    put(
        projects,
        "p" + workspace + id,
        new Project(
            workspace,
            client,
            id,
            named(name, "project " + id),
            archived,
            currency.isEmpty() ? workspaces.get(workspace).currency() : currency));
  }

  void addPerson(String id, String name, String email) {
    if (!positions.containsKey("u" + id)) {
      put(people, "u" + id, new Person(id, named(name, named(email, "person " + id))));
    }
  }

  void addTag(int workspace, String id, String name) {
    put(tags, "t" + workspace + id, new Tag(workspace, id, named(name, "tag " + id)));
  }

  int workspace(String id) {
    if (!positions.containsKey("w" + id)) {
      addWorkspace(id, "", "");
    }
    return positions.get("w" + id);
  }

  /**
   * @param id null or empty for none
   */
  int client(int workspace, String id) {
    String known = id == null ? "" : id;
    if (!positions.containsKey("c" + workspace + known)) {
      addClient(workspace, known, known.isEmpty() ? "No client" : "Unknown client " + known, "");
    }
    return positions.get("c" + workspace + known);
  }

  /**
   * @param id null or empty for none
   */
  int project(int workspace, String id) {
    String known = id == null ? "" : id;
    if (!positions.containsKey("p" + workspace + known)) {
      String name = known.isEmpty() ? "No project" : "Unknown project " + known;
      addProject(workspace, "", known, name, false);
    }
    return positions.get("p" + workspace + known);
  }

  int person(String id) {
    if (!positions.containsKey("u" + id)) {
      addPerson(id, "Unknown person " + id, "");
    }
    return positions.get("u" + id);
  }

  /**
   * @param id null or empty for none
   */
  int tag(int workspace, String id) {
    String known = id == null ? "" : id;
    if (!positions.containsKey("t" + workspace + known)) {
      addTag(workspace, known, known.isEmpty() ? "No tag" : "Unknown tag " + known);
    }
    return positions.get("t" + workspace + known);
  }

  List<Workspace> workspaces() {
    return Collections.unmodifiableList(workspaces);
  }

  List<Client> clients() {
    return Collections.unmodifiableList(clients);
  }

  List<Project> projects() {
    return Collections.unmodifiableList(projects);
  }

  List<Person> people() {
    return Collections.unmodifiableList(people);
  }

  List<Tag> tags() {
    return Collections.unmodifiableList(tags);
  }

  private <T> void put(List<T> list, String key, T item) {
    positions.put(key, list.size());
    list.add(item);
  }

  private static String named(String name, String otherwise) {
    return name == null || name.isBlank() ? otherwise : name;
  }
}
