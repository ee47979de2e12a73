// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a workspace is subscribed to, as it says itself: enough to guess why a stream is forbidden,
 * not enough to decide it (API.md section 8). Immutable.
 *
 * @param subscription its {@code featureSubscriptionType}, such as {@code PRO_2021}; empty when not
 *     known
 * @param features tokens of what is switched on
 */
public record WorkspacePlan(Optional<String> subscription, Set<String> features) {
  /** Nothing is known. */
  public static final WorkspacePlan UNKNOWN = new WorkspacePlan(Optional.empty(), Set.of());

  private static final String SUBSCRIPTION = "feature_subscription_type";
  private static final String FEATURES = "features";

  public WorkspacePlan {
    features = Set.copyOf(features);
  }

  /** Reads it out of a row of the stream of workspaces. */
  public static WorkspacePlan of(StreamDefinition workspaces, Row row) {
    Set<String> features = new TreeSet<>();
    if (value(workspaces, row, FEATURES) instanceof List<?> tokens) {
      tokens.stream().filter(String.class::isInstance).forEach(t -> features.add((String) t));
    }
    return new WorkspacePlan(
        Optional.ofNullable(value(workspaces, row, SUBSCRIPTION))
            .filter(String.class::isInstance)
            .map(String.class::cast),
        features);
  }

  private static Object value(StreamDefinition workspaces, Row row, String column) {
    int position = workspaces.position(column);
    return position < 0 ? null : row.get(position);
  }

  /** Why a stream of the workspace is likely to be forbidden, and the way out. */
  public String likelyReason(StreamDefinition stream) {
    String leaveOut = "leave it out with sync.streams: [\"-" + stream.name() + "\"]";
    if (subscription.isEmpty() && features.isEmpty()) {
      return "the plan of this workspace is not known; " + leaveOut + " if that is to stay so";
    }
    String plan = subscription.map(s -> "plan (" + s + ")").orElse("plan");
    boolean included =
        stream.plan().equals("FREE") || stream.feature().map(features::contains).orElse(false);
    return included
        ? "likely the role: the workspace's %s includes it; use an owner's or admin's key, or %s"
            .formatted(plan, leaveOut)
        : "likely the plan: the workspace's %s lacks it, it needs %s or higher; %s"
            .formatted(plan, stream.plan(), leaveOut);
  }
}
