// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A workspace while it is generated: its shape, where the records go, and one source of chance per
 * family of records, so that a different number of one kind leaves the other families as they are.
 *
 * <p>For one thread.
 *
 * @param people the members' records, the key's owner first
 * @param former people who left; their entries stay
 */
record Draft(
    WorkspaceShape shape,
    Workspace workspace,
    IdSequence ids,
    Instant today,
    long seed,
    String currency,
    List<ObjectNode> people,
    List<ObjectNode> former) {

  SplittableRandom random(String family) {
    return new SplittableRandom(seed ^ family.hashCode() * 0x9E3779B97F4A7C15L);
  }

  /** An id of a record that was created so many days before today. */
  String idFromDaysAgo(long days) {
    return ids.next(daysAgo(days));
  }

  Instant daysAgo(long days) {
    return today.minus(Duration.ofDays(days));
  }

  int size(String stream) {
    return shape.size(stream);
  }

  ObjectNode person(int index) {
    return people.get(index % people.size());
  }

  /** A new record of the workspace, its id and workspace set. */
  ObjectNode record(long createdDaysAgo) {
    return Json.object().put("id", idFromDaysAgo(createdDaysAgo)).put("workspaceId", workspaceId());
  }

  String workspaceId() {
    return workspace.id();
  }

  List<ObjectNode> all(String kind) {
    return List.copyOf(workspace.store(kind).all());
  }

  void add(String kind, ObjectNode record) {
    workspace.store(kind).adopt(record);
  }
}
