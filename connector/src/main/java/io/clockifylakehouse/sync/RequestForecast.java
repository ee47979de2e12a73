// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.stream.ColumnPath;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Paging;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts the requests of a run before it takes place: the slices that the cascade will release, and
 * the pages that each will take if the service has as many rows as are known.
 *
 * <p>What nobody knows before is left out: retries, sizes and parameters that an endpoint refuses,
 * and rows that seem gone and are asked for again. Stateless.
 */
final class RequestForecast {
  /** Slices that are read of a load that was forbidden last, and is again. */
  static final int FORBIDDEN_SLICES = 1;

  private RequestForecast() {}

  /** What is known of the service's rows before the run. */
  interface Inventory {
    /** Rows of a stream in a workspace. */
    long rows(StreamDefinition stream, String workspaceId);

    /** Rows of a stream in a workspace by the id of their innermost ancestor, in a period. */
    Map<String, Long> rowsByScope(StreamDefinition stream, String workspaceId, Period period);

    /** The ids that the rows of a workspace have at the end of a path. */
    Set<String> ids(ColumnPath path, String workspaceId);

    /** How the stream will be read, given the ids of the scopes that have rows. */
    LoadReading reading(StreamDefinition stream, String workspaceId, Set<String> known);

    /** True when a backfill that has not ended has loaded that scope of a stream. */
    boolean isLoaded(StreamDefinition stream, String workspaceId, String scopeId);

    /** True when the run before read the stream, and the next one goes on after it. */
    boolean isCarried(StreamDefinition stream, String workspaceId);

    /** True when the last run was not allowed to read the stream. */
    boolean isForbidden(StreamDefinition stream, String workspaceId);
  }

  /**
   * The forecast of each load that the run will read.
   *
   * @param workspaceIds of the workspaces that it will open
   * @param workspacesByIdOnly true when each of them is read by itself, in place of their list
   */
  static List<StreamForecast> of(
      CascadePlan plan,
      List<String> workspaceIds,
      boolean workspacesByIdOnly,
      Inventory inventory) {
    List<StreamForecast> forecasts = new ArrayList<>();
    for (StreamDefinition stream : plan.read()) {
      if (!stream.inWorkspace()) {
        boolean oneByOne = workspacesByIdOnly && CascadePlan.isWorkspaces(stream);
        long requests = oneByOne ? workspaceIds.size() : requests(stream, 0);
        forecasts.add(new StreamForecast(stream.name(), Optional.empty(), requests));
      }
    }
    for (String workspaceId : workspaceIds) {
      for (StreamDefinition stream : plan.read()) {
        if (stream.inWorkspace()) {
          long requests = requests(plan, stream, workspaceId, inventory);
          forecasts.add(new StreamForecast(stream.name(), Optional.of(workspaceId), requests));
        }
      }
    }
    return forecasts;
  }

  private static long requests(
      CascadePlan plan, StreamDefinition stream, String workspaceId, Inventory inventory) {
    if (stream.endpoint().isEmpty() || inventory.isCarried(stream, workspaceId)) {
      return 0; // inside the records of another, or read already
    }
    boolean noParents =
        plan.sources(stream).stream()
            .filter(source -> source.primary() && source.stream().inWorkspace())
            .anyMatch(source -> inventory.isForbidden(source.stream(), workspaceId));
    if (noParents) {
      return 0;
    }
    long requests =
        stream.scope().size() == 1
            ? requests(stream, inventory.rows(stream, workspaceId))
            : requestsByScope(plan, stream, workspaceId, inventory);
    return inventory.isForbidden(stream, workspaceId)
        ? Math.min(requests, FORBIDDEN_SLICES)
        : requests;
  }

  private static long requestsByScope(
      CascadePlan plan, StreamDefinition stream, String workspaceId, Inventory inventory) {
    Set<String> scopes = new LinkedHashSet<>();
    for (StreamDefinition from : plan.read()) {
      for (CascadePlan.Release release : plan.releases(from)) {
        if (release.child().name().equals(stream.name())) {
          scopes.addAll(inventory.ids(release.ids(), workspaceId));
        }
      }
    }
    Map<String, Long> rows = inventory.rowsByScope(stream, workspaceId, Period.ALWAYS);
    Set<String> known =
        plan.writes(stream) && CascadeScheduler.isFollowed(stream) ? rows.keySet() : Set.of();
    scopes.addAll(known);
    LoadReading reading =
        plan.writes(stream) ? inventory.reading(stream, workspaceId, known) : LoadReading.WHOLE;
    scopes.removeAll(reading.done());
    scopes.removeIf(id -> inventory.isLoaded(stream, workspaceId, id));
    Map<String, Long> recent =
        reading.recentOnly().isEmpty()
            ? new HashMap<>()
            : inventory.rowsByScope(stream, workspaceId, reading.recent());
    long requests = 0;
    for (String scope : scopes) {
      Map<String, Long> read = reading.recentOnly().contains(scope) ? recent : rows;
      requests += requests(stream, read.getOrDefault(scope, 0L));
    }
    return requests;
  }

  /**
   * Requests for one scope: each variant of the endpoint takes at least one page, and nobody knows
   * how the rows fall to the variants, so that all are taken to come in one of them.
   */
  static long requests(StreamDefinition stream, long rows) {
    Endpoint endpoint = stream.endpoint().orElseThrow();
    Paging paging = endpoint.paging();
    // A page that is just full is followed by one more request.
    long pages = paging.style() == Paging.Style.NONE ? 1 : rows / paging.max() + 1;
    return endpoint.variants().size() - 1 + pages;
  }
}
