// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the next sync will cost.
 *
 * @param streams every stream that it reads, those read for their ids only too
 * @param spent requests that the forecast itself took
 * @param unsynced streams that have no rows to count in some workspace, because no sync of them has
 *     ended there: of these the number of parents was read from the service, and each is taken to
 *     need one page
 * @param workspaceNames names of the workspaces by id
 */
public record Forecast(
    List<StreamForecast> streams,
    long spent,
    Set<String> unsynced,
    Map<String, String> workspaceNames) {

  /** Requests of all streams. */
  public long requests() {
    return streams.stream().mapToLong(StreamForecast::requests).sum();
  }
}
