// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** What a used-up quota means for an account, in words. Stateless. */
final class QuotaNotice {
  /** Of a new workspace on the free plan (API.md section 5). */
  private static final long USUAL_PER_HOUR = 30;

  private QuotaNotice() {}

  /** The workspaces whose requests were used up. */
  static Set<String> workspaces(List<StreamResult> results) {
    Set<String> ids = new TreeSet<>();
    for (StreamResult result : results) {
      if (result.cause().equals(Optional.of(ErrorCode.QUOTA))) {
        result.workspaceId().ifPresent(ids::add);
      }
    }
    return ids;
  }

  /**
   * @param forecast requests of each load of the next run; where the tables know nothing yet, fewer
   *     than it takes
   * @param answered requests of a workspace that passed in this run
   * @param plan of the run; a stream that comes in the records of another keeps in that one's table
   *     how far it came
   * @return empty when no quota was used up
   */
  static Optional<String> of(
      List<StreamResult> results,
      CascadePlan plan,
      List<StreamForecast> forecast,
      Map<String, String> names,
      ToLongFunction<String> answered) {
    List<String> notices = new ArrayList<>();
    for (String id : workspaces(results)) {
      long left = 0;
      for (StreamForecast load : forecast) {
        left += load.workspaceId().equals(Optional.of(id)) ? load.requests() : 0;
      }
      long perHour = answered.applyAsLong(id) > 0 ? answered.applyAsLong(id) : USUAL_PER_HOUR;
      notices.add(
          String.format(
              "the requests of workspace '%s' are used up, %d were answered; what is whole is"
                  + " committed, and at least %d more are needed: %d hours at %d per hour. Run"
                  + " the same command every hour: it goes on where the run before it stopped",
              names.getOrDefault(id, id),
              answered.applyAsLong(id),
              left,
              (left + perHour - 1) / perHour,
              perHour));
    }
    if (notices.isEmpty()) {
      return Optional.empty();
    }
    for (StreamDefinition stream : plan.written()) {
      plan.carrier(stream)
          .filter(carrier -> !plan.writes(carrier))
          .ifPresent(
              carrier ->
                  notices.add(
                      String.format(
                          "%s comes in the records of %s, and alone it begins anew every time:"
                              + " select both",
                          stream.name(), carrier.name())));
    }
    return Optional.of(String.join("; ", notices));
  }
}
